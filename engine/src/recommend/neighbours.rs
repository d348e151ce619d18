//! Neighbours of every item, one list after the other.

use rustc_hash::FxHashMap;

use sampan_analyzers::memory::vec_bytes;

use super::ItemIndex;

/// Which items go with an item, and how strongly; strongest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Neighbours {
    /// Where the list of each item begins, and where the last one ends.
    starts: Vec<u32>,
    items: Vec<ItemIndex>,
    weights: Vec<f32>,
}

/// Why lists do not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnfitNeighbours(String);

impl Neighbours {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        vec_bytes(&self.starts) + vec_bytes(&self.items) + vec_bytes(&self.weights)
    }

    /// Lists in the order of their items, each cut by [`strongest`].
    pub fn from_rows(rows: Vec<Vec<(ItemIndex, f32)>>) -> Self {
        let mut starts = Vec::with_capacity(rows.len() + 1);
        starts.push(0);
        let (mut items, mut weights) = (Vec::new(), Vec::new());
        for row in rows {
            items.extend(row.iter().map(|(item, _)| *item));
            weights.extend(row.iter().map(|(_, weight)| *weight));
            starts.push(items.len() as u32);
        }
        Self {
            starts,
            items,
            weights,
        }
    }

    /// The parts as [`Self::parts`] gave them.
    ///
    /// # Errors
    /// They are not lists of one set of items.
    pub fn from_parts(
        starts: Vec<u32>,
        items: Vec<ItemIndex>,
        weights: Vec<f32>,
    ) -> Result<Self, UnfitNeighbours> {
        let unfit = |reason: &str| Err(UnfitNeighbours(reason.to_owned()));
        let end = starts.last().map(|end| *end as usize);
        if starts.first() != Some(&0) || end != Some(items.len()) || items.len() != weights.len() {
            return unfit("the lists do not begin or end where they say");
        }
        if starts.windows(2).any(|pair| pair[0] > pair[1]) {
            return unfit("a list ends before it begins");
        }
        if items.iter().any(|item| *item as usize + 1 >= starts.len()) {
            return unfit("a neighbour is no item of the table");
        }
        if weights.iter().any(|weight| !weight.is_finite()) {
            return unfit("a weight is not a number");
        }
        Ok(Self {
            starts,
            items,
            weights,
        })
    }

    /// Starts, items and weights.
    pub fn parts(&self) -> (&[u32], &[ItemIndex], &[f32]) {
        (&self.starts, &self.items, &self.weights)
    }

    /// Items that have a list, an empty one too.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Neighbours of an item, strongest first; none of an item that is not in the table.
    pub fn of(&self, item: ItemIndex) -> impl Iterator<Item = (ItemIndex, f32)> {
        let bound = |place: usize| self.starts.get(place).map(|start| *start as usize);
        let range = match (bound(item as usize), bound(item as usize + 1)) {
            (Some(start), Some(end)) => start..end,
            _ => 0..0,
        };
        let weights = self.weights[range.clone()].iter().copied();
        self.items[range].iter().copied().zip(weights)
    }

    /// Scores of all that go with the seeds: the sum of seed weight × strength.
    pub fn scores(
        &self,
        seeds: impl Iterator<Item = (ItemIndex, f32)>,
    ) -> FxHashMap<ItemIndex, f32> {
        let mut scores = FxHashMap::default();
        for (seed, weight) in seeds {
            for (item, strength) in self.of(seed) {
                *scores.entry(item).or_default() += weight * strength;
            }
        }
        scores
    }
}

/// The `kept` strongest, strongest first; of equals the first items.
pub fn strongest(mut row: Vec<(ItemIndex, f32)>, kept: usize) -> Vec<(ItemIndex, f32)> {
    let order =
        |a: &(ItemIndex, f32), b: &(ItemIndex, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if row.len() > kept && kept > 0 {
        row.select_nth_unstable_by(kept - 1, order);
    }
    row.truncate(kept);
    row.sort_unstable_by(order);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_are_kept_in_order() {
        let row = vec![(4, 0.5), (1, 0.5), (2, 0.9), (3, 0.1)];
        assert_eq!(strongest(row.clone(), 3), [(2, 0.9), (1, 0.5), (4, 0.5)]);
        assert_eq!(strongest(row.clone(), 9).len(), 4);
        assert!(strongest(row, 0).is_empty());
    }

    #[test]
    fn scores_add_up_and_unknown_items_have_no_neighbours() {
        let rows = vec![vec![(1, 0.5), (2, 0.25)], vec![(2, 1.0)], vec![]];
        let neighbours = Neighbours::from_rows(rows);
        let scores = neighbours.scores([(0, 2.0), (1, 1.0), (7, 9.0)].into_iter());
        assert_eq!((scores[&1], scores[&2], scores.len()), (1.0, 1.5, 2));
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let refused = |starts: &[u32], items: &[u32], weights: &[f32]| {
            Neighbours::from_parts(starts.to_vec(), items.to_vec(), weights.to_vec()).is_err()
        };
        assert!(!refused(&[0, 1, 1], &[1], &[1.0]));
        assert!(refused(&[], &[], &[]));
        assert!(refused(&[0, 2, 1], &[1], &[1.0]));
        assert!(refused(&[0, 1, 1], &[2], &[1.0]));
        assert!(refused(&[0, 1, 1], &[1], &[f32::NAN]));
        assert!(refused(&[0, 1, 1], &[1], &[]));
    }
}
