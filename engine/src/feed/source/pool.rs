//! Good items of the pools that the profile recalls from or promises places, and of the first that the feed is kept to.

use super::{Asking, FeedSource, best_by_prior};
use crate::{
    base::{error::Result, limits},
    flow::candidate::{Candidate, Source},
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::Pool,
    recall,
};

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let (profile, columns) = (asking.profile, &asking.generation.columns);
    let recalled = profile.pools.iter().map(|(id, its)| (id, its.recall));
    let promised = profile.feed.minimum.iter().map(|its| (&its.pool, limit));
    let asked = asking.kept_to.first().map(|id| (id, limit));
    let mut found = Vec::new();
    let wanted = recalled.filter(|(_, limit)| *limit > 0);
    for (id, limit) in wanted.chain(promised).chain(asked) {
        let Some(known) = columns.pools.find(asking.gate.market().region, id) else {
            continue;
        };
        // Later ordinals are of newer items.
        let newest = known.items.iter().rev();
        let eligible = newest.filter(|ordinal| asking.gate.allows(*ordinal));
        let looked_at = eligible.take(limits::POOL_RECALL_LOOKED_AT);
        let now = asking.now;
        found.extend(best_by_prior(columns, looked_at, Source::Pool, now, limit));
    }
    Ok(found)
}
