//! What others chose after the queries that a shopper made lately, however they worded them.

use std::{collections::HashSet, sync::Arc};

use rustc_hash::FxHashMap;

use crate::{
    base::{Ordinal, limits::FEED_QUERIES_MAX},
    behaviour::QueryKey,
    flow::{interests::Interests, understand::wordings},
    index::generation::Generation,
};

/// How an item goes with a shopper's queries.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Over all queries; of one at most 1.
    pub strength: f32,
    /// The query that it goes with most, as the shopper typed it, and how much.
    pub query: (Arc<str>, f32),
}

/// Items that others chose after the shopper's queries, of the latest [`FEED_QUERIES_MAX`]; older ones say less. `now`: seconds
/// since 1970.
pub fn after_queries(
    generation: &Generation,
    interests: &Interests,
    now: i64,
) -> FxHashMap<Ordinal, Chosen> {
    let mut chosen: FxHashMap<Ordinal, Chosen> = FxHashMap::default();
    for search in interests.searches.iter().take(FEED_QUERIES_MAX) {
        for (ordinal, strength) in after(generation, interests, &search.text, now) {
            let strength = strength * search.strength;
            let query = || (search.text.clone(), strength);
            let known = chosen.entry(ordinal).or_insert_with(|| Chosen {
                strength: 0.0,
                query: query(),
            });
            known.strength += strength;
            if strength > known.query.1 {
                known.query = query();
            }
        }
    }
    chosen
}

/// Items that others chose after one query.
fn after(
    generation: &Generation,
    interests: &Interests,
    text: &str,
    now: i64,
) -> FxHashMap<Ordinal, f32> {
    let (analyzer, region) = (&generation.analyzer, &interests.region);
    let understood = analyzer.understand(text, region, &HashSet::new());
    let mut strongest: FxHashMap<Ordinal, f32> = FxHashMap::default();
    for (wording, weight) in wordings(&understood) {
        let Some(key) = QueryKey::of(region, &analyzer.fold_key(&wording)) else {
            continue;
        };
        let items = generation.behaviour.chosen_after(key, &interests.keys, now);
        for (ordinal, strength) in items {
            let known = strongest.entry(ordinal).or_default();
            *known = known.max(weight * strength);
        }
    }
    strongest
}
