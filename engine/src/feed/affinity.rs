//! What the model says of candidates beside each other: its log-odds as a signal.

use super::asking::Asking;
use crate::{
    base::Ordinal,
    flow::candidate::Candidate,
    recommend::{model::scale, source::SOURCES},
};

/// Log-odds below the likeliest candidate at which an affinity is 0: it is chosen some 3,000 times as seldom.
const SPAN: f32 = 8.0;

/// Gives each candidate its affinity; nothing without a model.
pub fn weigh(candidates: &mut [Candidate], asking: &Asking<'_>) {
    let Some(learnt) = &asking.learnt else {
        return;
    };
    let (served, model) = (learnt.served, learnt.served.model());
    let ordinals: Vec<Ordinal> = candidates.iter().map(|known| known.ordinal).collect();
    let wanted = match &learnt.wish {
        Some(wish) => served.wanted(wish, &asking.generation.vectors, &ordinals),
        None => vec![0.0; ordinals.len()],
    };
    let trend = asking.generation.trends.of(&asking.interests.region);
    let rows = ordinals.iter().zip(wanted).map(|(ordinal, wanted)| {
        let trend = trend.map_or(0.0, |trend| trend.of(*ordinal));
        model.features_of(served.item(*ordinal), wanted, trend, &learnt.heard)
    });
    let mut rows: Vec<[f32; SOURCES]> = rows.collect();
    scale(&mut rows);
    let scores: Vec<f32> = rows.iter().map(|row| model.score(row)).collect();
    let best = scores.iter().copied().fold(f32::MIN, f32::max);
    for (candidate, score) in candidates.iter_mut().zip(scores) {
        candidate.affinity = (1.0 + (score - best) / SPAN).max(0.0);
    }
}
