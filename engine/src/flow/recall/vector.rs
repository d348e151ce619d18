//! Candidates by vectors: neighbours of a vector under the gate.

use crate::{
    base::{
        Ordinal,
        error::{Result, SampanError},
    },
    flow::{
        candidate::{Candidate, Source},
        filter::Gate,
    },
    index::vector::{Eligibility, VectorSnapshot},
};

/// The gate, as the vector index asks it.
struct GateEligibility<'g, 'c>(&'g Gate<'c>);

impl Eligibility for GateEligibility<'_, '_> {
    fn allows(&self, ordinal: Ordinal) -> bool {
        self.0.allows(ordinal)
    }
}

/// The `count` nearest eligible items.
pub fn vector(
    snapshot: &VectorSnapshot,
    query: &[f32],
    count: usize,
    gate: &Gate<'_>,
) -> Result<Vec<Candidate>> {
    let found = snapshot
        .search(query, count, &GateEligibility(gate))
        .map_err(SampanError::internal)?;
    Ok(found
        .into_iter()
        .map(|neighbour| Candidate {
            vector: neighbour.similarity.clamp(0.0, 1.0),
            full_match: true,
            ..Candidate::new(neighbour.ordinal, Source::Vector)
        })
        .collect())
}
