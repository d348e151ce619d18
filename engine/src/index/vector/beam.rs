//! The candidates of one search, best first, and the marks of what it has seen.

use std::cell::RefCell;

use super::graph::NO_NODE;

/// A row or node with its estimated similarity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub similarity: f32,
    pub id: u32,
}

/// The best `width` candidates seen so far, sorted, and which of them were already expanded.
///
/// An entry is one word, so that sorting it in moves few bytes: above, the similarity as a number
/// that orders like it; below, twice the id, plus one when expanded.
#[derive(Default)]
pub(super) struct Beam {
    /// Descending.
    entries: Vec<u64>,
    width: usize,
    /// Every entry before it is expanded.
    cursor: usize,
    /// The upper half that an entry must exceed to be kept.
    threshold: u32,
}

const EXPANDED: u64 = 1;

impl Beam {
    pub fn reset(&mut self, width: usize) {
        self.entries.clear();
        self.entries.reserve(width);
        self.width = width;
        self.cursor = 0;
        self.threshold = 0;
    }

    /// True when a candidate of this similarity would be kept.
    #[inline]
    pub fn admits(&self, similarity: f32) -> bool {
        ordered(similarity) > self.threshold
    }

    /// Takes the candidate in if it is among the best; false when it is not.
    #[inline]
    pub fn offer(&mut self, similarity: f32, id: u32) -> bool {
        let upper = ordered(similarity);
        let admitted = upper > self.threshold;
        if admitted {
            self.insert(u64::from(upper) << 32 | u64::from(id) << 1);
        }
        admitted
    }

    fn insert(&mut self, entry: u64) {
        if self.entries.len() == self.width {
            self.entries.pop();
        }
        let (mut place, mut end) = (0, self.entries.len());
        while place < end {
            let middle = (place + end) / 2;
            if self.entries[middle] >= entry {
                place = middle + 1
            } else {
                end = middle
            }
        }
        self.entries.insert(place, entry);
        if self.entries.len() == self.width {
            self.threshold = (self.entries[self.width - 1] >> 32) as u32;
        }
        self.cursor = self.cursor.min(place);
    }

    /// The best candidate that was not yet expanded; it counts as expanded from now on.
    #[inline]
    pub fn next_unexpanded(&mut self) -> Option<Candidate> {
        while self.cursor < self.entries.len() {
            let entry = &mut self.entries[self.cursor];
            self.cursor += 1;
            if *entry & EXPANDED == 0 {
                *entry |= EXPANDED;
                return Some(candidate(*entry));
            }
        }
        None
    }

    /// Similarity of the `place`-th best candidate, counted from 1.
    pub fn similarity_at(&self, place: usize) -> Option<f32> {
        let entry = self.entries.get(place.checked_sub(1)?)?;
        Some(candidate(*entry).similarity)
    }

    /// The candidates, best first.
    pub fn candidates(&self) -> impl ExactSizeIterator<Item = Candidate> + '_ {
        self.entries.iter().map(|entry| candidate(*entry))
    }
}

#[inline]
fn candidate(entry: u64) -> Candidate {
    Candidate {
        similarity: similarity_of((entry >> 32) as u32),
        id: (entry >> 1) as u32 & ID_MAX,
    }
}

/// Largest id that an entry has room for.
pub(super) const ID_MAX: u32 = u32::MAX >> 1;

/// A number above 0 that orders like the (finite) similarity.
#[inline]
fn ordered(similarity: f32) -> u32 {
    let bits = similarity.to_bits();
    if bits >> 31 == 0 {
        bits | 1 << 31
    } else {
        !bits
    }
}

#[inline]
fn similarity_of(ordered: u32) -> f32 {
    f32::from_bits(if ordered >> 31 == 1 {
        ordered & !(1 << 31)
    } else {
        !ordered
    })
}

/// A number that is the lower the higher the (finite) similarity is, and the similarity of such a number.
#[inline]
pub(super) fn falling(similarity: f32) -> u32 {
    !ordered(similarity)
}

#[inline]
pub(super) fn similarity_of_falling(falling: u32) -> f32 {
    similarity_of(!falling)
}

/// A set of small numbers.
#[derive(Default)]
pub(super) struct Marks {
    words: Vec<u64>,
}

impl Marks {
    /// Empties the set and makes room for the numbers below `count`.
    pub fn reset(&mut self, count: usize) {
        self.words.clear();
        self.words.resize(count.div_ceil(64), 0);
    }

    /// Puts `id` in; false when it was in already.
    #[inline]
    pub fn insert(&mut self, id: u32) -> bool {
        let word = &mut self.words[id as usize / 64];
        let bit = 1u64 << (id % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

/// Room for the neighbours of one node.
#[derive(Default)]
pub(super) struct NeighbourList {
    ids: [u32; LIST_IDS_MAX],
    len: usize,
}

/// Longest list of neighbours that a search reads.
pub(super) const LIST_IDS_MAX: usize = 32;

impl NeighbourList {
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Appends while there is room.
    #[inline]
    pub fn push(&mut self, id: u32) {
        if self.len < LIST_IDS_MAX {
            self.ids[self.len] = id;
            self.len += 1;
        }
    }

    /// Takes a list of little-endian numbers that ends with its bytes or at [`NO_NODE`].
    #[inline]
    pub fn fill(&mut self, bytes: &[u8]) {
        self.len = 0;
        for word in bytes.as_chunks::<4>().0 {
            match u32::from_le_bytes(*word) {
                NO_NODE => break,
                id => self.push(id),
            }
        }
    }

    #[inline]
    pub fn ids(&self) -> &[u32] {
        &self.ids[..self.len]
    }
}

/// Memory that searches of one thread use again and again.
#[derive(Default)]
pub(super) struct Scratch {
    pub beam: Beam,
    /// The part of the beam that passes a filter.
    pub passing: Beam,
    /// Nodes whose similarity was estimated.
    pub visited: Marks,
    pub neighbours: NeighbourList,
    pub batch: Vec<u32>,
    /// Rows of the codes of the batch.
    pub rows: Vec<u32>,
    pub estimates: Vec<f32>,
    /// Cells by their nearness (see `cells/visit.rs`).
    pub cells: Vec<u64>,
    /// For each node of the batch the similarity to expect of its cell's nodes, and their tightness.
    pub expected: Vec<(f32, f32)>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Runs `work` with this thread's scratch memory, or with fresh memory inside another such call.
pub(super) fn with_scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut scratch) => work(&mut scratch),
        Err(_) => work(&mut Scratch::default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beam_keeps_the_best_in_order_and_expands_each_once() {
        let mut beam = Beam::default();
        beam.reset(3);
        for (similarity, id) in [(0.1, 1), (0.5, 5), (0.3, 3), (0.4, 4), (0.2, 2)] {
            beam.offer(similarity, id);
        }
        let next = |beam: &mut Beam| beam.next_unexpanded().map(|candidate| candidate.id);
        assert_eq!(next(&mut beam), Some(5));
        beam.offer(0.9, 9);
        assert_eq!(next(&mut beam), Some(9));
        assert_eq!(next(&mut beam), Some(4));
        assert_eq!(next(&mut beam), None);
        assert_eq!(
            beam.candidates().map(|c| c.id).collect::<Vec<_>>(),
            [9, 5, 4]
        );
    }

    #[test]
    fn marks_forget_everything_on_reset() {
        let mut marks = Marks::default();
        marks.reset(200);
        assert!(marks.insert(130) && marks.insert(131) && !marks.insert(130));
        marks.reset(150);
        assert!(marks.insert(130) && marks.insert(131));
    }
}
