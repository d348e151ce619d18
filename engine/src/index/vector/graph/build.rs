//! Building a graph: hnsw_rs links a sample, then every other node is inserted below it.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::super::beam::{Candidate, LIST_IDS_MAX, Scratch, with_scratch};
use super::super::quantise::{Codes, Probe};
use super::backbone::backbone;
use super::base::{Adjacency, GrowingBase};
use super::diverse::diverse;
use super::level::{UpperLevel, descend};
use super::walk::walk;
use super::{Graph, InheritedLinks};

/// One node in this many belongs to the sample: the ratio of HNSW's levels at 16 connections.
const SAMPLED_ONE_IN: u64 = 16;
/// Slots of each list on the base level.
const BASE_DEGREE: usize = LIST_IDS_MAX;
/// Slots of each list above it.
const UPPER_DEGREE: usize = 32;
/// Nodes that a new node links to; the other slots are for nodes that link to it.
const NEW_LINKS_MAX: usize = 24;

/// Links the nodes of `codes`, except those with inherited links; `None` when `cancelled` turned true
/// meanwhile. Runs on the rayon pool that it is called in.
pub(in super::super) fn build_graph(
    codes: Codes<'_>,
    beam_width: usize,
    inherited: &InheritedLinks,
    cancelled: &AtomicBool,
) -> Option<Graph> {
    let nodes = codes.len() as u32;
    if nodes < 2 {
        return Some(Graph::default());
    }
    let sampled = |node: u32| node == 0 || scattered(node).is_multiple_of(SAMPLED_ONE_IN);
    let sample: Vec<u32> = (0..nodes).filter(|&node| sampled(node)).collect();
    let levels = backbone(codes, &sample, beam_width);
    let base = GrowingBase::new(codes.len(), BASE_DEGREE);
    // Something must be linked before others can be linked to it: what was inherited, or the sample.
    let first_lists = match (inherited.lists.as_slice(), levels.first()) {
        ([], Some(sample)) => sample,
        (lists, _) => lists,
    };
    let mut linked = vec![false; codes.len()];
    for (node, list) in first_lists {
        base.set(*node, list.iter().copied());
        linked[*node as usize] = true;
    }
    let upper: Vec<UpperLevel> = levels
        .iter()
        .map(|lists| UpperLevel::new(lists, UPPER_DEGREE))
        .collect();
    // Neighbouring ordinals are often alike; in another order each region grows evenly.
    let mut others: Vec<u32> = (0..nodes).filter(|&node| !linked[node as usize]).collect();
    others.sort_unstable_by_key(|&node| scattered(node));
    others.par_iter().try_for_each(|&node| {
        with_scratch(|scratch| {
            let mut signed = Vec::new();
            let probe = Probe::of_row(&codes, node, &mut signed);
            let seeds = descend(upper.iter().map(UpperLevel::view), &codes, &probe, scratch);
            walk(&base, &codes, &probe, (&seeds, beam_width), scratch);
            link(&base, &codes, node, scratch);
        });
        (!cancelled.load(Ordering::Relaxed)).then_some(())
    })?;
    let base = base.into_lists();
    Some(Graph {
        base_degree: BASE_DEGREE,
        base,
        upper_degree: UPPER_DEGREE,
        upper,
    })
}

/// Links `node` to diverse nodes of the scratch beam, and those back to it.
fn link(base: &GrowingBase, codes: &Codes<'_>, node: u32, scratch: &mut Scratch) {
    let candidates: Vec<Candidate> = scratch.beam.candidates().filter(|c| c.id != node).collect();
    let neighbours = diverse(codes, &candidates, NEW_LINKS_MAX);
    {
        let _guard = base.lock(node);
        base.set(node, neighbours.iter().copied());
    }
    for neighbour in neighbours {
        let _guard = base.lock(neighbour);
        if !base.push(neighbour, node) {
            prune(base, codes, neighbour, node, scratch);
        }
    }
}

/// Chooses the list of a full `node` anew, with `new` among the candidates.
fn prune(base: &GrowingBase, codes: &Codes<'_>, node: u32, new: u32, scratch: &mut Scratch) {
    let mut signed = Vec::new();
    let probe = Probe::of_row(codes, node, &mut signed);
    base.neighbours(node, &mut scratch.neighbours);
    scratch.batch.clear();
    scratch.batch.extend_from_slice(scratch.neighbours.ids());
    scratch.batch.push(new);
    codes.estimate(&probe, &scratch.batch, &mut scratch.estimates);
    let pairs = scratch.batch.iter().zip(&scratch.estimates);
    let mut candidates: Vec<Candidate> = pairs
        .map(|(&id, &similarity)| Candidate { similarity, id })
        .collect();
    candidates.sort_unstable_by(|left, right| right.similarity.total_cmp(&left.similarity));
    base.set(node, diverse(codes, &candidates, base.degree()));
}

/// A fixed pseudo-random number for each node (the finaliser of SplitMix64).
fn scattered(node: u32) -> u64 {
    let mut bits = u64::from(node).wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
