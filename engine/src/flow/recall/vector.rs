//! Candidates by vectors: what lies near a query's meaning, or near an item, under the gate.

use roaring::RoaringBitmap;

use crate::{
    base::{
        Ordinal,
        error::{Result, SampanError},
    },
    config::profile::VectorProfile,
    flow::{
        candidate::{Candidate, Source},
        filter::Gate,
    },
    index::{
        columns::EligibleItems,
        vector::{Direction, Eligibility, Neighbour, VectorSnapshot},
    },
};

/// The gate, as the vector index asks it.
struct GateEligibility<'g, 'c>(&'g Gate<'c>);

impl Eligibility for GateEligibility<'_, '_> {
    fn allows(&self, ordinal: Ordinal) -> bool {
        self.0.allows(ordinal)
    }

    fn bitmap(&self) -> Option<&RoaringBitmap> {
        self.0.unfiltered().map(EligibleItems::bitmap)
    }

    fn words(&self) -> Option<&[u64]> {
        self.0.unfiltered().map(EligibleItems::words)
    }
}

/// The items nearest to what a query means. What words brought is at hand in `by_words`: its best show where to look,
/// and each gets its nearness.
pub fn vector(
    snapshot: &VectorSnapshot,
    typed: &Direction,
    by_words: &mut [Candidate],
    profile: &VectorProfile,
    gate: &Gate<'_>,
) -> Result<Vec<Candidate>> {
    let best = best_by_words(by_words, profile.feedback_items);
    let meant = snapshot.moved(typed, &best, profile.feedback_share);
    let ordinals: Vec<Ordinal> = by_words.iter().map(|known| known.ordinal).collect();
    let similarities = snapshot.similarities(&meant, &ordinals);
    for (candidate, similarity) in by_words.iter_mut().zip(similarities) {
        candidate.vector = similarity.unwrap_or(0.0).clamp(0.0, 1.0);
    }
    let found = snapshot
        .near(&meant, profile.candidates, &GateEligibility(gate))
        .map_err(SampanError::internal)?;
    Ok(candidates(found))
}

/// The `count` nearest eligible items to an item.
pub fn similar(
    snapshot: &VectorSnapshot,
    item: Ordinal,
    count: usize,
    gate: &Gate<'_>,
) -> Result<Vec<Candidate>> {
    /// Cosine below which items have nothing in common.
    const SIMILARITY_MIN: f32 = 0.0;
    let found = snapshot
        .similar(item, count, SIMILARITY_MIN, &GateEligibility(gate))
        .map_err(SampanError::internal)?;
    Ok(candidates(found))
}

/// The `count` nearest eligible items to a direction.
pub fn near(
    snapshot: &VectorSnapshot,
    direction: &Direction,
    count: usize,
    gate: &Gate<'_>,
) -> Result<Vec<Candidate>> {
    let found = snapshot
        .near(direction, count, &GateEligibility(gate))
        .map_err(SampanError::internal)?;
    Ok(candidates(found))
}

/// The best items that have the whole query, by their words alone.
fn best_by_words(by_words: &[Candidate], count: usize) -> Vec<Ordinal> {
    let mut best: Vec<&Candidate> = by_words.iter().filter(|known| known.full_match).collect();
    best.sort_by(|a, b| b.lexical.total_cmp(&a.lexical));
    best.iter().take(count).map(|known| known.ordinal).collect()
}

fn candidates(found: Vec<Neighbour>) -> Vec<Candidate> {
    found
        .into_iter()
        .map(|neighbour| Candidate {
            vector: neighbour.similarity.clamp(0.0, 1.0),
            ..Candidate::new(neighbour.ordinal, Source::Vector)
        })
        .collect()
}
