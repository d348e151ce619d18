//! Candidates without a query: the best eligible items by what is known before any query (quality, sales, freshness).

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    base::{Ordinal, limits},
    flow::{
        candidate::{Candidate, Source},
        filter::Gate,
        rank::signals,
    },
    index::columns::Columns,
};

/// The best [`limits::RESULT_WINDOW`] eligible items, and how many there are.
pub fn browse(columns: &Columns, gate: &Gate<'_>, now: i64) -> (Vec<Candidate>, usize) {
    let mut best: BinaryHeap<Reverse<(u64, Reverse<Ordinal>)>> = BinaryHeap::new();
    let mut total = 0;
    for ordinal in columns.ordinals().filter(|ordinal| gate.allows(*ordinal)) {
        total += 1;
        let Some(row) = columns.row(ordinal) else {
            continue;
        };
        let prior =
            signals::quality::of(row) + signals::sales::of(row) + signals::freshness::of(row, now);
        // Priors are 0 or more, so their bits order as they do.
        best.push(Reverse((prior.to_bits(), Reverse(ordinal))));
        if best.len() > limits::RESULT_WINDOW {
            best.pop();
        }
    }
    let found = best
        .into_sorted_vec()
        .into_iter()
        .map(|Reverse((_, Reverse(ordinal)))| Candidate {
            full_match: true,
            ..Candidate::new(ordinal, Source::Browse)
        });
    (found.collect(), total)
}
