//! What others chose after the queries that the shopper made lately.

use super::{Asking, FeedSource, best};
use crate::{
    base::error::Result,
    flow::candidate::{Candidate, Source},
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::QueryToItem,
    recall,
};

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let chosen = asking.chosen.iter();
    let allowed = chosen.filter(|(ordinal, _)| asking.gate.allows(**ordinal));
    let candidates = allowed.map(|(ordinal, chosen)| Candidate {
        behaviour: chosen.strength.min(1.0),
        ..Candidate::new(*ordinal, Source::QueryToItem)
    });
    Ok(best(candidates.collect(), limit, |candidate| {
        candidate.behaviour
    }))
}
