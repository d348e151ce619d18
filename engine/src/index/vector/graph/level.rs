//! The levels above the base, and the way down through them.

use super::super::beam::{NeighbourList, Scratch};
use super::super::kernels;
use super::super::little_endian::{bytes_of, u32_at, u32s};
use super::super::quantise::{Codes, Probe};
use super::NO_NODE;
use super::base::Adjacency;
use super::walk::walk;

/// A level in memory, in the layout of the file.
pub(in super::super) struct UpperLevel {
    nodes: Vec<u8>,
    neighbours: Vec<u8>,
    degree: usize,
}

impl UpperLevel {
    /// `lists` holds for each node, in ascending order, the node and its neighbours, nearest first.
    /// Neighbours that are not on the level are left out, as are those past `degree`.
    pub fn new(lists: &[(u32, Vec<u32>)], degree: usize) -> Self {
        let nodes: Vec<u32> = lists.iter().map(|(node, _)| *node).collect();
        let mut neighbours = Vec::with_capacity(lists.len() * degree);
        for (_, list) in lists {
            let places = list
                .iter()
                .filter_map(|node| nodes.binary_search(node).ok());
            neighbours.extend(places.map(|place| place as u32).take(degree));
            neighbours.resize(neighbours.len().next_multiple_of(degree), NO_NODE);
        }
        neighbours.resize(lists.len() * degree, NO_NODE);
        Self {
            nodes: bytes_of(nodes),
            neighbours: bytes_of(neighbours),
            degree,
        }
    }

    pub fn view(&self) -> LevelView<'_> {
        LevelView::new(&self.nodes, &self.neighbours, self.degree)
    }

    pub fn nodes(&self) -> &[u8] {
        &self.nodes
    }

    pub fn neighbours(&self) -> &[u8] {
        &self.neighbours
    }
}

/// A level in memory or in a mapped file; neighbours are positions in its own list of nodes.
#[derive(Clone, Copy)]
pub(in super::super) struct LevelView<'a> {
    nodes: &'a [u8],
    neighbours: &'a [u8],
    degree: usize,
}

impl<'a> LevelView<'a> {
    pub fn new(nodes: &'a [u8], neighbours: &'a [u8], degree: usize) -> Self {
        Self {
            nodes,
            neighbours,
            degree,
        }
    }

    pub fn len(&self) -> usize {
        self.nodes.len() / 4
    }

    /// True when no number of the level points past `nodes` nodes or past the level itself.
    pub fn stays_below(&self, nodes: u32) -> bool {
        let count = self.len() as u32;
        u32s(self.nodes).all(|node| node < nodes)
            && u32s(self.neighbours).all(|place| place < count || place == NO_NODE)
    }

    #[inline]
    fn node(&self, position: u32) -> u32 {
        u32_at(self.nodes, position as usize)
    }

    fn position(&self, node: u32) -> Option<u32> {
        let nodes = self.nodes.as_chunks::<4>().0;
        let found = nodes.binary_search_by_key(&node, |word| u32::from_le_bytes(*word));
        found.ok().map(|position| position as u32)
    }
}

impl Adjacency for LevelView<'_> {
    fn nodes(&self) -> usize {
        self.len()
    }

    #[inline]
    fn neighbours(&self, position: u32, into: &mut NeighbourList) {
        let bytes = self.degree * 4;
        let list = &self.neighbours[position as usize * bytes..][..bytes];
        into.fill(list);
    }

    #[inline]
    fn prefetch(&self, position: u32) {
        let bytes = self.degree * 4;
        kernels::prefetch(self.neighbours, position as usize * bytes, bytes);
    }

    #[inline]
    fn code_row(&self, position: u32) -> u32 {
        self.node(position)
    }

    #[inline]
    fn code_rows<'b>(&self, positions: &'b [u32], room: &'b mut Vec<u32>) -> &'b [u32] {
        room.clear();
        for &position in positions {
            room.push(self.node(position));
        }
        room
    }
}

/// Candidates that the way down keeps on the lowest level above the base, and on those above it.
/// One alone is easily caught in the wrong cluster.
const SEEDS: usize = 2;
const BEAM_ABOVE: usize = 2;

/// Nodes near the probe, to begin a walk on the base level at.
///
/// `levels` come largest first; without levels node 0 is all there is.
pub(in super::super) fn descend<'a>(
    levels: impl DoubleEndedIterator<Item = LevelView<'a>> + ExactSizeIterator,
    codes: &Codes<'_>,
    probe: &Probe<'_>,
    scratch: &mut Scratch,
) -> Vec<u32> {
    let mut seeds = vec![0];
    let mut left = levels.len();
    for level in levels.rev() {
        left -= 1;
        let mut positions: Vec<u32> = seeds.iter().filter_map(|&s| level.position(s)).collect();
        if positions.is_empty() {
            positions.push(0);
        }
        let width = if left == 0 { SEEDS } else { BEAM_ABOVE };
        walk(&level, codes, probe, (&positions, width), scratch);
        seeds.clear();
        seeds.extend(
            scratch
                .beam
                .candidates()
                .map(|candidate| level.node(candidate.id)),
        );
    }
    seeds
}
