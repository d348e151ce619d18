//! The newest good items.

use super::{Asking, FeedSource, best_by_prior};
use crate::{
    base::error::Result,
    flow::candidate::{Candidate, Source},
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::New,
    recall,
};

/// Newest items looked at.
const LOOKED_AT: usize = 1_000;

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let newest = asking.generation.newest.iter().take(LOOKED_AT).copied();
    let eligible = newest.filter(|ordinal| asking.gate.allows(*ordinal));
    let columns = &asking.generation.columns;
    Ok(best_by_prior(
        columns,
        eligible,
        Source::New,
        asking.now,
        limit,
    ))
}
