//! Whose popular goods a shopper is shown: those of the shopper's segment, backed off to those of the region in the categories
//! that the shopper likes, to the region's, and where nobody did anything there, to those of all regions.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::asking::Asking;
use crate::{
    base::Ordinal, behaviour::SegmentTaste, flow::interests::Interests,
    index::generation::Generation,
};

/// Whose goods are popular, narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Popularity {
    Segment,
    /// Of the region, in categories that the shopper likes.
    Category,
    Region,
    AllRegions,
}

impl Popularity {
    /// Name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::Category => "category",
            Self::Region => "region",
            Self::AllRegions => "all regions",
        }
    }
}

/// What is popular, for one shopper.
pub struct Popular<'a> {
    /// Items with weights, most popular first.
    pub items: Cow<'a, [(Ordinal, f64)]>,
    /// Those that the segment chooses more than its region does.
    lifted: FxHashSet<Ordinal>,
    of: Popularity,
}

impl<'a> Popular<'a> {
    /// The narrowest for which there is enough evidence, the shopper's taste aside.
    pub fn of(generation: &'a Generation, interests: &Interests, now: i64) -> Self {
        let behaviour = &generation.behaviour;
        let (region, segment) = (&interests.region, &interests.segment);
        if let SegmentTaste::Own(items) = behaviour.segment(region, segment, now) {
            let lifted = items.iter().filter(|item| item.is_lifted);
            let shares = items.iter().map(|item| (item.ordinal, item.share));
            return Self {
                lifted: lifted.map(|item| item.ordinal).collect(),
                items: shares.collect(),
                of: Popularity::Segment,
            };
        }
        let (items, of) = match behaviour.popular(region) {
            [] => (Cow::Owned(everywhere(generation)), Popularity::AllRegions),
            own => (Cow::Borrowed(own), Popularity::Region),
        };
        Self {
            items,
            lifted: FxHashSet::default(),
            of,
        }
    }

    /// Whose goods a shopper's feed takes; none when nobody did anything.
    pub fn goes_by(&self, asking: &Asking<'_>) -> Option<Popularity> {
        let is_liked = |ordinal: Ordinal| likes(asking, ordinal) && asking.gate.allows(ordinal);
        match self.of {
            Popularity::Region if self.items.iter().any(|(item, _)| is_liked(*item)) => {
                Some(Popularity::Category)
            }
            of => (!self.items.is_empty()).then_some(of),
        }
    }

    /// Whose popular goods an item is one of: what a segment chooses no more than its region does is the region's.
    pub fn of_item(&self, ordinal: Ordinal) -> Popularity {
        match self.of {
            Popularity::Segment if !self.lifted.contains(&ordinal) => Popularity::Region,
            of => of,
        }
    }
}

/// Whether an item is of a category that the shopper likes.
pub fn likes(asking: &Asking<'_>, ordinal: Ordinal) -> bool {
    let columns = &asking.generation.columns;
    asking.taste.category(columns.hot(ordinal).category) > 0.0
}

/// What is popular in all regions together.
fn everywhere(generation: &Generation) -> Vec<(Ordinal, f64)> {
    let mut weights: FxHashMap<Ordinal, f64> = FxHashMap::default();
    for (_, region) in generation.configuration.regions.iter() {
        for (ordinal, weight) in generation.behaviour.popular(&region.code) {
            *weights.entry(*ordinal).or_default() += weight;
        }
    }
    let mut popular: Vec<(Ordinal, f64)> = weights.into_iter().collect();
    popular.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    popular
}
