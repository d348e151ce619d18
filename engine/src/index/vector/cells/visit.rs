//! Searching cell by cell: the nearest first, until little is expected of those that are left.

use super::super::beam::{Scratch, falling, similarity_of_falling};
use super::super::kernels::BATCH_ROWS_MAX;
use super::super::quantise::{Codes, Probe};
use super::CellsView;
use super::outlook::{DEVIATIONS_MAX, Outlook, part_above};

/// What a cell's mean, a node that is asked about, and one that is eligible cost, in rows of a scan.
const MEAN_COST: f64 = 0.5;
const ASKED_COST: f64 = 0.25;
const ELIGIBLE_COST: f64 = 0.75;
/// Part of the results that may be expected, at most, in the cells that are left out. The bound that the expectation
/// goes by is three to five times too high, so about one in a hundred is.
const MISSED_PART: f32 = 0.03;
/// Cells that are looked into before it is known what the others must exceed: so many at least, and so many that they
/// should hold this many eligible nodes a result.
const FIRST_CELLS_MIN: usize = 16;
const FIRST_PER_RESULT: f64 = 2.0;
/// Cells between two looks at what is left.
const CELLS_AT_ONCE: usize = 8;

/// A search through cells.
pub(in super::super) struct Visit<'a> {
    pub cells: CellsView<'a>,
    /// Codes of the nodes.
    pub codes: Codes<'a>,
    pub probe: Probe<'a>,
    /// Nodes to find, and nodes to keep.
    pub results: usize,
    pub width: usize,
    /// Part of the nodes that is eligible.
    pub share: f64,
    /// What it may cost, in rows of a scan.
    pub cost_max: f64,
}

/// What a visit costs at least, in rows of a scan.
pub(in super::super) fn cost_min(
    cells: &CellsView<'_>,
    nodes: usize,
    share: f64,
    results: usize,
) -> f64 {
    let count = cells.len();
    let first = first_cells(count, nodes, share, results) as f64 * nodes as f64 / count as f64;
    count as f64 * MEAN_COST + first * cost_of_node(share)
}

fn cost_of_node(share: f64) -> f64 {
    ASKED_COST + share * ELIGIBLE_COST
}

fn first_cells(cells: usize, nodes: usize, share: f64, results: usize) -> usize {
    let wanted = FIRST_PER_RESULT * results as f64 / share * cells as f64 / nodes as f64;
    (wanted.ceil() as usize).max(FIRST_CELLS_MIN).min(cells)
}

/// Fills the scratch's passing beam with the passing nodes most similar to the probe; false when that would cost more
/// than it may.
pub(in super::super) fn visit(
    visit: &Visit<'_>,
    passes: impl Fn(u32) -> bool,
    scratch: &mut Scratch,
) -> bool {
    let (cells, nodes) = (visit.cells.len(), visit.codes.len());
    scratch.passing.reset(visit.width);
    rank_means(visit, scratch);
    let mut ranked = std::mem::take(&mut scratch.cells);
    let first = first_cells(cells, nodes, visit.share, visit.results);
    if first < cells {
        ranked.select_nth_unstable(first);
    }
    let (nearest, others) = ranked.split_at_mut(first);
    let mut outlook = Outlook::new(visit.codes.dimensions, visit.share);
    look_into(visit, nearest, &passes, &mut outlook, scratch);
    let left = likely(visit, others, &outlook);
    left.sort_unstable();
    let mut spent = cells as f64 * MEAN_COST;
    spent += f64::from(needed_nodes(visit, left, &outlook)) * cost_of_node(visit.share);
    let is_worth_it = spent <= visit.cost_max;
    if is_worth_it {
        let mut at = 0;
        while at < left.len() && !is_enough(visit, &left[at..], &outlook) {
            let end = (at + CELLS_AT_ONCE).min(left.len());
            look_into(visit, &left[at..end], &passes, &mut outlook, scratch);
            at = end;
        }
    }
    scratch.cells = ranked;
    is_worth_it
}

/// Puts every cell into the scratch, as a number that is lower for nearer ones.
fn rank_means(visit: &Visit<'_>, scratch: &mut Scratch) {
    let count = visit.cells.len() as u32;
    scratch.rows.clear();
    scratch.rows.extend(0..count);
    let means = &visit.cells.means;
    means.estimate(&visit.probe, &scratch.rows, &mut scratch.estimates);
    scratch.cells.clear();
    let ranked = (0..count).zip(&scratch.estimates);
    scratch.cells.extend(
        ranked.map(|(cell, &estimate)| u64::from(falling(estimate)) << 32 | u64::from(cell)),
    );
}

/// The similarity to expect of a ranked cell's nodes, and its number.
#[inline]
fn cell_of(ranked: u64) -> (f32, u32) {
    (similarity_of_falling((ranked >> 32) as u32), ranked as u32)
}

/// Offers the passing nodes of the cells.
fn look_into(
    visit: &Visit<'_>,
    ranked: &[u64],
    passes: &impl Fn(u32) -> bool,
    outlook: &mut Outlook,
    scratch: &mut Scratch,
) {
    scratch.batch.clear();
    scratch.expected.clear();
    for &ranked in ranked {
        let (similarity, cell) = cell_of(ranked);
        let tightness = visit.cells.tightness(cell);
        let nodes = visit.cells.nodes(cell);
        outlook.asked(nodes.len());
        for node in nodes {
            if passes(node) {
                visit.codes.prefetch(node);
                scratch.batch.push(node);
            }
        }
        scratch
            .expected
            .resize(scratch.batch.len(), (similarity, tightness));
        if scratch.batch.len() >= BATCH_ROWS_MAX {
            offer_batch(visit, outlook, scratch);
        }
    }
    offer_batch(visit, outlook, scratch);
    if let Some(similarity) = scratch.passing.similarity_at(visit.results) {
        outlook.threshold = similarity;
    }
}

fn offer_batch(visit: &Visit<'_>, outlook: &mut Outlook, scratch: &mut Scratch) {
    let codes = &visit.codes;
    codes.estimate(&visit.probe, &scratch.batch, &mut scratch.estimates);
    let nodes = scratch.batch.iter().zip(&scratch.expected);
    for ((&node, &(expected, tightness)), &estimate) in nodes.zip(&scratch.estimates) {
        outlook.saw(estimate - expected, tightness);
        scratch.passing.offer(estimate, node);
    }
    scratch.batch.clear();
    scratch.expected.clear();
}

/// Moves the cells of which something can be expected to the front, and gives those.
fn likely<'a>(visit: &Visit<'_>, ranked: &'a mut [u64], outlook: &Outlook) -> &'a mut [u64] {
    let (mut count, scale) = (0, outlook.scale());
    for place in 0..ranked.len() {
        let (similarity, cell) = cell_of(ranked[place]);
        let tightness = visit.cells.tightness(cell);
        if outlook.deviations(similarity, tightness, scale) < DEVIATIONS_MAX {
            ranked.swap(count, place);
            count += 1;
        }
    }
    &mut ranked[..count]
}

/// Eligible nodes above the threshold that a cell should hold at most.
#[inline]
fn expected(visit: &Visit<'_>, ranked: u64, outlook: &Outlook, scale: f32) -> f32 {
    let (similarity, cell) = cell_of(ranked);
    let deviations = outlook.deviations(similarity, visit.cells.tightness(cell), scale);
    visit.cells.nodes(cell).len() as f32 * outlook.share() * part_above(deviations)
}

/// True when so little is expected of the cells that they need not be looked into.
fn is_enough(visit: &Visit<'_>, left: &[u64], outlook: &Outlook) -> bool {
    let (mut missed, scale) = (0.0, outlook.scale());
    let missed_max = MISSED_PART * visit.results as f32;
    for &ranked in left {
        missed += expected(visit, ranked, outlook, scale);
        if missed > missed_max {
            return false;
        }
    }
    true
}

/// Nodes of the cells that will have to be looked into, should the threshold stay where it is.
fn needed_nodes(visit: &Visit<'_>, left: &[u64], outlook: &Outlook) -> u32 {
    let (mut missed, scale) = (0.0, outlook.scale());
    let missed_max = MISSED_PART * visit.results as f32;
    let mut needed = left;
    while let [before @ .., last] = needed {
        missed += expected(visit, *last, outlook, scale);
        if missed > missed_max {
            break;
        }
        needed = before;
    }
    let nodes = needed
        .iter()
        .map(|&ranked| visit.cells.nodes(cell_of(ranked).1).len() as u32);
    nodes.sum()
}
