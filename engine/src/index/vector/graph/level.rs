//! The levels above the base, and the way down through them.

use super::super::little_endian::{bytes_of, u32_at, u32s};
use super::super::quantise::{Codes, Probe};
use super::NO_NODE;

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

    fn node(&self, position: u32) -> u32 {
        u32_at(self.nodes, position as usize)
    }

    fn position(&self, node: u32) -> Option<u32> {
        let nodes = self.nodes.as_chunks::<4>().0;
        let found = nodes.binary_search_by_key(&node, |word| u32::from_le_bytes(*word));
        found.ok().map(|position| position as u32)
    }

    fn neighbours(&self, position: u32) -> impl Iterator<Item = u32> + use<'a> {
        let bytes = self.degree * 4;
        u32s(&self.neighbours[position as usize * bytes..][..bytes])
            .take_while(|&neighbour| neighbour != NO_NODE)
    }
}

/// The node near the probe that a greedy way down from the top level ends at.
///
/// `levels` come largest first; without levels the way ends at node 0.
pub(in super::super) fn descend<'a>(
    levels: impl DoubleEndedIterator<Item = LevelView<'a>>,
    codes: &Codes<'_>,
    probe: &Probe<'_>,
) -> u32 {
    let mut nearest = None;
    let (mut nodes, mut estimates) = (Vec::new(), Vec::new());
    for level in levels.rev() {
        let mut position = nearest.and_then(|node| level.position(node)).unwrap_or(0);
        codes.estimate(probe, &[level.node(position)], &mut estimates);
        let mut best = estimates[0];
        loop {
            nodes.clear();
            nodes.extend(level.neighbours(position).map(|place| level.node(place)));
            nodes.iter().for_each(|&node| codes.prefetch(node));
            codes.estimate(probe, &nodes, &mut estimates);
            let mut next = None;
            for (place, &estimate) in level.neighbours(position).zip(&estimates) {
                if estimate > best {
                    (best, next) = (estimate, Some(place));
                }
            }
            match next {
                Some(place) => position = place,
                None => break,
            }
        }
        nearest = Some(level.node(position));
    }
    nearest.unwrap_or(0)
}
