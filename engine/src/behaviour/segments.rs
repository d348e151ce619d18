//! What is popular with the shoppers of a segment, as far as events say which segment a shopper is of.

use std::{collections::BTreeMap, sync::Arc};

use sampan_analyzers::memory::tree_bytes;

use super::{
    BehaviourSnapshot, ByRegion, Ranked, decay,
    popular::{Popularity, rounded},
    shrinkage::{GroupItem, shrunk},
};
use crate::base::{
    Ordinal,
    limits::{SEGMENT_ITEMS_MAX, SEGMENTS_MAX},
};

/// What the events of a segment are worth at least, older ones weighing less, so that it is gone by: 20 clicks of today, or
/// 4 orders.
pub const SEGMENT_WORTH_MIN: f64 = 20.0;

/// Counts of the segments of a region: those of the first names. Which these are follows from all names that came, not from
/// their order: who was among the first once they were fewer is so of more.
#[derive(Default)]
pub(super) struct SegmentCounter(BTreeMap<Box<str>, Counts>);

/// Counts of one segment, on the scale of [`decay::weight`].
struct Counts {
    popularity: Popularity,
    sum: f64,
    /// Sum of the squares of weights.
    squares: f64,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            popularity: Popularity::of_at_most(SEGMENT_ITEMS_MAX),
            sum: 0.0,
            squares: 0.0,
        }
    }
}

impl SegmentCounter {
    /// Counts an event.
    pub fn add(&mut self, segment: &str, ordinal: Ordinal, weight: f64) {
        let counts = self.0.entry(segment.into()).or_default();
        counts.popularity.add(ordinal, weight);
        counts.sum += weight;
        counts.squares += weight * weight;
        while self.0.len() > SEGMENTS_MAX {
            self.0.pop_last();
        }
    }

    /// Takes back what an erased event added; a segment that nothing is left of is forgotten.
    pub fn take_back(&mut self, segment: &str, ordinal: Ordinal, weight: f64) {
        let Some(counts) = self.0.get_mut(segment) else {
            return;
        };
        counts.popularity.take_back(ordinal, weight);
        // What is left of a sum that is 0 may be a rounding.
        let least = counts.sum * 1e-9;
        counts.sum -= weight;
        counts.squares = (counts.squares - weight * weight).max(0.0);
        if counts.sum <= least {
            self.0.remove(segment);
        }
    }

    /// What each segment chooses, beside what is popular in the region.
    pub fn told(&mut self, region: &Ranked) -> Segments {
        let segments = self.0.iter_mut();
        let told = segments.map(|(name, counts)| (name.clone(), counts.told(region)));
        Segments(told.collect())
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        let counts = self.0.values();
        let counts = counts.map(|counts| counts.popularity.heap_bytes());
        tree_bytes::<(Box<str>, Counts)>(self.0.len()) + counts.sum::<u64>()
    }
}

impl Counts {
    fn told(&mut self, region: &Ranked) -> Segment {
        let best = self.popularity.listed();
        let grain = rounded(self.squares / self.sum);
        let own = |ordinal| self.popularity.weight(ordinal);
        Segment {
            worth: rounded(self.sum),
            items: shrunk(region, own, &best, grain).map(Arc::from),
        }
    }
}

/// Segments of a region.
#[derive(Debug, Clone, Default)]
pub(super) struct Segments(BTreeMap<Box<str>, Segment>);

#[derive(Debug, Clone)]
struct Segment {
    /// On the scale of [`decay::weight`].
    worth: f64,
    /// None when it chooses as the region does.
    items: Option<Arc<[GroupItem]>>,
}

/// What is known of a segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SegmentTaste<'a> {
    /// What it chooses, most first.
    Own(&'a [GroupItem]),
    /// What it chooses differs by no more than chance from what the region does.
    AsRegion,
    /// It did so little: what that is worth, below [`SEGMENT_WORTH_MIN`].
    Few(f64),
    /// Nothing is known of it.
    Unknown,
}

impl BehaviourSnapshot {
    /// What a segment of a region chooses, at a moment (seconds since 1970).
    pub fn segment(&self, region: &str, segment: &str, now: i64) -> SegmentTaste<'_> {
        let known = self.segments.get(region);
        let Some(known) = known.and_then(|segments| segments.0.get(segment)) else {
            return SegmentTaste::Unknown;
        };
        match (known.worth * decay::as_of(now), &known.items) {
            (worth, _) if worth < SEGMENT_WORTH_MIN => SegmentTaste::Few(worth),
            (_, Some(items)) => SegmentTaste::Own(items),
            (_, None) => SegmentTaste::AsRegion,
        }
    }

    /// Bytes of what segments choose.
    pub(super) fn segments_bytes(&self) -> u64 {
        let segments = |of: &Segments| {
            let items = of.0.values().filter_map(|segment| segment.items.as_ref());
            let items = items.map(|items| size_of_val(&**items) as u64);
            tree_bytes::<(Box<str>, Segment)>(of.0.len()) + items.sum::<u64>()
        };
        self.segments.values().map(segments).sum()
    }
}

/// All regions' segments.
pub(super) type RegionSegments = Arc<ByRegion<Segments>>;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(names: impl Iterator<Item = usize>) -> Vec<Box<str>> {
        let mut counter = SegmentCounter::default();
        for number in names {
            counter.add(&format!("s{number:03}"), number as Ordinal, 1.0);
        }
        let region: Ranked = Arc::default();
        counter.told(&region).0.into_keys().collect()
    }

    #[test]
    fn the_first_segments_by_name_are_kept_in_whatever_order_they_come() {
        let at = told(0..SEGMENTS_MAX);
        assert_eq!(at.len(), SEGMENTS_MAX);
        let above = told(0..SEGMENTS_MAX + 3);
        assert_eq!(above, at);
        assert_eq!(told((0..SEGMENTS_MAX + 3).rev()), at);
    }

    #[test]
    fn a_segment_of_which_all_is_taken_back_is_unknown() {
        let mut counter = SegmentCounter::default();
        counter.add("a", 1, 0.1);
        counter.add("a", 2, 0.2);
        counter.add("b", 2, 5.0);
        counter.take_back("a", 1, 0.1);
        counter.take_back("a", 2, 0.2);
        counter.take_back("c", 2, 0.2);
        let region: Ranked = Arc::from([(1, 1.0), (2, 2.0)]);
        let left: Vec<_> = counter.told(&region).0.into_keys().collect();
        assert_eq!(left, [Box::from("b")]);
    }
}
