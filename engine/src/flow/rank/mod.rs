//! Candidates to ranked items: a weighted sum of signals, by the region's profile; where the profile has a learned model,
//! that scores the best of them again.
//!
//! The score is the sum of its parts (`parts`) in their order, computed once and in that order, so an explanation adds up
//! to it to the last bit. Boosts are bounded by the profile's margin (see `config::profile`).

mod facts;
mod learned;
mod parts;
pub mod signals;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use sampan_analyzers::plan::Preference;

use super::{
    candidate::{Candidate, Sources},
    filter::{Gate, Verdict},
    interleave::Team,
    merchandise::Shifts,
    named::Named,
    pools::PoolBoosts,
    taste::Taste,
};
use crate::{
    base::{Ordinal, ship::ModeSet},
    behaviour::{Rates, RegionResponse},
    config::profile::RankingProfile,
    index::columns::{Columns, NameId, Names, OfferRow, Row},
};
pub use parts::{Part, Phase, Scoring};
use signals::{REGISTRY, SignalValue};

/// What signals may look at, beside the candidate.
pub struct RankContext<'a> {
    pub now: i64,
    /// Median display price of the candidates; 0 when none has one.
    pub median_price: i64,
    /// Median landed price of those whose freight is known; 0 when it is of none.
    pub median_landed: i64,
    /// Of all that is shown in the region.
    pub mean_rates: Rates,
    pub names: &'a Names,
    pub asked: &'a Asked<'a>,
    pub pool_boosts: PoolBoosts,
}

/// What is asked for beside words, who asks, and what others do; nothing of what is not known.
#[derive(Default)]
pub struct Asked<'a> {
    pub preferences: &'a [Preference],
    pub named: Named,
    pub taste: Taste,
    pub response: Option<RegionResponse<'a>>,
    /// What merchandising rules lift and lower, of a query or a feed.
    pub shifts: Shifts<'a>,
}

/// A candidate with its facts at hand.
pub struct Scored<'a> {
    pub candidate: &'a Candidate,
    pub row: &'a Arc<Row>,
    pub offer: &'a OfferRow,
    /// Modes that reach the shopper.
    pub modes: ModeSet,
    /// In the display currency.
    pub price: i64,
    pub brand: NameId,
    /// How far rules move it, -1 to 1.
    pub shift: f64,
    pub category: NameId,
    pub seller: NameId,
    /// Price and freight, likewise; `None` when unknown, or when no signal in use looks at it (as those below).
    pub landed: Option<i64>,
    /// Median price of the candidates of its category; 0 when it is the only one.
    pub category_median: i64,
    pub rates: Rates,
    /// Share of what was shown in the region that was its seller's.
    pub exposure: f64,
}

/// A ranked item. Only what later pages need: pages keep many of these.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedItem {
    pub ordinal: Ordinal,
    pub score: f64,
    /// What of the score are boosts.
    pub boosted: f64,
    pub sources: Sources,
    pub full_match: bool,
    /// How the score came about, when an explanation is asked for.
    pub scoring: Option<Box<Scoring>>,
    /// Other offers of the same product, best first; empty unless they were folded.
    pub others: Box<[Self]>,
    /// Which ranking brought it, where two were interleaved.
    pub team: Option<Team>,
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
    let in_use = facts::in_use(profile, explain);
    let mut scored = with_facts(&candidates, columns, gate, &asked.shifts);
    facts::gather(&mut scored, &in_use, gate, &columns.names, asked);
    let response = asked.response.as_ref();
    let context = RankContext {
        now,
        median_price: median(scored.iter().map(|item| item.price)),
        median_landed: median(scored.iter().filter_map(|item| item.landed)),
        mean_rates: response.map_or_else(Rates::default, |response| response.mean),
        names: &columns.names,
        asked,
        pool_boosts: PoolBoosts::of_profile(profile, &columns.pools, gate.market().region),
    };
    let keeps_values = explain || profile.model.is_some();
    let weighed = Weighed::of(&in_use, profile);
    let ranked = scored.iter().map(|item| {
        let mut values = keeps_values.then(|| vec![0.0; REGISTRY.len()].into_boxed_slice());
        let (score, boosted) = sum(&weighed, item, &context, values.as_deref_mut());
        RankedItem {
            others: Box::default(),
            team: None,
            ordinal: item.candidate.ordinal,
            score,
            boosted,
            sources: item.candidate.sources,
            full_match: item.candidate.full_match,
            scoring: values.map(|values| {
                Box::new(Scoring {
                    phase: Phase::Linear,
                    values,
                    ranks_without: Vec::new(),
                    lift: None,
                })
            }),
        }
    });
    let mut ranked: Vec<RankedItem> = ranked.collect();
    order(&mut ranked, profile, explain);
    ranked
}

/// Puts scored items in order, the best of them by the model where there is one.
fn order(ranked: &mut [RankedItem], profile: &RankingProfile, explain: bool) {
    // No two have one ordinal, so that equals need not keep their order.
    ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.ordinal.cmp(&b.ordinal)));
    if let Some(model) = &profile.model {
        learned::rerank(ranked, model, profile);
    }
    if explain {
        parts::rank_without_boosts(ranked, profile);
    } else {
        ranked.iter_mut().for_each(|item| item.scoring = None);
    }
}

/// A signal that a ranking needs, with what the profile makes of it.
struct Weighed {
    /// In the registry.
    place: usize,
    weight: f64,
    is_boost: bool,
    value: SignalValue,
}

impl Weighed {
    fn of(in_use: &[usize], profile: &RankingProfile) -> Vec<Self> {
        let weighed = in_use.iter().map(|&place| Self {
            place,
            weight: profile.weights[place],
            is_boost: parts::is_boost(place),
            value: REGISTRY[place].value,
        });
        weighed.collect()
    }
}

/// An item's score, and what of it are boosts: the parts summed in the registry's order, of which those that weigh nothing
/// change no bit. `values` takes the signals' values.
fn sum(
    weighed: &[Weighed],
    item: &Scored<'_>,
    context: &RankContext<'_>,
    mut values: Option<&mut [f64]>,
) -> (f64, f64) {
    let (mut score, mut boosted) = (0.0, 0.0);
    for signal in weighed {
        let value = (signal.value)(item, context);
        let part = value * signal.weight;
        score += part;
        if signal.is_boost {
            boosted += part;
        }
        if let Some(values) = &mut values {
            values[signal.place] = value;
        }
    }
    (score, boosted)
}

/// Candidates with their facts, without what the gate stops. Facts of neighbours lie far apart in memory: each kind is
/// fetched for all candidates at once, so that the processor waits for many of them together and not for one after the
/// other.
fn with_facts<'a>(
    candidates: &'a [Candidate],
    columns: &'a Columns,
    gate: &Gate<'_>,
    shifts: &Shifts<'_>,
) -> Vec<Scored<'a>> {
    let region = gate.market().region;
    let ordinals = || candidates.iter().map(|candidate| candidate.ordinal);
    let verdicts: Vec<Verdict> = ordinals().map(|ordinal| gate.check(ordinal)).collect();
    let rows: Vec<Option<&Arc<Row>>> = ordinals().map(|ordinal| columns.row(ordinal)).collect();
    let offers = rows.iter().map(|row| row.and_then(|row| row.offer(region)));
    let offers: Vec<Option<&OfferRow>> = offers.collect();
    let facts = candidates.iter().zip(verdicts).zip(rows.iter().zip(offers));
    let mut scored = Vec::with_capacity(candidates.len());
    for ((candidate, verdict), (row, offer)) in facts {
        let (Verdict::Pass(modes), Some(row), Some(offer)) = (verdict, *row, offer) else {
            continue;
        };
        let hot = columns.hot(candidate.ordinal);
        scored.push(Scored {
            candidate,
            row,
            offer,
            modes,
            price: gate.costs().price(offer),
            brand: hot.brand,
            category: hot.category,
            seller: hot.seller,
            shift: shifts.of(&hot, row),
            landed: None,
            category_median: 0,
            rates: Rates::default(),
            exposure: 0.0,
        });
    }
    scored
}

/// The median of the amounts above 0; 0 when there is none.
fn median(amounts: impl Iterator<Item = i64>) -> i64 {
    let mut known: Vec<i64> = amounts.filter(|amount| *amount > 0).collect();
    if known.is_empty() {
        return 0;
    }
    let middle = known.len() / 2;
    *known.select_nth_unstable(middle).1
}
