//! Best-first search on the base level.

use super::super::beam::Scratch;
use super::super::quantise::{Codes, Probe};
use super::base::Adjacency;

/// Nodes that one step expands: with two, the memory of one's neighbours arrives while the other's
/// list is read.
const EXPANDED_AT_ONCE: usize = 2;

/// Fills the scratch beam with the `width` nodes most similar to the probe, starting from `seeds`.
pub(in super::super) fn walk(
    graph: &impl Adjacency,
    codes: &Codes<'_>,
    probe: &Probe<'_>,
    (seeds, width): (&[u32], usize),
    scratch: &mut Scratch,
) {
    scratch.beam.reset(width);
    sow(graph, seeds, scratch);
    loop {
        estimate_batch(graph, codes, probe, scratch);
        for (place, &node) in scratch.batch.iter().enumerate() {
            if scratch.beam.offer(scratch.estimates[place], node) {
                graph.prefetch(node);
            }
        }
        scratch.batch.clear();
        let mut expanded = 0;
        while expanded < EXPANDED_AT_ONCE
            && let Some(nearest) = scratch.beam.next_unexpanded()
        {
            gather(graph, codes, nearest.id, scratch);
            expanded += 1;
        }
        if expanded == 0 {
            return;
        }
    }
}

/// How a filtered walk may go.
#[derive(Clone, Copy)]
pub(in super::super) struct FilteredWalk<'a> {
    /// Nodes to begin at.
    pub seeds: &'a [u32],
    /// Passing nodes to look for.
    pub width: usize,
    /// Nodes to expand at most.
    pub steps_max: usize,
}

/// Fills the scratch's passing beam with the `width` passing nodes most similar to the probe. The way
/// leads over all nodes, and ends where none is left that is more similar than the worst of those.
///
/// False when `steps_max` was too few for that.
pub(in super::super) fn walk_filtered(
    graph: &impl Adjacency,
    codes: &Codes<'_>,
    probe: &Probe<'_>,
    walk: FilteredWalk<'_>,
    passes: impl Fn(u32) -> bool,
    scratch: &mut Scratch,
) -> bool {
    scratch.beam.reset(walk.steps_max);
    scratch.passing.reset(walk.width);
    sow(graph, walk.seeds, scratch);
    let mut steps = 0;
    loop {
        estimate_batch(graph, codes, probe, scratch);
        for (place, &node) in scratch.batch.iter().enumerate() {
            let estimate = scratch.estimates[place];
            if scratch.passing.admits(estimate) {
                if scratch.beam.offer(estimate, node) {
                    graph.prefetch(node);
                }
                if passes(node) {
                    scratch.passing.offer(estimate, node);
                }
            }
        }
        scratch.batch.clear();
        let before = steps;
        while steps < before + EXPANDED_AT_ONCE
            && let Some(nearest) = scratch.beam.next_unexpanded()
            && scratch.passing.admits(nearest.similarity)
        {
            gather(graph, codes, nearest.id, scratch);
            steps += 1;
        }
        if steps == before {
            return true;
        }
        if steps > walk.steps_max {
            return false;
        }
    }
}

/// Adds the unseen neighbours of `node` to the batch.
#[inline]
fn gather(graph: &impl Adjacency, codes: &Codes<'_>, node: u32, scratch: &mut Scratch) {
    graph.neighbours(node, &mut scratch.neighbours);
    for &neighbour in scratch.neighbours.ids() {
        if scratch.visited.insert(neighbour) {
            codes.prefetch(graph.code_row(neighbour));
            scratch.batch.push(neighbour);
        }
    }
}

/// Forgets what was visited and puts the seeds into the batch.
fn sow(graph: &impl Adjacency, seeds: &[u32], scratch: &mut Scratch) {
    scratch.visited.reset(graph.nodes());
    scratch.batch.clear();
    for &seed in seeds {
        if scratch.visited.insert(seed) {
            scratch.batch.push(seed);
        }
    }
}

#[inline]
fn estimate_batch(
    graph: &impl Adjacency,
    codes: &Codes<'_>,
    probe: &Probe<'_>,
    scratch: &mut Scratch,
) {
    let rows = graph.code_rows(&scratch.batch, &mut scratch.rows);
    codes.estimate(probe, rows, &mut scratch.estimates);
}
