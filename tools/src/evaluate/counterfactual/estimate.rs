//! An estimate and its interval, from what each observation moved it by.

use serde::Serialize;

/// Half a 95 % interval, in standard errors.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// The ways to estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    Ips,
    Snips,
    ClippedIps,
    Direct,
    DoublyRobust,
    ItemPosition,
    Cascade,
    WholeList,
    PseudoInverse,
}

impl Estimator {
    /// Every estimator, as tables order them.
    pub const ALL: [Self; 9] = [
        Self::Ips,
        Self::Snips,
        Self::ClippedIps,
        Self::Direct,
        Self::DoublyRobust,
        Self::ItemPosition,
        Self::Cascade,
        Self::WholeList,
        Self::PseudoInverse,
    ];

    /// As tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ips => "IPS",
            Self::Snips => "SNIPS",
            Self::ClippedIps => "clipped IPS",
            Self::Direct => "direct",
            Self::DoublyRobust => "doubly robust",
            Self::ItemPosition => "item-position",
            Self::Cascade => "cascade",
            Self::WholeList => "whole list",
            Self::PseudoInverse => "pseudo-inverse",
        }
    }

    /// What is earned by a whole list; else by an impression.
    pub fn is_of_lists(self) -> bool {
        matches!(
            self,
            Self::ItemPosition | Self::Cascade | Self::WholeList | Self::PseudoInverse
        )
    }

    /// What must be true for the interval to hold the truth as often as it says, beyond right propensities.
    pub fn assumes(self) -> &'static str {
        match self {
            Self::Ips | Self::Snips | Self::DoublyRobust | Self::ItemPosition => {
                "an item earns by its own place, not by the others on the list"
            }
            Self::ClippedIps => "the same, and little is clipped away",
            Self::Direct => "the same, and the contexts hold all that the log's ranking went by",
            Self::Cascade => "an item earns by itself and those above it",
            Self::WholeList => "nothing more",
            Self::PseudoInverse => "items add up; places are drawn independently",
        }
    }
}

/// What the plan would earn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    pub estimator: Estimator,
    /// Reward of an impression, or of a list.
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Plan − log, both of the same impressions.
    pub effect: f64,
    pub effect_low: f64,
    pub effect_high: f64,
    /// Largest weight that was let be; none when none is clipped by design.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clipped_at: Option<f64>,
}

/// An estimate before its interval is known: a mean of terms, each with the observation's share of its error.
#[derive(Debug, Default, Clone)]
pub struct Linear {
    pub value: f64,
    /// By observation, in their order; they add up to 0 but for rounding. The estimate's error is about their mean.
    pub influence: Vec<f64>,
}

impl Linear {
    /// The plain mean.
    pub fn mean(terms: Vec<f64>) -> Self {
        let value = terms.iter().sum::<f64>() / terms.len() as f64;
        let influence = terms.into_iter().map(|term| term - value).collect();
        Self { value, influence }
    }

    /// The weighted mean, its weights brought to a sum of 1; 0 when nothing has weight.
    pub fn weighted_mean(terms: impl Iterator<Item = (f64, f64)> + Clone) -> Self {
        let (mut weights, mut sum, mut count) = (0.0, 0.0, 0.0);
        for (weight, term) in terms.clone() {
            weights += weight;
            sum += weight * term;
            count += 1.0;
        }
        if weights <= 0.0 {
            let influence = terms.map(|_| 0.0).collect();
            return Self {
                value: 0.0,
                influence,
            };
        }
        let value = sum / weights;
        let share = |(weight, term): (f64, f64)| weight * (term - value) * count / weights;
        Self {
            value,
            influence: terms.map(share).collect(),
        }
    }

    /// Standard error, observations of one unit taken together. `units`: each observation's, below `count`.
    pub fn standard_error(&self, units: &[u32], count: usize) -> f64 {
        let mut sums = vec![0.0; count];
        for (unit, influence) in units.iter().zip(&self.influence) {
            sums[*unit as usize] += influence;
        }
        let squares: f64 = sums.iter().map(|sum| sum * sum).sum();
        let freedom = count as f64 / (count.max(2) - 1) as f64;
        (squares * freedom).sqrt() / self.influence.len() as f64
    }

    /// The difference from another estimate of the same observations.
    pub fn minus(&self, other: &Self) -> Self {
        let pairs = self.influence.iter().zip(&other.influence);
        Self {
            value: self.value - other.value,
            influence: pairs.map(|(one, other)| one - other).collect(),
        }
    }

    /// With 95 % intervals, beside what the log earned.
    pub fn estimate(
        self,
        estimator: Estimator,
        logged: &Self,
        units: &[u32],
        count: usize,
    ) -> Estimate {
        let half = Z_95 * self.standard_error(units, count);
        let effect = self.minus(logged);
        let effect_half = Z_95 * effect.standard_error(units, count);
        Estimate {
            estimator,
            value: self.value,
            low: self.value - half,
            high: self.value + half,
            effect: effect.value,
            effect_low: effect.value - effect_half,
            effect_high: effect.value + effect_half,
            clipped_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_error_of_a_mean_is_the_textbook_one_and_units_are_taken_together() {
        let mean = Linear::mean(vec![1.0, 2.0, 3.0, 6.0]);
        // Variance of the sample 14/3, of the mean a fourth of it.
        let expected = (14.0f64 / 3.0 / 4.0).sqrt();
        assert!((mean.standard_error(&[0, 1, 2, 3], 4) - expected).abs() < 1e-12);
        // The same answer twice a unit says no more than once.
        let twice = Linear::mean(vec![1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 6.0, 6.0]);
        let clustered = twice.standard_error(&[0, 0, 1, 1, 2, 2, 3, 3], 4);
        assert!((clustered - expected).abs() < 1e-12, "{clustered}");
    }

    #[test]
    fn a_weighted_mean_of_no_weight_is_nothing() {
        let nothing = Linear::weighted_mean([(0.0, 5.0), (0.0, 7.0)].into_iter());
        assert_eq!((nothing.value, nothing.influence), (0.0, vec![0.0, 0.0]));
        let some = Linear::weighted_mean([(1.0, 5.0), (3.0, 9.0)].into_iter());
        assert_eq!(some.value, 8.0);
        assert!(some.influence.iter().sum::<f64>().abs() < 1e-12);
    }
}
