//! Dividing nodes into cells: spherical k-means over a sample, then every node goes to the nearest centre.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::super::quantise::{CodeBuffer, Codes, Probe};
use super::Cells;

/// Nodes a cell, on average. Fewer: more centres to look at; more: cells that hold several clusters, of which a mean
/// says little.
const CELL_NODES: usize = 64;
/// Most cells: a search looks at every mean.
const CELLS_MAX: usize = 4_096;
/// Below so many nodes a scan is as cheap.
const NODES_MIN: usize = 8_192;
/// Sampled nodes a centre, and how often centres move to the mean of their nodes.
const SAMPLED_A_CELL: usize = 16;
const PASSES: usize = 2;
/// What tightness is told of vectors that are all alike: as if they differed by this, squared.
const SQUARE_MIN: f32 = 1e-6;

/// Cells, and the nodes in their order.
pub(in super::super) struct Division {
    pub cells: Cells,
    /// Nodes as they are numbered now, cell after cell.
    pub order: Vec<u32>,
}

/// Divides the nodes of `codes`; `None` when they are few, or when `cancelled` turned true meanwhile. Runs on the rayon
/// pool that it is called in.
pub(in super::super) fn divide(codes: Codes<'_>, cancelled: &AtomicBool) -> Option<Division> {
    let nodes = codes.len();
    if nodes < NODES_MIN {
        return None;
    }
    let cells = (nodes / CELL_NODES).min(CELLS_MAX);
    let every_nth = (nodes / (cells * SAMPLED_A_CELL)).max(1);
    let sample: Vec<u32> = (0..nodes as u32).step_by(every_nth).collect();
    let mut centres = CodeBuffer::with_capacity(codes.dimensions, cells);
    for cell in 0..cells {
        centres.push_row(&codes, sample[cell * sample.len() / cells]);
    }
    for _ in 0..PASSES {
        let nearest = nearest_centres(codes, &sample, centres.view(), cancelled)?;
        centres = moved(codes, &sample, &nearest, centres.view());
    }
    let all: Vec<u32> = (0..nodes as u32).collect();
    let nearest = nearest_centres(codes, &all, centres.view(), cancelled)?;
    Some(described(codes, &nearest, cells))
}

/// The number of the nearest centre of each of `nodes`; `None` once it is cancelled.
fn nearest_centres(
    codes: Codes<'_>,
    nodes: &[u32],
    centres: Codes<'_>,
    cancelled: &AtomicBool,
) -> Option<Vec<u32>> {
    let every_centre: Vec<u32> = (0..centres.len() as u32).collect();
    let room = || (Vec::new(), Vec::new());
    let found = nodes
        .par_iter()
        .map_init(room, |(signed, estimates), &node| {
            if cancelled.load(Ordering::Relaxed) {
                return None;
            }
            let probe = Probe::of_row(&codes, node, signed);
            centres.estimate(&probe, &every_centre, estimates);
            let (mut nearest, mut most) = (0, f32::NEG_INFINITY);
            for (centre, &estimate) in (0u32..).zip(estimates.iter()) {
                if estimate > most {
                    (nearest, most) = (centre, estimate);
                }
            }
            Some(nearest)
        });
    found.collect()
}

/// Each centre where the mean of its nodes points; it stays where it is without nodes.
fn moved(codes: Codes<'_>, nodes: &[u32], nearest: &[u32], centres: Codes<'_>) -> CodeBuffer {
    let dimensions = codes.dimensions;
    let mut sums = vec![0f32; centres.len() * dimensions];
    for (&node, &centre) in nodes.iter().zip(nearest) {
        let sum = &mut sums[centre as usize * dimensions..][..dimensions];
        add(sum, &codes.decode(node));
    }
    let mut moved = CodeBuffer::with_capacity(dimensions, centres.len());
    for (centre, sum) in (0u32..).zip(sums.chunks_exact_mut(dimensions)) {
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|value| *value /= length);
            moved.push(sum);
        } else {
            moved.push_row(&centres, centre);
        }
    }
    moved
}

/// The nodes sorted by their centre, and what is to be known of each cell that has some.
fn described(codes: Codes<'_>, nearest: &[u32], centres: usize) -> Division {
    let mut ends = vec![0u32; centres];
    for &centre in nearest {
        ends[centre as usize] += 1;
    }
    ends.retain(|&nodes| nodes > 0);
    let mut starts = vec![0u32];
    for nodes in ends {
        starts.push(starts[starts.len() - 1] + nodes);
    }
    let mut order: Vec<u32> = (0..codes.len() as u32).collect();
    order.sort_by_key(|&node| nearest[node as usize]);
    let described: Vec<(Vec<f32>, f32)> = starts
        .par_windows(2)
        .map(|ends| mean(codes, &order[ends[0] as usize..ends[1] as usize]))
        .collect();
    let mut means = CodeBuffer::with_capacity(codes.dimensions, described.len());
    described.iter().for_each(|(mean, _)| means.push(mean));
    let tightness = described.into_iter().map(|(_, tightness)| tightness);
    Division {
        cells: Cells {
            starts,
            means,
            tightness: tightness.collect(),
        },
        order,
    }
}

/// Mean and tightness of nodes, of which there are some.
fn mean(codes: Codes<'_>, nodes: &[u32]) -> (Vec<f32>, f32) {
    let mut mean = vec![0f32; codes.dimensions];
    for &node in nodes {
        add(&mut mean, &codes.decode(node));
    }
    mean.iter_mut().for_each(|sum| *sum /= nodes.len() as f32);
    // Vectors have length 1: what the square of their mean lacks of it is their variance.
    let square: f32 = mean.iter().map(|value| value * value).sum();
    (mean, 1.0 / (1.0 - square).max(SQUARE_MIN).sqrt())
}

fn add(sum: &mut [f32], vector: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(vector) {
        *sum += value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors at `directions` places of a circle, one after the other round and round.
    fn around_a_circle(rows: usize, directions: usize) -> CodeBuffer {
        let mut codes = CodeBuffer::with_capacity(2, rows);
        for row in 0..rows {
            let angle = (row % directions) as f32 + 1e-3 * (row / directions) as f32 / rows as f32;
            let angle = angle * std::f32::consts::TAU / directions as f32;
            codes.push(&[angle.cos(), angle.sin()]);
        }
        codes
    }

    #[test]
    fn every_node_is_in_one_cell_and_near_its_mean() {
        let codes = around_a_circle(10_000, 100);
        let codes = codes.view();
        let Division { cells, order } = divide(codes, &AtomicBool::new(false)).unwrap();
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..10_000));
        assert_eq!(cells.starts.len(), cells.len() + 1);
        assert_eq!((cells.starts[0], cells.starts[cells.len()]), (0, 10_000));
        assert!(cells.starts.is_sorted_by(|a, b| a < b));
        for (cell, ends) in cells.starts.windows(2).enumerate() {
            let mean = cells.means.view().decode(cell as u32);
            for &node in &order[ends[0] as usize..ends[1] as usize] {
                let vector = codes.decode(node);
                let product = vector[0] * mean[0] + vector[1] * mean[1];
                assert!(product > 0.9, "{product} in cell {cell}");
            }
        }
    }

    #[test]
    fn few_nodes_are_not_divided_and_a_cancelled_division_ends() {
        let codes = around_a_circle(NODES_MIN, 100);
        assert!(divide(codes.view(), &AtomicBool::new(true)).is_none());
        assert!(divide(codes.view(), &AtomicBool::new(false)).is_some());
        let codes = around_a_circle(NODES_MIN - 1, 100);
        assert!(divide(codes.view(), &AtomicBool::new(false)).is_none());
    }
}
