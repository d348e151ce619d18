//! Best-first search on the base level.

use super::super::beam::Scratch;
use super::super::quantise::{Codes, Probe};
use super::base::Adjacency;

/// Nodes that one step of a filtered walk gathers before it looks at no further bridge.
const GATHERED_NODES_MAX: usize = 32;

/// Fills the scratch beam with the `width` nodes most similar to the probe, starting from `start`.
pub(in super::super) fn walk(
    graph: &impl Adjacency,
    codes: &Codes<'_>,
    probe: &Probe<'_>,
    (start, width): (u32, usize),
    scratch: &mut Scratch,
) {
    scratch.visited.reset(graph.nodes());
    scratch.beam.reset(width);
    scratch.visited.insert(start);
    scratch.batch.clear();
    scratch.batch.push(start);
    offer_batch(graph, codes, probe, scratch);
    while let Some(node) = scratch.beam.next_unexpanded() {
        graph.neighbours(node, &mut scratch.neighbours);
        scratch.batch.clear();
        for &neighbour in scratch.neighbours.ids() {
            if scratch.visited.insert(neighbour) {
                codes.prefetch(neighbour);
                scratch.batch.push(neighbour);
            }
        }
        offer_batch(graph, codes, probe, scratch);
    }
}

/// Like [`walk`], but the beam takes only nodes that pass `passes`, and steps over those that do
/// not: their neighbours count as neighbours of the node before.
pub(in super::super) fn walk_eligible(
    graph: &impl Adjacency,
    codes: &Codes<'_>,
    probe: &Probe<'_>,
    (start, width): (u32, usize),
    passes: impl Fn(u32) -> bool,
    scratch: &mut Scratch,
) {
    scratch.visited.reset(graph.nodes());
    scratch.refused.reset(graph.nodes());
    scratch.beam.reset(width);
    scratch.visited.insert(start);
    scratch.batch.clear();
    if passes(start) {
        scratch.batch.push(start);
        offer_batch(graph, codes, probe, scratch);
    }
    let mut next = Some(start);
    while let Some(node) = next {
        gather(graph, node, &passes, scratch);
        for &node in &scratch.batch {
            codes.prefetch(node);
        }
        offer_batch(graph, codes, probe, scratch);
        next = scratch.beam.next_unexpanded();
    }
}

/// Puts the unseen passing nodes around `node` into the batch.
fn gather(graph: &impl Adjacency, node: u32, passes: &impl Fn(u32) -> bool, scratch: &mut Scratch) {
    let Scratch {
        visited,
        refused,
        neighbours,
        bridges,
        batch,
        ..
    } = scratch;
    batch.clear();
    bridges.clear();
    graph.neighbours(node, neighbours);
    for &neighbour in neighbours.ids() {
        if !visited.insert(neighbour) {
            continue;
        }
        if !refused.contains(neighbour) && passes(neighbour) {
            batch.push(neighbour);
        } else {
            refused.insert(neighbour);
            graph.prefetch(neighbour);
            bridges.push(neighbour);
        }
    }
    for &bridge in bridges.iter() {
        if batch.len() >= GATHERED_NODES_MAX {
            break;
        }
        graph.neighbours(bridge, neighbours);
        for &neighbour in neighbours.ids() {
            if visited.contains(neighbour) || refused.contains(neighbour) {
                continue;
            }
            if passes(neighbour) {
                visited.insert(neighbour);
                batch.push(neighbour);
            } else {
                refused.insert(neighbour);
            }
        }
    }
}

fn offer_batch(
    graph: &impl Adjacency,
    codes: &Codes<'_>,
    probe: &Probe<'_>,
    scratch: &mut Scratch,
) {
    codes.estimate(probe, &scratch.batch, &mut scratch.estimates);
    for (place, &node) in scratch.batch.iter().enumerate() {
        if scratch.beam.offer(scratch.estimates[place], node) {
            graph.prefetch(node);
        }
    }
}
