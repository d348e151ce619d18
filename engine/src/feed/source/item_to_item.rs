//! Items that go with the shopper's latest, by what others did: live neighbours, joined with the model's co-occurrence and
//! Swing. What happened since the model was made is known to the first alone.

use rustc_hash::FxHashMap;

use super::{Asking, FeedSource, best};
use crate::{
    base::{Ordinal, error::Result},
    flow::{
        candidate::{Candidate, Source},
        filter::Gate,
    },
    index::generation::Generation,
    recommend::{ItemIndex, neighbours::strongest},
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::ItemToItem,
    recall,
};

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let mut found = linked(asking.generation, &asking.seeds, asking.gate, limit / 2);
    if let Some(learnt) = &asking.learnt {
        for scores in [&learnt.heard.together, &learnt.heard.swing] {
            found.extend(of_model(asking, scores, limit / 2));
        }
    }
    // Ranking weighs what each list says; here each has its share.
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|candidate| seen.insert(candidate.ordinal));
    found.truncate(limit);
    Ok(found)
}

/// The best of one of the model's lists that may be shown.
fn of_model(
    asking: &Asking<'_>,
    scores: &FxHashMap<ItemIndex, f32>,
    limit: usize,
) -> Vec<Candidate> {
    let Some(learnt) = &asking.learnt else {
        return Vec::new();
    };
    let shown = scores.iter().filter_map(|(item, score)| {
        let ordinal = learnt.served.ordinal(*item)?;
        Some((ordinal, *score))
    });
    // The gate is asked of the best alone: it reads from all over memory.
    let best = strongest(shown.collect(), 2 * limit).into_iter();
    let allowed = best.filter(|(ordinal, _)| asking.gate.allows(*ordinal));
    let candidates = allowed.map(|(ordinal, _)| Candidate::new(ordinal, Source::ItemToItem));
    candidates.take(limit).collect()
}

/// Items that go with the seeds, by live behaviour.
pub fn linked(
    generation: &Generation,
    seeds: &[(Ordinal, f32)],
    gate: &Gate<'_>,
    limit: usize,
) -> Vec<Candidate> {
    let mut strengths: FxHashMap<Ordinal, f32> = FxHashMap::default();
    let strongest = seeds.first().map_or(1.0, |(_, strength)| *strength);
    for (seed, strength) in seeds {
        for (other, together) in generation.behaviour.neighbours(*seed) {
            *strengths.entry(other).or_default() += together * strength / strongest;
        }
    }
    let eligible = strengths
        .into_iter()
        .filter(|(ordinal, _)| gate.allows(*ordinal));
    let candidates = eligible.map(|(ordinal, strength)| Candidate {
        behaviour: strength.min(1.0),
        ..Candidate::new(ordinal, Source::ItemToItem)
    });
    best(candidates.collect(), limit, |candidate| candidate.behaviour)
}
