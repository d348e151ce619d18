//! What chance may show: items that were seldom shown in the region, new ones first, then local ones near the taste, then a
//! stretch of the catalogue that is another one every day. Once an item was shown often enough the next takes its turn.

use rustc_hash::FxHashSet;

use super::{Asking, FeedSource, local_taste::is_local};
use crate::{
    base::{Ordinal, clock::DAY_SECONDS, error::Result},
    flow::candidate::{Candidate, Source},
    recommend::factors::seeded::mixed,
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::Exploration,
    recall,
};

/// Items of each kind that are looked at, for each that is wanted.
const LOOKED_AT_TIMES: usize = 4;

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let looked_at = LOOKED_AT_TIMES * limit;
    let generation = asking.generation;
    let response = generation
        .behaviour
        .response(&asking.interests.region, asking.now);
    let shown_max = asking.profile.feed.exploration_shown_max;
    let is_seldom =
        |ordinal: &Ordinal| asking.gate.allows(*ordinal) && response.shown(*ordinal) <= shown_max;
    let newest = generation.newest.iter().take(looked_at).copied();
    let newest: Vec<Ordinal> = newest.filter(is_seldom).collect();
    let (local, others): (Vec<_>, Vec<_>) = stretch(asking, looked_at)
        .into_iter()
        .filter(is_seldom)
        .partition(|ordinal| is_local(asking, *ordinal));
    // A third each, and then what is left of any.
    let third = limit / 3;
    let kinds = [newest, local, others];
    let firsts = kinds.iter().flat_map(|kind| kind.iter().take(third));
    let rest = kinds.iter().flat_map(|kind| kind.iter().skip(third));
    let mut seen: FxHashSet<Ordinal> = FxHashSet::default();
    let distinct = firsts
        .chain(rest)
        .copied()
        .filter(|ordinal| seen.insert(*ordinal));
    let candidates = distinct.take(limit);
    Ok(candidates
        .map(|ordinal| Candidate::new(ordinal, Source::Exploration))
        .collect())
}

/// Neighbouring items of what the market sells, from a place that the day decides; round the end where it is reached.
fn stretch(asking: &Asking<'_>, count: usize) -> Vec<Ordinal> {
    let market = asking.gate.market();
    let eligible = asking
        .generation
        .columns
        .eligible(market.region, market.ship_to);
    let bitmap = eligible.bitmap();
    if bitmap.is_empty() {
        return Vec::new();
    }
    let day = asking.now.div_euclid(DAY_SECONDS) as u64;
    let from = bitmap
        .select((mixed(day) % bitmap.len()) as u32)
        .unwrap_or(0);
    let after = bitmap.range(from..).take(count);
    let around = bitmap.range(..from);
    after.chain(around).take(count).collect()
}
