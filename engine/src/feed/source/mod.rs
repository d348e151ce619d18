//! Recall sources of the feed: one file each, one registry. All have one shape: who asks and how many in, eligible
//! candidates out, best first. To add one: a file like `trend.rs`, a line in [`REGISTRY`], its name in
//! `config::feed_profile::FEED_SOURCE_NAMES`, and a `Source` in `flow::candidate`.

mod catalogue;
mod exploration;
mod item_to_item;
mod local_taste;
mod new;
mod pool;
mod popular;
mod query_to_item;
mod repeat;
mod similar_content;
mod trend;
mod user_vector;

use std::time::Instant;

use super::asking::Asking;
use crate::{
    base::{Ordinal, error::Result},
    flow::{
        candidate::{Candidate, Source},
        rank::signals,
    },
    index::columns::Columns,
};
pub use catalogue::catalogue;
pub use item_to_item::linked;
pub use similar_content::{like_words, near};

/// A way of recall.
pub struct FeedSource {
    pub source: Source,
    /// The best so many candidates, best first.
    recall: fn(&Asking<'_>, usize) -> Result<Vec<Candidate>>,
}

/// All sources; a card is said to come from the first that brought it.
pub const REGISTRY: &[FeedSource] = &[
    repeat::SOURCE,
    item_to_item::SOURCE,
    query_to_item::SOURCE,
    user_vector::SOURCE,
    similar_content::SOURCE,
    popular::SOURCE,
    trend::SOURCE,
    new::SOURCE,
    pool::SOURCE,
    local_taste::SOURCE,
    exploration::SOURCE,
];

/// What a source brought.
pub struct Recalled {
    pub source: Source,
    /// Candidates that it might have brought.
    pub budget: usize,
    pub candidates: Vec<Candidate>,
    pub micros: u64,
}

/// Asks every source that has a budget.
pub fn recall_all(asking: &Asking<'_>) -> Result<Vec<Recalled>> {
    let mut recalled = Vec::with_capacity(REGISTRY.len());
    for source in REGISTRY {
        let budget = asking.profile.feed.candidates_of(source.source.name());
        if budget == 0 {
            continue;
        }
        let start = Instant::now();
        let candidates = (source.recall)(asking, budget)?;
        recalled.push(Recalled {
            source: source.source,
            budget,
            candidates,
            micros: start.elapsed().as_micros() as u64,
        });
    }
    Ok(recalled)
}

/// The best of some items by what is known before any query.
fn best_by_prior(
    columns: &Columns,
    ordinals: impl Iterator<Item = Ordinal>,
    source: Source,
    now: i64,
    limit: usize,
) -> Vec<Candidate> {
    let mut found: Vec<(f64, Candidate)> = ordinals
        .filter_map(|ordinal| {
            let row = columns.row(ordinal)?;
            let prior = signals::quality::of(row)
                + signals::sales::of(row)
                + signals::freshness::of(row, now);
            Some((prior, Candidate::new(ordinal, source)))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(limit);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The first `limit` by a number, greatest first; of equals the first items.
fn best(mut found: Vec<Candidate>, limit: usize, by: fn(&Candidate) -> f32) -> Vec<Candidate> {
    let order =
        |a: &Candidate, b: &Candidate| by(b).total_cmp(&by(a)).then(a.ordinal.cmp(&b.ordinal));
    if found.len() > limit && limit > 0 {
        found.select_nth_unstable_by(limit - 1, order);
    }
    found.truncate(limit);
    found.sort_unstable_by(order);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::feed_profile::FEED_SOURCE_NAMES;

    #[test]
    fn profiles_name_exactly_the_registered_sources() {
        let registered: Vec<&str> = REGISTRY.iter().map(|its| its.source.name()).collect();
        assert_eq!(registered, FEED_SOURCE_NAMES);
    }
}
