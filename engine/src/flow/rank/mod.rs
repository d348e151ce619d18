//! Candidates to ranked items: a weighted sum of signals, by the region's profile.
//!
//! The score is the sum of its parts in the order of the registry, computed once and in that order, so an explanation
//! adds up to it to the last bit. Boosts are bounded by the profile's margin (see `config::profile`).

pub mod signals;

use std::sync::Arc;

use sampan_analyzers::plan::Preference;

use super::{
    candidate::{Candidate, Sources},
    filter::{Gate, Verdict},
    named::NamedBrands,
};
use crate::{
    base::{Ordinal, ship::ModeSet},
    config::profile::RankingProfile,
    index::columns::{Columns, NameId, OfferRow, Row},
};
use signals::REGISTRY;

/// What signals may look at, beside the candidate.
pub struct RankContext<'a> {
    pub now: i64,
    /// Median display price of the candidates; 0 when none has one.
    pub median_price: i64,
    pub asked: &'a Asked<'a>,
}

/// What the query asks for beside words; nothing in a feed.
#[derive(Default)]
pub struct Asked<'a> {
    pub preferences: &'a [Preference],
    pub brands: NamedBrands,
}

/// A candidate with its facts at hand.
pub struct Scored<'a> {
    pub candidate: Candidate,
    pub row: &'a Arc<Row>,
    pub offer: &'a OfferRow,
    /// Modes that reach the shopper.
    pub modes: ModeSet,
    /// In the display currency.
    pub price: i64,
    pub brand: NameId,
}

/// A ranked item. Only what later pages need: pages keep many of these.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedItem {
    pub ordinal: Ordinal,
    pub score: f64,
    pub sources: Sources,
    pub full_match: bool,
    /// Values of the signals in the registry's order, when an explanation is asked for.
    pub signals: Option<Box<[f64]>>,
    /// Other offers of the same product, best first; empty unless they were folded.
    pub others: Box<[Self]>,
}

/// Ranks candidates, best first; equal scores by ordinal. What the gate stops falls out here at the latest.
pub fn rank(
    candidates: Vec<Candidate>,
    columns: &Columns,
    gate: &Gate<'_>,
    profile: &RankingProfile,
    asked: &Asked<'_>,
    now: i64,
    explain: bool,
) -> Vec<RankedItem> {
    let scored: Vec<Scored<'_>> = candidates
        .into_iter()
        .filter_map(|candidate| with_facts(candidate, columns, gate))
        .collect();
    let context = RankContext {
        now,
        median_price: median_price(&scored),
        asked,
    };
    let mut values = vec![0.0; REGISTRY.len()];
    let mut ranked: Vec<RankedItem> = scored
        .iter()
        .map(|scored| {
            for (value, signal) in values.iter_mut().zip(REGISTRY) {
                *value = (signal.value)(scored, &context);
            }
            RankedItem {
                others: Box::default(),
                ordinal: scored.candidate.ordinal,
                score: score(&values, profile),
                sources: scored.candidate.sources,
                full_match: scored.candidate.full_match,
                signals: explain.then(|| values.clone().into()),
            }
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.ordinal.cmp(&b.ordinal)));
    ranked
}

/// The score of signal values: the parts summed in order.
pub fn score(values: &[f64], profile: &RankingProfile) -> f64 {
    values
        .iter()
        .zip(&profile.weights)
        .fold(0.0, |sum, (value, weight)| sum + value * weight)
}

fn with_facts<'a>(
    candidate: Candidate,
    columns: &'a Columns,
    gate: &Gate<'_>,
) -> Option<Scored<'a>> {
    let Verdict::Pass(modes) = gate.check(candidate.ordinal) else {
        return None;
    };
    let row = columns.row(candidate.ordinal)?;
    let offer = row.offer(gate.market().region)?;
    Some(Scored {
        candidate,
        row,
        offer,
        modes,
        price: gate.price_in(offer, gate.market().currency),
        brand: columns.hot(candidate.ordinal).brand,
    })
}

fn median_price(scored: &[Scored<'_>]) -> i64 {
    let mut prices: Vec<i64> = scored.iter().map(|s| s.price).filter(|p| *p > 0).collect();
    if prices.is_empty() {
        return 0;
    }
    let middle = prices.len() / 2;
    *prices.select_nth_unstable(middle).1
}
