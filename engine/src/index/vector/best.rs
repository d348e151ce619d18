//! The best items of a search, over all segments and the tail.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// An item that a search found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Ordinal of the item.
    pub ordinal: u32,
    /// Cosine of the angle between item and query, −1 to 1.
    pub similarity: f32,
}

impl Eq for Neighbour {}

impl Ord for Neighbour {
    /// The better is the greater: more similar, then lower ordinal.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_similarity = self.similarity.total_cmp(&other.similarity);
        by_similarity.then_with(|| other.ordinal.cmp(&self.ordinal))
    }
}

impl PartialOrd for Neighbour {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// At most `limit` neighbours, the best of all that were offered.
pub(super) struct Best {
    limit: usize,
    worst_first: BinaryHeap<Reverse<Neighbour>>,
}

impl Best {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            worst_first: BinaryHeap::new(),
        }
    }

    pub fn offer(&mut self, neighbour: Neighbour) {
        if self.worst_first.len() < self.limit {
            self.worst_first.push(Reverse(neighbour));
        } else if let Some(mut worst) = self.worst_first.peek_mut()
            && neighbour > worst.0
        {
            *worst = Reverse(neighbour);
        }
    }

    /// Best first.
    pub fn into_sorted(self) -> Vec<Neighbour> {
        // Ascending in `Reverse` is descending in what it wraps.
        self.worst_first
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse(neighbour)| neighbour)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_ties_go_to_the_lower_ordinal() {
        let mut best = Best::new(3);
        for (ordinal, similarity) in [(4, 0.5), (9, 0.5), (1, 0.1), (2, 0.5), (3, 0.7)] {
            best.offer(Neighbour {
                ordinal,
                similarity,
            });
        }
        let ordinals: Vec<u32> = best.into_sorted().iter().map(|n| n.ordinal).collect();
        assert_eq!(ordinals, [3, 2, 4]);
    }
}
