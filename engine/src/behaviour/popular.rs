//! What is popular in a region or with a segment, kept in order as events come.

use std::{cmp::Reverse, collections::BTreeSet, sync::Arc};

use rustc_hash::{FxHashMap, FxHashSet};

use sampan_analyzers::memory::{map_bytes, tree_bytes};

use crate::base::{Ordinal, limits::POPULAR_ITEMS_MAX};

/// Decayed weights of items, and the greatest of them.
pub struct Popularity {
    weights: FxHashMap<Ordinal, f64>,
    /// Items that are weighed at most.
    items_max: usize,
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

/// A weight without what follows the order in which it was added up.
pub fn rounded(weight: f64) -> f64 {
    Rank::of(weight).weight()
}

impl Default for Popularity {
    /// Weighs as many items as there are.
    fn default() -> Self {
        Self::of_at_most(usize::MAX)
    }
}

impl Popularity {
    /// Weighs so many items at most, more than [`POPULAR_ITEMS_MAX`]; of more the most faded half is forgotten.
    pub fn of_at_most(items_max: usize) -> Self {
        Self {
            weights: FxHashMap::default(),
            items_max,
            top: BTreeSet::new(),
            listed: None,
        }
    }

    /// An item's weight; 0 when it has none.
    pub fn weight(&self, ordinal: Ordinal) -> f64 {
        rounded(self.weights.get(&ordinal).copied().unwrap_or(0.0))
    }

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
        if self.weights.len() > self.items_max {
            let kept = self.greatest(self.items_max / 2).into_iter();
            let kept: FxHashSet<Ordinal> = kept.map(|(_, Reverse(item))| item).collect();
            self.weights.retain(|item, _| kept.contains(item));
        }
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
        self.top = self.greatest(POPULAR_ITEMS_MAX).into_iter().collect();
        self.listed = None;
    }

    /// The greatest so many, in no order.
    fn greatest(&self, count: usize) -> Vec<(Rank, Reverse<Ordinal>)> {
        let ranked = self.weights.iter();
        let mut ranked: Vec<_> = ranked.map(|(o, w)| (Rank::of(*w), Reverse(*o))).collect();
        if ranked.len() > count {
            ranked.select_nth_unstable_by(count, |a, b| b.cmp(a));
            ranked.truncate(count);
        }
        ranked
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
    fn beyond_so_many_items_the_most_faded_half_is_forgotten() {
        let most = 2 * POPULAR_ITEMS_MAX + 10;
        let mut popularity = Popularity::of_at_most(most);
        for ordinal in 0..most as u32 {
            popularity.add(ordinal, f64::from(1 + ordinal));
        }
        assert_eq!(popularity.weight(0), 1.0);
        popularity.add(most as u32, f64::from(1 + most as u32));
        assert_eq!(popularity.weights.len(), most / 2);
        assert_eq!(popularity.weight(0), 0.0);
        let listed = popularity.listed();
        assert_eq!(listed.len(), POPULAR_ITEMS_MAX);
        assert!(
            listed
                .iter()
                .all(|(item, weight)| popularity.weight(*item) == *weight)
        );
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
