//! Items near the shopper's vector, which is folded in from the latest visits.

use super::{Asking, FeedSource};
use crate::{
    base::error::Result,
    flow::candidate::{Candidate, Source},
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::UserVector,
    recall,
};

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let Some(learnt) = &asking.learnt else {
        return Ok(Vec::new());
    };
    let Some(wish) = &learnt.wish else {
        return Ok(Vec::new());
    };
    let served = learnt.served;
    let allows = |item| {
        let ordinal = served.ordinal(item);
        ordinal.is_some_and(|ordinal| asking.gate.allows(ordinal))
    };
    let found = served.learnt().nearest(wish.shopper(), limit, &allows)?;
    let ordinals = found.into_iter().filter_map(|item| served.ordinal(item));
    let candidates = ordinals.map(|ordinal| Candidate::new(ordinal, Source::UserVector));
    Ok(candidates.collect())
}
