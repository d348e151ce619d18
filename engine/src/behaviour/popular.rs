//! What is popular in a region, kept in order as events come.

use std::{cmp::Reverse, collections::BTreeSet, sync::Arc};

use rustc_hash::FxHashMap;

use sampan_analyzers::memory::{map_bytes, tree_bytes};

use crate::base::{Ordinal, limits::POPULAR_ITEMS_MAX};

/// Decayed weights of a region's items, and the greatest of them.
#[derive(Default)]
pub struct Popularity {
    weights: FxHashMap<Ordinal, f64>,
    /// The greatest, ascending: weights never shrink by events, so an item enters when it outgrows the least.
    top: BTreeSet<(Rank, Reverse<Ordinal>)>,
    /// Made when asked for, after a change.
    listed: Option<Arc<[(Ordinal, f64)]>>,
}

/// A weight without its last 24 bits: what is left does not follow the order in which events were added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(u64);

impl Rank {
    fn of(weight: f64) -> Self {
        // The bits of numbers that are not negative have the order of the numbers.
        Self((weight.max(0.0).to_bits() + (1 << 23)) >> 24)
    }

    fn weight(self) -> f64 {
        f64::from_bits(self.0 << 24)
    }
}

impl Popularity {
    /// Bytes on the heap; the list is shared with snapshots, which count it.
    pub fn heap_bytes(&self) -> u64 {
        map_bytes(&self.weights) + tree_bytes::<(Rank, Reverse<Ordinal>)>(self.top.len())
    }

    /// Adds to an item's weight.
    pub fn add(&mut self, ordinal: Ordinal, weight: f64) {
        let own = self.weights.entry(ordinal).or_default();
        let before = (Rank::of(*own), Reverse(ordinal));
        *own += weight;
        let now = (Rank::of(*own), Reverse(ordinal));
        self.top.remove(&before);
        self.top.insert(now);
        if self.top.len() > POPULAR_ITEMS_MAX {
            self.top.pop_first();
        }
        self.listed = None;
    }

    /// Takes back what an erased event added.
    pub fn take_back(&mut self, ordinal: Ordinal, weight: f64) {
        let Some(own) = self.weights.get_mut(&ordinal) else {
            return;
        };
        let before = (Rank::of(*own), Reverse(ordinal));
        // What is left of a sum that is 0 may be a rounding.
        let least = *own * 1e-9;
        *own -= weight;
        if *own <= least {
            self.weights.remove(&ordinal);
        }
        if self.top.remove(&before) {
            self.refill();
        }
    }

    /// Most popular first.
    pub fn listed(&mut self) -> Arc<[(Ordinal, f64)]> {
        let top = &self.top;
        let list = || {
            let ranked = top.iter().rev();
            ranked
                .map(|(rank, Reverse(o))| (*o, rank.weight()))
                .collect()
        };
        self.listed.get_or_insert_with(list).clone()
    }

    /// Looks at all items for the greatest: one that shrank may have let in another.
    fn refill(&mut self) {
        let ranked = self.weights.iter();
        let mut ranked: Vec<_> = ranked.map(|(o, w)| (Rank::of(*w), Reverse(*o))).collect();
        if ranked.len() > POPULAR_ITEMS_MAX {
            ranked.select_nth_unstable_by(POPULAR_ITEMS_MAX, |a, b| b.cmp(a));
            ranked.truncate(POPULAR_ITEMS_MAX);
        }
        self.top = ranked.into_iter().collect();
        self.listed = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_popular_are_those_that_sorting_everything_finds() {
        let mut popularity = Popularity::default();
        let mut sums: FxHashMap<Ordinal, f64> = FxHashMap::default();
        for n in 0..20_000u32 {
            let (ordinal, weight) = (n * 7_919 % 3_001, f64::from(n % 13 + 1));
            popularity.add(ordinal, weight);
            *sums.entry(ordinal).or_default() += weight;
        }
        let mut sorted: Vec<(Ordinal, f64)> = sums.into_iter().collect();
        sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        sorted.truncate(POPULAR_ITEMS_MAX);
        assert_eq!(*popularity.listed(), *sorted);
    }

    #[test]
    fn an_item_that_shrinks_lets_in_the_next() {
        let mut popularity = Popularity::default();
        let most = POPULAR_ITEMS_MAX as u32;
        for ordinal in 0..=most {
            popularity.add(ordinal, f64::from(1 + most - ordinal));
        }
        assert_eq!(popularity.listed().last(), Some(&(most - 1, 2.0)));
        popularity.take_back(0, f64::from(1 + most));
        popularity.take_back(1, 3.0);
        let listed = popularity.listed();
        assert_eq!(listed[0], (2, f64::from(most - 1)));
        assert_eq!(listed.last(), Some(&(most, 1.0)));
        assert!(listed.contains(&(1, f64::from(most - 3))));
    }
}
