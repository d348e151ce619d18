//! What sells these days, counted as events come: older ones weigh less, by half a day.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rustc_hash::FxHashMap;

use sampan_analyzers::memory::{map_bytes, vec_bytes};

use crate::{
    base::{Ordinal, clock::DAY_SECONDS},
    recommend::{neighbours::strongest, trend::HALF_LIFE_DAYS},
};

/// Items of a region that are told: what sells less is no trend.
const TOLD_MAX: usize = 1_000;
/// Half-lives after which an event weighs nothing.
const FORGOTTEN_AFTER: f64 = 12.0;
/// Half-lives between the moment that weights are counted from and an event, above which all are counted anew.
const AHEAD_MAX: f64 = 64.0;
/// How often what is counted is told.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// Weights of one region as shares of the greatest.
#[derive(Debug, Default)]
pub struct RegionTrend {
    weights: FxHashMap<Ordinal, f32>,
    order: Vec<Ordinal>,
}

impl RegionTrend {
    /// 0 to 1.
    pub fn of(&self, ordinal: Ordinal) -> f32 {
        self.weights.get(&ordinal).copied().unwrap_or(0.0)
    }

    /// What sells most, most first.
    pub fn order(&self) -> &[Ordinal] {
        &self.order
    }
}

/// By region code.
#[derive(Debug, Default)]
pub struct Trends(FxHashMap<Box<str>, RegionTrend>);

impl Trends {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        let regions = self.0.values();
        regions
            .map(|trend| map_bytes(&trend.weights) + vec_bytes(&trend.order))
            .sum()
    }

    /// A region's; `None` when nothing sold there lately.
    pub fn of(&self, region: &str) -> Option<&RegionTrend> {
        self.0.get(region)
    }
}

/// Counts of one region: 2^(half-lives after `since`) an event of strength 1.
#[derive(Debug, Default)]
struct Counts {
    since: i64,
    weights: FxHashMap<Ordinal, f64>,
}

impl Counts {
    fn add(&mut self, ordinal: Ordinal, seconds: i64, strength: f32) {
        if self.weights.is_empty() {
            self.since = seconds;
        }
        if half_lives(self.since, seconds) > AHEAD_MAX {
            self.count_from(seconds);
        }
        let ahead = half_lives(self.since, seconds);
        if ahead > -AHEAD_MAX {
            *self.weights.entry(ordinal).or_default() += f64::from(strength) * ahead.exp2();
        }
    }

    /// Takes back what was added of an event; a remainder that is but rounding goes too.
    fn take_back(&mut self, ordinal: Ordinal, seconds: i64, strength: f32) {
        let Some(weight) = self.weights.get_mut(&ordinal) else {
            return;
        };
        let added = f64::from(strength) * half_lives(self.since, seconds).exp2();
        *weight -= added;
        if *weight <= added * 1e-9 {
            self.weights.remove(&ordinal);
        }
    }

    /// Forward decay (Cormode et al., ICDE 2009) from a later moment; what weighs nothing any more goes.
    fn count_from(&mut self, seconds: i64) {
        let share = (-half_lives(self.since, seconds)).exp2();
        let least = (-FORGOTTEN_AFTER).exp2();
        self.weights.retain(|_, weight| {
            *weight *= share;
            *weight >= least
        });
        self.since = seconds;
    }

    fn told(&self) -> RegionTrend {
        let most = self.weights.values().copied().fold(0.0, f64::max);
        let shares = self.weights.iter();
        let shares = shares.map(|(ordinal, weight)| (*ordinal, (weight / most) as f32));
        let best = strongest(shares.collect(), TOLD_MAX);
        RegionTrend {
            order: best.iter().map(|(ordinal, _)| *ordinal).collect(),
            weights: best.into_iter().collect(),
        }
    }
}

fn half_lives(from: i64, to: i64) -> f64 {
    (to - from) as f64 / DAY_SECONDS as f64 / f64::from(HALF_LIFE_DAYS)
}

/// Counts events of all regions. Owned by the indexer.
#[derive(Default)]
pub struct TrendCounter {
    regions: FxHashMap<Box<str>, Counts>,
    told: Arc<Trends>,
    told_at: Option<Instant>,
    is_stale: bool,
}

impl TrendCounter {
    /// Bytes of the counts that trends are made of.
    pub fn heap_bytes(&self) -> u64 {
        self.regions
            .values()
            .map(|counts| map_bytes(&counts.weights))
            .sum()
    }

    /// Takes an event in that says something of taste.
    pub fn add(&mut self, region: &str, ordinal: Ordinal, seconds: i64, strength: f32) {
        if !self.regions.contains_key(region) {
            self.regions.insert(region.into(), Counts::default());
        }
        if let Some(counts) = self.regions.get_mut(region) {
            counts.add(ordinal, seconds, strength);
            self.is_stale = true;
        }
    }

    /// Takes an erased event back.
    pub fn take_back(&mut self, region: &str, ordinal: Ordinal, seconds: i64, strength: f32) {
        if let Some(counts) = self.regions.get_mut(region) {
            counts.take_back(ordinal, seconds, strength);
            self.is_stale = true;
        }
    }

    /// Whether there is something new to tell, and it is time.
    pub fn is_due(&self) -> bool {
        self.is_stale && self.told_at.is_none_or(|at| at.elapsed() >= TOLD_EVERY)
    }

    /// What sells these days; a little behind the events.
    pub fn trends(&mut self) -> Arc<Trends> {
        if self.is_due() {
            self.is_stale = false;
            self.told_at = Some(Instant::now());
            let told = self.regions.iter();
            let told = told.map(|(region, counts)| (region.clone(), counts.told()));
            self.told = Arc::new(Trends(told.collect()));
        }
        self.told.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_was_never_there() {
        let mut counter = TrendCounter::default();
        counter.add("hk", 1, 0, 1.0);
        counter.add("hk", 2, DAY_SECONDS / 3, 5.0);
        counter.add("hk", 2, DAY_SECONDS, 1.5);
        counter.take_back("hk", 2, DAY_SECONDS / 3, 5.0);
        counter.take_back("hk", 1, 0, 1.0);
        counter.take_back("tw", 1, 0, 1.0);
        assert_eq!(counter.trends().of("hk").unwrap().order(), [2]);
    }

    #[test]
    fn later_sales_weigh_more_and_old_ones_are_forgotten() {
        let mut counter = TrendCounter::default();
        counter.add("hk", 1, 0, 1.0);
        counter.add("hk", 2, DAY_SECONDS, 1.0);
        counter.add("tw", 3, 0, 1.0);
        let trends = counter.trends();
        let hk = trends.of("hk").unwrap();
        assert_eq!((hk.order(), hk.of(1), hk.of(2)), (&[2, 1][..], 0.5, 1.0));
        assert_eq!(hk.of(3), 0.0);
        assert!(trends.of("sg").is_none() && !counter.is_due());
        counter.add("hk", 4, 100 * DAY_SECONDS, 0.2);
        counter.told_at = None;
        assert_eq!(counter.trends().of("hk").unwrap().order(), [4]);
        counter.add("hk", 5, 0, 5.0);
        counter.told_at = None;
        assert_eq!(
            counter.trends().of("hk").unwrap().order(),
            [4],
            "it is too old"
        );
    }
}
