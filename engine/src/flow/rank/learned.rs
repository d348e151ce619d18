//! The dear phase of ranking: a learned model scores the best of the weighted sum.

use super::{RankedItem, Scoring, parts::Phase};
use crate::config::{profile::RankingProfile, ranking_model::RankingModel};

/// How far below the last item that the model scored the first of the others stands.
const STEP_BELOW: f64 = 1e-6;

/// Scores the best candidates of a ranking by the model, and puts the others below them in their order. Every item has
/// its scoring.
pub fn rerank(ranked: &mut [RankedItem], model: &RankingModel, profile: &RankingProfile) {
    let (best, others) = ranked.split_at_mut(model.table.candidates.min(ranked.len()));
    let values = best.iter().filter_map(|item| item.scoring.as_deref());
    let scores = model.scores(values.map(|scoring| &*scoring.values));
    for (item, value) in best.iter_mut().zip(scores) {
        put(item, Phase::Learned { value }, profile);
    }
    best.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.ordinal.cmp(&b.ordinal)));
    let (Some(last), Some(first)) = (best.last(), others.first()) else {
        return;
    };
    let offset = last.score - first.score - STEP_BELOW;
    for item in others {
        put(item, Phase::Below { offset }, profile);
    }
}

fn put(item: &mut RankedItem, phase: Phase, profile: &RankingProfile) {
    if let Some(scoring) = item.scoring.as_deref_mut() {
        scoring.phase = phase;
        item.score = scoring.score(profile);
    }
}

impl Scoring {
    fn score(&self, profile: &RankingProfile) -> f64 {
        self.parts(profile)
            .fold(0.0, |sum, part| sum + part.contribution())
    }
}
