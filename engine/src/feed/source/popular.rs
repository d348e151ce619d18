//! What is popular: with the shopper's segment, in the categories that the shopper likes, in the region, everywhere
//! ([`crate::feed::popularity`]).

use super::{Asking, FeedSource};
use crate::{
    base::error::Result,
    feed::popularity::likes,
    flow::candidate::{Candidate, Source},
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::Popular,
    recall,
};

/// What popularity counts for beside links to the shopper's own items: less than one.
const SHARE_BESIDE_LINKS: f32 = 0.3;

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let popular = &asking.popular.items;
    let most = popular.first().map_or(1.0, |(_, weight)| *weight);
    let share = match asking.seeds.is_empty() {
        true => 1.0,
        false => SHARE_BESIDE_LINKS,
    };
    let allowed = popular
        .iter()
        .copied()
        .filter(|(ordinal, _)| asking.gate.allows(*ordinal));
    let (liked, others): (Vec<_>, Vec<_>) =
        allowed.partition(|(ordinal, _)| likes(asking, *ordinal));
    // Half for what the shopper likes; the rest is everyone's, which others may like for the same reasons.
    let liked = liked.into_iter().take(limit / 2);
    let candidates = liked.chain(others).take(limit);
    let candidates = candidates.map(|(ordinal, weight)| Candidate {
        behaviour: share * (weight / most) as f32,
        ..Candidate::new(ordinal, Source::Popular)
    });
    Ok(candidates.collect())
}
