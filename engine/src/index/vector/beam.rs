//! The candidates of one search, best first, and the marks of what it has seen.

use std::cell::RefCell;

/// A row or node with its estimated similarity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub similarity: f32,
    pub id: u32,
}

/// The best `width` candidates seen so far, sorted, and which of them were already expanded.
#[derive(Default)]
pub(super) struct Beam {
    entries: Vec<(Candidate, bool)>,
    width: usize,
    /// Every entry before it is expanded.
    cursor: usize,
}

impl Beam {
    pub fn reset(&mut self, width: usize) {
        self.entries.clear();
        self.width = width;
        self.cursor = 0;
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Similarity that a candidate must exceed to be kept.
    #[inline]
    pub fn threshold(&self) -> f32 {
        if self.entries.len() < self.width {
            return f32::NEG_INFINITY;
        }
        self.entries
            .last()
            .map_or(f32::INFINITY, |(worst, _)| worst.similarity)
    }

    /// Takes the candidate in if it is among the best.
    #[inline]
    pub fn offer(&mut self, similarity: f32, id: u32) {
        if similarity <= self.threshold() {
            return;
        }
        if self.entries.len() == self.width {
            self.entries.pop();
        }
        let place = self
            .entries
            .partition_point(|(entry, _)| entry.similarity >= similarity);
        self.entries
            .insert(place, (Candidate { similarity, id }, false));
        self.cursor = self.cursor.min(place);
    }

    /// The best candidate that was not yet expanded; it counts as expanded from now on.
    #[inline]
    pub fn next_unexpanded(&mut self) -> Option<u32> {
        while let Some((candidate, expanded)) = self.entries.get_mut(self.cursor) {
            self.cursor += 1;
            if !*expanded {
                *expanded = true;
                return Some(candidate.id);
            }
        }
        None
    }

    /// The candidates, best first.
    pub fn candidates(&self) -> impl ExactSizeIterator<Item = Candidate> + '_ {
        self.entries.iter().map(|(candidate, _)| *candidate)
    }
}

/// A set of small numbers that is emptied in time proportional to what was put in.
#[derive(Default)]
pub(super) struct Marks {
    words: Vec<u64>,
    touched: Vec<u32>,
}

impl Marks {
    /// Empties the set and makes room for the numbers below `count`.
    pub fn reset(&mut self, count: usize) {
        for &word in &self.touched {
            self.words[word as usize] = 0;
        }
        self.touched.clear();
        let words = count.div_ceil(64);
        if self.words.len() < words {
            self.words.resize(words, 0);
        }
    }

    /// Puts `id` in; false when it was in already.
    #[inline]
    pub fn insert(&mut self, id: u32) -> bool {
        let word = &mut self.words[id as usize / 64];
        let bit = 1u64 << (id % 64);
        let new = *word & bit == 0;
        if *word == 0 {
            self.touched.push(id / 64);
        }
        *word |= bit;
        new
    }

    #[inline]
    pub fn contains(&self, id: u32) -> bool {
        self.words[id as usize / 64] & (1u64 << (id % 64)) != 0
    }
}

/// Memory that searches of one thread use again and again.
#[derive(Default)]
pub(super) struct Scratch {
    pub beam: Beam,
    /// Nodes whose similarity was estimated, or that were used as a bridge.
    pub visited: Marks,
    /// Nodes that the filter refused.
    pub refused: Marks,
    pub neighbours: Vec<u32>,
    pub bridges: Vec<u32>,
    pub batch: Vec<u32>,
    pub estimates: Vec<f32>,
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
        assert_eq!(beam.next_unexpanded(), Some(5));
        beam.offer(0.9, 9);
        assert_eq!(beam.next_unexpanded(), Some(9));
        assert_eq!(beam.next_unexpanded(), Some(4));
        assert_eq!(beam.next_unexpanded(), None);
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
        marks.reset(100);
        assert!(!marks.contains(130) && !marks.contains(131));
    }
}
