//! What a score is the sum of, and what each boost does to the order.

use super::{RankedItem, signals::REGISTRY};
use crate::{
    config::profile::{RankingProfile, SIGNAL_NAMES},
    flow::quota::Lift,
};

/// Which phase of ranking gave a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Phase {
    /// The weighted sum alone.
    Linear,
    /// The model, in place of all evidence.
    Learned { value: f64 },
    /// The weighted sum, of what the model did not look at.
    Below { offset: f64 },
}

/// How a score came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Scoring {
    pub phase: Phase,
    /// Values of the signals, in the registry's order.
    pub values: Box<[f64]>,
    /// For each boost its place in the registry, and the item's place in the result, from 0, if no item had it.
    pub ranks_without: Vec<(usize, u32)>,
    /// The quota that lifted it.
    pub lift: Option<Lift>,
}

/// One addend of a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    pub name: &'static str,
    pub value: f64,
    pub weight: f64,
    pub rank_without: Option<u32>,
}

impl Part {
    /// What it adds.
    pub fn contribution(&self) -> f64 {
        self.value * self.weight
    }
}

impl Scoring {
    /// The addends, in the order in which they are summed: their sum is the score, to the last bit.
    pub fn parts<'a>(&'a self, profile: &'a RankingProfile) -> impl Iterator<Item = Part> + 'a {
        let first = match self.phase {
            Phase::Linear => None,
            Phase::Learned { value } => {
                let weight = profile
                    .model
                    .as_ref()
                    .map_or(0.0, |model| model.table.weight);
                Some(("model", value, weight))
            }
            Phase::Below { offset } => Some(("below_model", offset, 1.0)),
        };
        let first = first.map(|(name, value, weight)| Part {
            name,
            value,
            weight,
            rank_without: None,
        });
        let is_learned = matches!(self.phase, Phase::Learned { .. });
        let summed = move |place: &usize| !is_learned || is_boost(*place);
        let signals = (0..REGISTRY.len()).filter(summed).map(|place| Part {
            name: REGISTRY[place].name,
            value: self.values[place],
            weight: profile.weights[place],
            rank_without: self
                .ranks_without
                .iter()
                .find(|(boost, _)| *boost == place)
                .map(|(_, rank)| *rank),
        });
        first.into_iter().chain(signals)
    }
}

/// Tells each item the place that it would have without each boost. Every item has its scoring.
pub fn rank_without_boosts(ranked: &mut [RankedItem], profile: &RankingProfile) {
    for boost in (0..REGISTRY.len()).filter(|place| is_boost(*place)) {
        let without = |item: &RankedItem| {
            let scoring = item.scoring.as_deref();
            let is_below = scoring.is_some_and(|s| matches!(s.phase, Phase::Below { .. }));
            let boosted = scoring.map_or(0.0, |s| s.values[boost] * profile.weights[boost]);
            (is_below, item.score - boosted)
        };
        let mut order: Vec<usize> = (0..ranked.len()).collect();
        order.sort_by(|a, b| {
            let ((a_below, a_score), (b_below, b_score)) =
                (without(&ranked[*a]), without(&ranked[*b]));
            let ordinals = || ranked[*a].ordinal.cmp(&ranked[*b].ordinal);
            let scores = b_score.total_cmp(&a_score);
            a_below.cmp(&b_below).then(scores).then_with(ordinals)
        });
        for (rank, place) in (0..).zip(order) {
            if let Some(scoring) = ranked[place].scoring.as_deref_mut() {
                scoring.ranks_without.push((boost, rank));
            }
        }
    }
}

/// Whether the signal of a place in the registry is a boost.
pub fn is_boost(place: usize) -> bool {
    SIGNAL_NAMES[place].1.is_boost()
}
