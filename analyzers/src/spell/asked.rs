//! What past queries have and no title has.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Different queries from which such a thing is taken for one that shoppers mean: one that is repeated may be a mistake.
const QUERIES_MIN: u32 = 3;

/// How often something was asked for.
#[derive(Default)]
struct Times {
    queries: u32,
    /// Items that these queries count as.
    items: u32,
}

/// Counts under collection.
pub struct Asked<T>(FxHashMap<T, Times>);

impl<T> Default for Asked<T> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<T: Eq + Hash> Asked<T> {
    /// Counts a thing of a query that counts as so many items.
    pub fn add(&mut self, thing: T, items: u32) {
        let times = self.0.entry(thing).or_default();
        times.queries += 1;
        times.items += items;
    }

    /// What enough different queries have, and the items that it counts as.
    pub fn into_meant(self) -> impl Iterator<Item = (T, u32)> {
        let things = self.0.into_iter();
        things
            .filter(|(_, times)| times.queries >= QUERIES_MIN)
            .map(|(thing, times)| (thing, times.items))
    }
}
