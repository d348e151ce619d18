//! What is sent from nearby and near the shopper's taste: by content, for hardly anyone has touched these items.

use super::{Asking, FeedSource, best};
use crate::{
    base::{Ordinal, error::Result, ship::ShipMode},
    flow::{
        candidate::{Candidate, Source},
        filter::Verdict,
        recall,
    },
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::LocalTaste,
    recall,
};

/// Neighbours of the taste that are looked at, for each that is wanted.
const LOOKED_AT_TIMES: usize = 3;
/// Newest items looked at where no vector says what the taste is.
const NEWEST_LOOKED_AT: usize = 1_000;

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let Some(direction) = &asking.direction else {
        return Ok(by_categories(asking, limit));
    };
    let vectors = &asking.generation.vectors;
    let near = recall::near(vectors, direction, LOOKED_AT_TIMES * limit, asking.gate)?;
    let local = near
        .into_iter()
        .filter(|near| is_local(asking, near.ordinal));
    let candidates = local.map(|near| Candidate {
        vector: near.vector,
        ..Candidate::new(near.ordinal, Source::LocalTaste)
    });
    Ok(best(candidates.collect(), limit, |candidate| {
        candidate.vector
    }))
}

/// Whether an item may be shown and comes by a local way.
pub fn is_local(asking: &Asking<'_>, ordinal: Ordinal) -> bool {
    match asking.gate.check(ordinal) {
        Verdict::Pass(modes) => modes.has(ShipMode::Local),
        Verdict::Barred | Verdict::Out | Verdict::Hidden => false,
    }
}

/// The newest local items of the categories that the shopper likes.
fn by_categories(asking: &Asking<'_>, limit: usize) -> Vec<Candidate> {
    let columns = &asking.generation.columns;
    let newest = asking.generation.newest.iter().take(NEWEST_LOOKED_AT);
    let liked = newest
        .copied()
        .filter(|ordinal| asking.taste.category(columns.hot(*ordinal).category) > 0.0);
    let local = liked.filter(|ordinal| is_local(asking, *ordinal));
    let candidates = local.take(limit);
    candidates
        .map(|ordinal| Candidate::new(ordinal, Source::LocalTaste))
        .collect()
}
