//! The last resort: what the region sells, when no source knows of enough.

use super::{Asking, best_by_prior};
use crate::flow::candidate::{Candidate, Source};

/// Items looked at, the last that came to the catalogue.
const LOOKED_AT: usize = 2_000;

/// The best of the region's latest items.
pub fn catalogue(asking: &Asking<'_>, limit: usize) -> Vec<Candidate> {
    let market = asking.gate.market();
    let columns = &asking.generation.columns;
    let eligible = columns.eligible(market.region, market.ship_to);
    let latest = eligible.bitmap().iter().rev();
    let allowed = latest.filter(|ordinal| asking.gate.allows(*ordinal));
    let looked_at = allowed.take(LOOKED_AT);
    best_by_prior(columns, looked_at, Source::Browse, asking.now, limit)
}
