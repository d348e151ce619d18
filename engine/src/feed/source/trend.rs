//! What sells in the region these days.

use super::{Asking, FeedSource};
use crate::{
    base::error::Result,
    flow::candidate::{Candidate, Source},
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::Trend,
    recall,
};

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let trend = asking.generation.trends.of(&asking.interests.region);
    let order = trend.into_iter().flat_map(|trend| trend.order()).copied();
    let allowed = order.filter(|ordinal| asking.gate.allows(*ordinal));
    let candidates = allowed.take(limit);
    Ok(candidates
        .map(|ordinal| Candidate::new(ordinal, Source::Trend))
        .collect())
}
