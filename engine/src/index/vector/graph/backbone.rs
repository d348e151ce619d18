//! The upper levels, built by hnsw_rs. This is the only file that names it.
//!
//! hnsw_rs 0.3.5 panics on bad distances and exits the process on bad parameters, so it gets node
//! numbers as its data and a distance of ours that is always a finite, non-negative number. Its
//! files are never used.

use hnsw_rs::prelude::{Distance, Hnsw};

use super::super::quantise::{Codes, Probe};

/// Neighbours that hnsw_rs keeps a node on its levels above its own base, where it keeps twice as
/// many. It exits the process above 256.
const CONNECTIONS: usize = 16;
/// Levels that hnsw_rs has room for.
const LEVELS_MAX: usize = 16;

/// `1 − cosine` of two nodes, which are given by number.
struct NodeDistance<'a> {
    codes: Codes<'a>,
}

impl Distance<u32> for NodeDistance<'_> {
    fn eval(&self, left: &[u32], right: &[u32]) -> f32 {
        let ([left], [right]) = (left, right) else {
            return 2.0;
        };
        let (mut signed, mut estimates) = (Vec::new(), Vec::new());
        let probe = Probe::of_row(&self.codes, *left, &mut signed);
        self.codes.estimate(&probe, &[*right], &mut estimates);
        // Codes are finite, so the estimate is; rounding may take it past 1.
        (1.0 - estimates[0]).max(0.0)
    }
}

/// The lists of one level: each node with its neighbours, nodes ascending, neighbours nearest first.
pub(super) type LevelLists = Vec<(u32, Vec<u32>)>;

/// Levels over `sample`, the one with all of it first.
pub(super) fn backbone(codes: Codes<'_>, sample: &[u32], beam_width: usize) -> Vec<LevelLists> {
    let distance = NodeDistance { codes };
    let graph: Hnsw<'_, u32, _> =
        Hnsw::new(CONNECTIONS, sample.len(), LEVELS_MAX, beam_width, distance);
    let points: Vec<(&[u32], usize)> = sample
        .iter()
        .map(|node| (std::slice::from_ref(node), *node as usize))
        .collect();
    if let Some((first, rest)) = points.split_first() {
        // The first alone: the others then find an entry point whatever thread they run on.
        graph.insert_slice(*first);
        graph.parallel_insert_slice(&rest.to_vec());
    }
    let indexation = graph.get_point_indexation();
    let top = usize::from(indexation.get_max_level_observed());
    let mut levels: Vec<LevelLists> = vec![Vec::new(); top + 1];
    for own_level in 0..=top {
        for point in indexation.get_layer_iterator(own_level) {
            // hnsw_rs also notes neighbours on levels above the point's own; they are not part of it.
            let lists = point.get_neighborhood_id().into_iter().take(own_level + 1);
            for (level, list) in levels.iter_mut().zip(lists) {
                let neighbours = list.iter().map(|neighbour| neighbour.d_id as u32).collect();
                level.push((point.get_origin_id() as u32, neighbours));
            }
        }
    }
    levels
        .iter_mut()
        .for_each(|level| level.sort_unstable_by_key(|(node, _)| *node));
    levels
}
