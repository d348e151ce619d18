//! Whether the rates that ranking goes by are kept: of the impressions at which an item's click rate was estimated at about
//! 5 %, were about 5 % clicked? (Reliability; Murphy and Winkler 1977.)
//!
//! Each estimate is made as ranking makes it, of the events that came before the impression, and then compared with what
//! followed (prequential; Dawid 1984). A click, cart or order belongs to the latest impression of the item to its shopper, if
//! that is no longer ago than the wait; it counts once an impression.

use rustc_hash::FxHashMap;
use sampan_proto::v1::{self, EventKind};

use super::{
    Goods, Rates, RegionResponse,
    response::Responses,
    shopper::{ShopperKey, keys},
};
use crate::base::Ordinal;

/// Least estimate of each bin, four of them for ten times the rate; the first begins at 0.
const BINS_FROM: [f64; 12] = [
    0.001, 0.00178, 0.00316, 0.00562, 0.01, 0.0178, 0.0316, 0.0562, 0.1, 0.178, 0.316, 0.562,
];
/// Number of bins.
const BINS: usize = BINS_FROM.len() + 1;
/// What is estimated, in the order of [`answers`].
const RATES: [&str; 3] = ["click_rate", "cart_rate", "order_rate"];

/// Impressions whose estimates were about the same.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// Least estimate.
    pub from: f64,
    pub impressions: u64,
    /// Answers that were estimated, and those that came.
    pub predicted: f64,
    pub observed: u64,
    /// Variance of the answers, were the estimates right.
    variance: f64,
}

/// How well one rate was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Reliability {
    /// Name of the ranking signal.
    pub rate: &'static str,
    pub bins: [Bin; BINS],
}

impl Reliability {
    fn of(rate: &'static str) -> Self {
        let mut bins = [Bin::default(); BINS];
        for (bin, from) in bins[1..].iter_mut().zip(BINS_FROM) {
            bin.from = from;
        }
        Self { rate, bins }
    }

    /// Impressions.
    pub fn impressions(&self) -> u64 {
        self.bins.iter().map(|bin| bin.impressions).sum()
    }

    /// Answers that were estimated, and those that came, each by impression, 0 to 1; 0 without impressions.
    pub fn means(&self) -> (f64, f64) {
        let predicted = self.bins.iter().map(|bin| bin.predicted).sum();
        let observed = self.bins.iter().map(|bin| bin.observed as f64).sum();
        (self.mean(predicted), self.mean(observed))
    }

    /// How far estimates are from what came, by impression, 0 to 1 (expected calibration error).
    pub fn error(&self) -> f64 {
        let off = self.bins.iter();
        self.mean(
            off.map(|bin| (bin.predicted - bin.observed as f64).abs())
                .sum(),
        )
    }

    /// The error that chance would make were all estimates right.
    pub fn error_by_chance(&self) -> f64 {
        // The mean distance of a normal variable from its middle.
        let distance = |bin: &Bin| (bin.variance * std::f64::consts::FRAC_2_PI).sqrt();
        self.mean(self.bins.iter().map(distance).sum())
    }

    fn mean(&self, sum: f64) -> f64 {
        match self.impressions() {
            0 => 0.0,
            impressions => sum / impressions as f64,
        }
    }
}

/// What is compared.
#[derive(Debug, Clone)]
pub struct Scope {
    pub region: String,
    /// Impressions from this moment on and before that one, seconds since 1970.
    pub since: i64,
    pub until: i64,
    /// Seconds after an impression within which an answer belongs to it.
    pub wait: i64,
}

/// An impression that may be answered.
struct Shown {
    seconds: i64,
    /// Place of its bin, of each rate.
    bins: [u8; RATES.len()],
    answered: [bool; RATES.len()],
}

/// Takes the events of a log, in their order.
pub struct RateTrial {
    scope: Scope,
    responses: Responses,
    shown: Vec<Shown>,
    /// The latest impression of an item to a shopper, of those that count.
    latest: FxHashMap<(ShopperKey, Ordinal), usize>,
    found: [Reliability; RATES.len()],
}

impl RateTrial {
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            responses: Responses::default(),
            shown: Vec::new(),
            latest: FxHashMap::default(),
            found: RATES.map(Reliability::of),
        }
    }

    /// Whether an event is an impression in scope.
    pub fn compares(&self, event: &v1::Event) -> bool {
        let seconds = event.time.map_or(0, |time| time.seconds);
        let Scope { since, until, .. } = self.scope;
        event.kind() == EventKind::Impression
            && event.region == self.scope.region
            && (since..until).contains(&seconds)
    }

    /// Takes an event. `counts`: whether its impression is to be compared, when it is one and in scope; what is known of rates
    /// comes from all events.
    pub fn take(&mut self, event: &v1::Event, goods: Goods<'_>, counts: bool) {
        if event.region != self.scope.region {
            return;
        }
        let seconds = event.time.map_or(0, |time| time.seconds);
        let keys = keys(&event.user_id, &event.session_id);
        let keys = keys.iter().map(|key| (ShopperKey::of(key), goods.ordinal));
        let keys: Vec<_> = keys.collect();
        match answers(event.kind()) {
            None if event.kind() == EventKind::Impression => {
                let compares = counts && self.compares(event);
                let place = compares.then(|| self.estimate(seconds, goods));
                for key in keys {
                    // What follows belongs to this one, even when it does not count.
                    match place {
                        Some(place) => self.latest.insert(key, place),
                        None => self.latest.remove(&key),
                    };
                }
            }
            None => {}
            Some(rate) => {
                let mut places = keys.iter().filter_map(|key| self.latest.get(key));
                if let Some(place) = places.next() {
                    self.answer(*place, rate, seconds);
                }
            }
        }
        self.responses.count(event, goods, 1.0);
    }

    /// Estimates the rates of an impression; gives its place.
    fn estimate(&mut self, seconds: i64, goods: Goods<'_>) -> usize {
        let response = RegionResponse::new(&self.responses, &self.scope.region, seconds);
        let Rates { click, cart, order } = response.rates(goods);
        let rates = [click, cart, order];
        let bins = rates.map(|rate| BINS_FROM.partition_point(|from| *from <= rate));
        for ((found, rate), bin) in self.found.iter_mut().zip(rates).zip(bins) {
            let bin = &mut found.bins[bin];
            bin.impressions += 1;
            bin.predicted += rate;
            bin.variance += rate * (1.0 - rate);
        }
        self.shown.push(Shown {
            seconds,
            bins: bins.map(|bin| bin as u8),
            answered: [false; RATES.len()],
        });
        self.shown.len() - 1
    }

    fn answer(&mut self, place: usize, rate: usize, seconds: i64) {
        let shown = &mut self.shown[place];
        let is_within = (0..=self.scope.wait).contains(&(seconds - shown.seconds));
        if is_within && !std::mem::replace(&mut shown.answered[rate], true) {
            self.found[rate].bins[usize::from(shown.bins[rate])].observed += 1;
        }
    }

    /// How well the rates of clicks, carts and orders were kept.
    pub fn finish(self) -> [Reliability; RATES.len()] {
        self.found
    }
}

/// The place among [`RATES`] of the rate that such an event is an answer for.
fn answers(kind: EventKind) -> Option<usize> {
    let kinds = [EventKind::Click, EventKind::Cart, EventKind::Order];
    kinds.iter().position(|known| *known == kind)
}

#[cfg(test)]
mod tests;
