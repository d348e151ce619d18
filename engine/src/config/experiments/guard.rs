//! When an experiment is stopped: an arm does so much worse than the first one that chance hardly explains it.

use sampan_proto::v1::EventKind;

/// Standard errors by which an arm must be worse: 1 in 200 arms that are equal gets there by chance at one look. Looks
/// are many, so a guard also asks for a worse rate by a stated share, and for impressions.
const STANDARD_ERRORS: f64 = 2.576;

/// What happened to the cards shown in an arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ArmCounts {
    pub impressions: u64,
    pub clicks: u64,
    pub carts: u64,
    pub orders: u64,
    pub dislikes: u64,
}

impl ArmCounts {
    /// Counts an event; `by`: 1, or −1 for one that is erased.
    pub fn add(&mut self, kind: EventKind, by: i64) {
        let counted = match kind {
            EventKind::Impression => &mut self.impressions,
            EventKind::Click => &mut self.clicks,
            EventKind::Cart => &mut self.carts,
            EventKind::Order => &mut self.orders,
            EventKind::Dislike => &mut self.dislikes,
            EventKind::Detail | EventKind::Unspecified => return,
        };
        *counted = counted.saturating_add_signed(by);
    }
}

/// Events for each impression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    ClickRate,
    CartRate,
    OrderRate,
    DislikeRate,
}

impl Metric {
    fn name(self) -> &'static str {
        match self {
            Self::ClickRate => "click_rate",
            Self::CartRate => "cart_rate",
            Self::OrderRate => "order_rate",
            Self::DislikeRate => "dislike_rate",
        }
    }

    fn events(self, counts: &ArmCounts) -> u64 {
        match self {
            Self::ClickRate => counts.clicks,
            Self::CartRate => counts.carts,
            Self::OrderRate => counts.orders,
            Self::DislikeRate => counts.dislikes,
        }
    }
}

/// A bound on how much worse an arm may do.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    pub metric: Metric,
    /// Share of the first arm's rate, 0 to 1, by which an arm's may be worse.
    pub worse_by: f64,
    /// Impressions that both arms must have before it judges.
    #[serde(default = "impressions_default")]
    pub impressions: u64,
}

/// A rate of one in a hundred then has a standard error of a tenth of itself.
fn impressions_default() -> u64 {
    10_000
}

impl Guard {
    /// What is wrong with the arm, when something is.
    pub fn breached_by(&self, control: &ArmCounts, arm: &ArmCounts) -> Option<String> {
        if control.impressions.min(arm.impressions) < self.impressions.max(1) {
            return None;
        }
        let (of_control, of_arm) = (control.impressions as f64, arm.impressions as f64);
        let events = (self.metric.events(control), self.metric.events(arm));
        let rates = (events.0 as f64 / of_control, events.1 as f64 / of_arm);
        // Two proportions, pooled.
        let pooled = (events.0 + events.1) as f64 / (of_control + of_arm);
        let variance = pooled * (1.0 - pooled).max(0.0) * (1.0 / of_control + 1.0 / of_arm);
        let (worse, bound) = match self.metric {
            Metric::DislikeRate => (rates.1 - rates.0, rates.1 > rates.0 * (1.0 + self.worse_by)),
            _ => (rates.0 - rates.1, rates.1 < rates.0 * (1.0 - self.worse_by)),
        };
        (bound && worse > STANDARD_ERRORS * variance.sqrt()).then(|| {
            format!(
                "{} is {:.5}, that of the first arm {:.5} (impressions: {} and {})",
                self.metric.name(),
                rates.1,
                rates.0,
                arm.impressions,
                control.impressions
            )
        })
    }
}
