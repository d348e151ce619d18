//! What the shopper bought before and is due again: by the item's usual interval, joined with the shopper's own.

use rustc_hash::FxHashSet;

use super::{Asking, FeedSource};
use crate::{
    base::{Ordinal, error::Result},
    flow::candidate::{Candidate, Source},
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::Repeat,
    recall,
};

/// Below this (of 1) an item was bought too lately, or too long ago.
const DUE_MIN: f32 = 0.1;
/// What an order says; less was no purchase.
const ORDER: f32 = 1.0;

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let Some(learnt) = &asking.learnt else {
        return Ok(Vec::new());
    };
    let taken = asking
        .interests
        .visits
        .iter()
        .flat_map(|visit| &visit.taken);
    let ordered = taken.filter(|taken| taken.strength >= ORDER);
    let ordered: FxHashSet<Ordinal> = ordered.map(|taken| taken.item).collect();
    let due = ordered.into_iter().filter_map(|ordinal| {
        let item = learnt.served.item(ordinal)?;
        let again = learnt.heard.again.get(&item)?;
        let is_due = again.due >= DUE_MIN && asking.gate.allows(ordinal);
        is_due.then_some((ordinal, again.due * again.rate))
    });
    let mut due: Vec<(Ordinal, f32)> = due.collect();
    due.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let candidates = due.into_iter().take(limit);
    let candidates = candidates.map(|(ordinal, _)| Candidate::new(ordinal, Source::Repeat));
    Ok(candidates.collect())
}
