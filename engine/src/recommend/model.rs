//! All models together: candidates of a shopper, with what speaks for each, and their order.

use rustc_hash::{FxHashMap, FxHashSet};

use sampan_analyzers::memory::vec_bytes;

use super::{
    ItemIndex, Neighbours, Visit,
    calibration::{Calibration, shares},
    factors::{Factors, dot},
    history::recent_items,
    neighbours::strongest,
    repeat::{Again, RepeatHabits},
    source::{SOURCES, Source},
};

/// Visits that item-to-item sources start from.
const SEED_VISITS_MAX: usize = 20;
/// Visits that a shopper's vector is made from.
const VECTOR_VISITS_MAX: usize = 100;
/// Candidates of each personal source.
const PERSONAL_MAX: usize = 200;
/// Candidates of what sells to all.
const GLOBAL_MAX: usize = 50;
/// An item that this many events speak for is half as fresh as one without any.
pub const FRESH_EVENTS: f32 = 3.0;

/// What training made.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedModel {
    pub co_occurrence: Neighbours,
    pub swing: Neighbours,
    pub factors: Factors,
    /// Sum of strengths of each item.
    pub events: Vec<f32>,
    /// Items by events, most first.
    pub popular: Vec<ItemIndex>,
    pub habits: RepeatHabits,
    /// Whether what a shopper took before may be shown again.
    pub repeats: bool,
    /// In the order of [`Source::ALL`].
    pub weights: [f32; SOURCES],
    pub calibration: Calibration,
}

/// A shopper at one time.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// Visits before, oldest first.
    pub history: &'a [Visit],
    /// Seconds since 1970, when they are known.
    pub now: Option<i64>,
    /// What sells these days, by item, 0 to 1; empty when unknown.
    pub trend: &'a [f32],
}

/// Items that may be shown, with their features.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// Ascending.
    pub items: Vec<ItemIndex>,
    pub features: Vec<[f32; SOURCES]>,
}

impl FeedModel {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        self.co_occurrence.heap_bytes()
            + self.swing.heap_bytes()
            + self.factors.heap_bytes()
            + vec_bytes(&self.events)
            + vec_bytes(&self.popular)
            + vec_bytes(&self.habits.rates)
            + vec_bytes(&self.habits.interval_days)
    }

    /// Number of items.
    pub fn items(&self) -> usize {
        self.events.len()
    }

    /// What any source brings for a shopper, with what all sources say of it.
    pub fn candidates(&self, occasion: &Occasion<'_>) -> Candidates {
        let heard = self.ask(occasion);
        let items = self.gather(&heard, occasion);
        let features = items
            .iter()
            .map(|item| self.features(*item, occasion.trend, &heard));
        let mut features: Vec<_> = features.collect();
        scale(&mut features);
        Candidates { items, features }
    }

    /// Asks each source about the shopper.
    pub fn ask(&self, occasion: &Occasion<'_>) -> Heard {
        let seeds = || recent_items(occasion.history, SEED_VISITS_MAX, 1.0, 0.5);
        let recent = recent_items(occasion.history, VECTOR_VISITS_MAX, 0.5, 0.0);
        let recent: Vec<_> = recent.collect();
        Heard {
            together: self.co_occurrence.scores(seeds()),
            swing: self.swing.scores(seeds()),
            shopper: (!recent.is_empty()).then(|| self.factors.fold_in(&recent)),
            again: if self.repeats {
                self.habits.again(occasion.history, occasion.now)
            } else {
                FxHashMap::default()
            },
        }
    }

    /// The best of each source, ascending.
    fn gather(&self, heard: &Heard, occasion: &Occasion<'_>) -> Vec<ItemIndex> {
        let mut items: Vec<ItemIndex> = heard.again.keys().copied().collect();
        items.extend(best(&heard.together, PERSONAL_MAX));
        items.extend(best(&heard.swing, PERSONAL_MAX));
        if let Some(shopper) = &heard.shopper {
            items.extend(self.factors.nearest(shopper, PERSONAL_MAX));
        }
        items.extend(self.popular.iter().take(GLOBAL_MAX));
        items.extend(trending(occasion.trend));
        items.sort_unstable();
        items.dedup();
        if !self.repeats {
            let taken = occasion.history.iter().flat_map(|visit| &visit.taken);
            let known: FxHashSet<ItemIndex> = taken.map(|taken| taken.item).collect();
            items.retain(|item| !known.contains(item));
        }
        items
    }

    fn features(&self, item: ItemIndex, trend: &[f32], heard: &Heard) -> [f32; SOURCES] {
        let wanted = heard.shopper.as_ref();
        let wanted = wanted.map_or(0.0, |shopper| self.factors.score(shopper, item));
        let trend = trend.get(item as usize).copied().unwrap_or(0.0);
        self.features_of(Some(item), wanted, trend, heard)
    }

    /// What all sources say of an item, not scaled yet; of one that is not in the tables what its vector says. `wanted` is
    /// the product of that vector with the shopper's, `trend` what sells these days, 0 to 1.
    pub fn features_of(
        &self,
        item: Option<ItemIndex>,
        wanted: f32,
        trend: f32,
        heard: &Heard,
    ) -> [f32; SOURCES] {
        let most = self.popular.first();
        let most = most.map_or(0.0, |item| self.events[*item as usize]);
        let events = item.map_or(0.0, |item| self.events[item as usize]);
        let fresh = FRESH_EVENTS / (FRESH_EVENTS + events);
        let wanted = wanted.max(0.0);
        let of = |scores| item.map_or(0.0, |item| score_of(scores, item));
        let again = item.and_then(|item| heard.again.get(&item).copied());
        let again = again.unwrap_or_default();
        Source::ALL.map(|source| match source {
            Source::CoOccurrence => of(&heard.together),
            Source::Swing => of(&heard.swing),
            Source::Factors => wanted,
            Source::SparseFactors => wanted * fresh,
            Source::Fresh => fresh,
            Source::Popular => events.ln_1p() / most.ln_1p().max(1.0),
            Source::Trend => trend,
            Source::Frequency => again.frequency,
            Source::Recency => again.recency,
            Source::Rate => again.rate,
            Source::Due => again.due,
        })
    }

    /// The log-odds of scaled features: two candidates are chosen as exp of their difference to one.
    pub fn score(&self, features: &[f32; SOURCES]) -> f32 {
        dot(features, &self.weights)
    }

    /// How likely each of a shopper's candidates is to be chosen when one of them is: their shares of the sum of exp(score),
    /// calibrated. They add up to about 1.
    pub fn probabilities(&self, scores: &[f32]) -> Vec<f32> {
        let shares = shares(scores).map(|share| self.calibration.of(share) as f32);
        shares.collect()
    }

    /// Candidates by the weights, best first; of equals the first items.
    pub fn rank(&self, candidates: &Candidates, count: usize) -> Vec<ItemIndex> {
        let rows = candidates.items.iter().zip(&candidates.features);
        let scores = rows.map(|(item, row)| (*item, self.score(row)));
        let best = strongest(scores.collect(), count);
        best.into_iter().map(|(item, _)| item).collect()
    }
}

/// What the sources say of a shopper.
#[derive(Debug, Default)]
pub struct Heard {
    pub together: FxHashMap<ItemIndex, f32>,
    pub swing: FxHashMap<ItemIndex, f32>,
    /// The shopper's vector, when the history has anything.
    pub shopper: Option<Vec<f32>>,
    pub again: FxHashMap<ItemIndex, Again>,
}

/// Items by events, most first; of equals the first.
pub fn by_events(events: &[f32]) -> Vec<ItemIndex> {
    let mut items: Vec<ItemIndex> = (0..events.len() as ItemIndex).collect();
    let weight = |item: &ItemIndex| events[*item as usize];
    items.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.cmp(b)));
    items
}

fn score_of(scores: &FxHashMap<ItemIndex, f32>, item: ItemIndex) -> f32 {
    scores.get(&item).copied().unwrap_or(0.0)
}

fn best(scores: &FxHashMap<ItemIndex, f32>, count: usize) -> impl Iterator<Item = ItemIndex> {
    let scores = scores.iter().map(|(item, score)| (*item, *score));
    let best = strongest(scores.collect(), count);
    best.into_iter().map(|(item, _)| item)
}

/// What sells most these days.
fn trending(trend: &[f32]) -> impl Iterator<Item = ItemIndex> {
    let selling = (0..).zip(trend).filter(|(_, weight)| **weight > 0.0);
    let selling = selling.map(|(item, weight)| (item, *weight)).collect();
    let best = strongest(selling, GLOBAL_MAX);
    best.into_iter().map(|(item, _)| item)
}

/// Brings the greatest value of each source whose scores mean something only beside each other to 1.
pub fn scale(features: &mut [[f32; SOURCES]]) {
    for source in [
        Source::CoOccurrence,
        Source::Swing,
        Source::Factors,
        Source::SparseFactors,
    ] {
        let column = source as usize;
        let values = features.iter().map(|row| row[column]);
        let most = values.fold(0.0f32, f32::max);
        if most > 0.0 {
            features.iter_mut().for_each(|row| row[column] /= most);
        }
    }
}
