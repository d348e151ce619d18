//! Which of the near nodes become neighbours: those that lie in different directions.

use super::super::beam::Candidate;
use super::super::quantise::{Codes, Probe};

/// A candidate is left out when a kept one is this many times nearer to it than the node itself is
/// (α of Subramanya et al., "DiskANN", 2019): larger keeps more long edges.
const SPREAD: f32 = 1.1;

/// Picks at most `degree` of `candidates`, which come most similar first.
pub(super) fn diverse(codes: &Codes<'_>, candidates: &[Candidate], degree: usize) -> Vec<u32> {
    let mut kept: Vec<u32> = Vec::with_capacity(degree);
    let (mut signed, mut estimates) = (Vec::new(), Vec::new());
    for candidate in candidates {
        if kept.len() == degree {
            break;
        }
        let probe = Probe::of_row(codes, candidate.id, &mut signed);
        codes.estimate(&probe, &kept, &mut estimates);
        let distance = 1.0 - candidate.similarity;
        if estimates
            .iter()
            .all(|similarity| (1.0 - similarity) * SPREAD >= distance)
        {
            kept.push(candidate.id);
        }
    }
    kept
}
