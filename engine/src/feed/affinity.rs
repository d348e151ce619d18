//! What the model says of candidates beside each other, gathered.

use super::asking::Asking;
use crate::{
    base::Ordinal,
    flow::{
        affinity::{Affinities, Evidence},
        candidate::Candidate,
    },
    index::feed_model::Wanted,
    recommend::{model::scale, source::SOURCES},
};

/// Gives each candidate its affinity, and tells how likely each is to be chosen; `explain`: also why. Nothing without a model.
pub fn weigh(candidates: &mut [Candidate], asking: &Asking<'_>, explain: bool) -> Affinities {
    let Some(learnt) = &asking.learnt else {
        return Affinities::default();
    };
    let (served, model) = (learnt.served, learnt.served.model());
    let ordinals: Vec<Ordinal> = candidates.iter().map(|known| known.ordinal).collect();
    let wanted = match &learnt.wish {
        Some(wish) => served.wanted(wish, &asking.generation.vectors, &ordinals),
        None => vec![Wanted::default(); ordinals.len()],
    };
    let trend = asking.generation.trends.of(&asking.interests.region);
    let rows = ordinals.iter().zip(&wanted).map(|(ordinal, wanted)| {
        let trend = trend.map_or(0.0, |trend| trend.of(*ordinal));
        model.features_of(served.item(*ordinal), wanted.all(), trend, &learnt.heard)
    });
    let mut rows: Vec<[f32; SOURCES]> = rows.collect();
    scale(&mut rows);
    let evidence = rows.iter().zip(&wanted);
    let evidence = evidence.map(|(row, wanted)| Evidence::new(row, wanted.by_content()));
    let evidence: Vec<Evidence> = evidence.collect();
    let mut affinities = Affinities::of(&model.weights, &evidence);
    for (candidate, evidence) in candidates.iter_mut().zip(&evidence) {
        candidate.affinity = affinities.signal(evidence);
    }
    let log_odds = evidence.iter().map(|its| affinities.log_odds(its) as f32);
    let probabilities = model.probabilities(&log_odds.collect::<Vec<_>>());
    affinities.probabilities = ordinals.iter().copied().zip(probabilities).collect();
    if explain {
        affinities.explained = ordinals.into_iter().zip(evidence).collect();
    }
    affinities
}
