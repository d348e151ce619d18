//! Orders other than relevance: over the items that match the query, by one number.

use std::{cmp::Reverse, collections::BinaryHeap};

use sampan_proto::v1;

use crate::{
    base::{Ordinal, error::Result, limits},
    flow::{
        candidate::{Source, Sources},
        filter::{Gate, Verdict},
        rank::RankedItem,
    },
    index::{
        generation::Generation,
        lexical::{LexicalQuery, MatchLevel},
    },
};

/// The first [`limits::RESULT_WINDOW`] items of an order. The score is the number ordered by (negated when ascending),
/// so it falls from place to place; items without one (unknown freight) come last.
pub fn ordered(
    generation: &Generation,
    query: &LexicalQuery<'_>,
    level: MatchLevel,
    gate: &Gate<'_>,
    sort: v1::Sort,
) -> Result<Vec<RankedItem>> {
    let mut best: BinaryHeap<Reverse<(i64, Reverse<Ordinal>)>> = BinaryHeap::new();
    let mut take = |ordinal: Ordinal| {
        if let Some(number) = number(generation, gate, sort, ordinal) {
            best.push(Reverse((number, Reverse(ordinal))));
            if best.len() > limits::RESULT_WINDOW {
                best.pop();
            }
        }
        true
    };
    if query.is_empty() {
        let _ = generation.columns.ordinals().all(&mut take);
    } else {
        generation.lexical.matching(query, level).each(&mut take)?;
    }
    let source = if query.is_empty() {
        Source::Browse
    } else {
        Source::Lexical
    };
    let ranked = best
        .into_sorted_vec()
        .into_iter()
        .map(|Reverse((number, Reverse(ordinal)))| RankedItem {
            others: Box::default(),
            team: None,
            ordinal,
            score: number as f64,
            boosted: 0.0,
            sources: Sources::of(source),
            full_match: level.is_whole(),
            scoring: None,
        });
    Ok(ranked.collect())
}

/// What an item is ordered by, higher first; `None` when it may not be shown.
fn number(
    generation: &Generation,
    gate: &Gate<'_>,
    sort: v1::Sort,
    ordinal: Ordinal,
) -> Option<i64> {
    let Verdict::Pass(modes) = gate.check(ordinal) else {
        return None;
    };
    let row = generation.columns.row(ordinal)?;
    let offer = row.offer(gate.market().region)?;
    let price = || gate.costs().price(offer);
    let landed = || gate.costs().landed(row, offer, modes);
    Some(match sort {
        v1::Sort::Unspecified | v1::Sort::Relevance => 0,
        v1::Sort::PriceAscending => -price(),
        v1::Sort::PriceDescending => price(),
        v1::Sort::LandedPriceAscending => landed().map_or(i64::MIN, |sum| -sum),
        v1::Sort::LandedPriceDescending => landed().unwrap_or(i64::MIN),
        v1::Sort::Sales => i64::from(row.sales),
        v1::Sort::Newest => row.created,
    })
}
