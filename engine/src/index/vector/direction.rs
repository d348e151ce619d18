//! Where a search looks: a query's vector around the query mean, and how it moves toward items.

use rustc_hash::FxHashMap;

use super::best::Neighbour;
use super::eligibility::Eligibility;
use super::error::VectorError;
use super::means::direction;
use super::options::RESULTS_MAX;
use super::quantise::Query;
use super::snapshot::VectorSnapshot;

/// A vector of length 1 in the space in which items are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Direction(Vec<f32>);

impl VectorSnapshot {
    /// The direction of a query's vector, which need not be of length 1.
    ///
    /// # Errors
    /// It is empty, too long, of another dimension than the index, zero or not finite.
    pub fn direction(&self, query: &[f32]) -> Result<Direction, VectorError> {
        direction(query, self.dimensions, &self.means.query).map(Direction)
    }

    /// A direction that is one among items already, as [`Self::vector`] gives them: nothing is subtracted from it.
    ///
    /// # Errors
    /// It is empty, too long, of another dimension than the index, zero or not finite.
    pub fn direction_among_items(&self, vector: &[f32]) -> Result<Direction, VectorError> {
        direction(vector, self.dimensions, &[]).map(Direction)
    }

    /// `from`, moved by `share` toward the middle of some items: what the best items of a query have in common says
    /// more of what is meant than the query alone (Rocchio, "Relevance feedback in information retrieval", 1971).
    /// Items without a vector are passed over.
    pub fn moved(&self, from: &Direction, toward: &[u32], share: f32) -> Direction {
        let mut middle = vec![0.0f32; from.0.len()];
        for vector in toward.iter().filter_map(|ordinal| self.vector(*ordinal)) {
            for (sum, value) in middle.iter_mut().zip(vector) {
                *sum += value;
            }
        }
        let length = length(&middle);
        if length == 0.0 {
            return from.clone();
        }
        let mut moved = from.0.clone();
        for (value, middle) in moved.iter_mut().zip(middle) {
            *value += share * middle / length;
        }
        let length = self::length(&moved);
        if length == 0.0 {
            return from.clone();
        }
        moved.iter_mut().for_each(|value| *value /= length);
        Direction(moved)
    }

    /// The `k` eligible items most similar to a direction, best first, as [`Self::search`] finds them.
    ///
    /// # Errors
    /// `k` is above [`RESULTS_MAX`].
    pub fn near(
        &self,
        direction: &Direction,
        k: usize,
        eligible: &dyn Eligibility,
    ) -> Result<Vec<Neighbour>, VectorError> {
        if k > RESULTS_MAX {
            return Err(VectorError::TooManyResults { got: k });
        }
        Ok(self.nearest(direction.0.clone(), k, eligible, self.beam_width))
    }

    /// Cosine of each item to a direction, in their order; `None` for those without a vector.
    pub fn similarities(&self, direction: &Direction, ordinals: &[u32]) -> Vec<Option<f32>> {
        let query = Query::new(direction.0.clone());
        let mut found = vec![None; ordinals.len()];
        let places: FxHashMap<u32, usize> = ordinals.iter().copied().zip(0..).collect();
        let mut ascending = ordinals.to_vec();
        ascending.sort_unstable();
        for chunk in self.tail.iter().filter(|chunk| chunk.may_hold(&ascending)) {
            for (row, ordinal) in chunk.live() {
                if let Some(place) = places.get(&ordinal) {
                    found[*place] = Some(chunk.codes().similarity(&query, row));
                }
            }
        }
        for view in &self.segments {
            let (rows, codes) = (view.segment.row_tables(), view.segment.codes());
            for (ordinal, found) in ordinals.iter().zip(&mut found) {
                let row = rows.row(*ordinal).filter(|row| !view.dead.contains(*row));
                if let Some(row) = row.filter(|_| found.is_none()) {
                    *found = Some(codes.similarity(&query, rows.node_of(row)));
                }
            }
        }
        found
    }
}

fn length(vector: &[f32]) -> f32 {
    vector.iter().map(|value| value * value).sum::<f32>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::vector::{Everything, VectorOptions, VectorWriter};

    #[test]
    fn a_direction_moves_toward_items_and_knows_its_distance_to_each() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = VectorWriter::open(folder.path(), VectorOptions::default()).unwrap();
        writer.upsert(3, &[1.0, 0.0, 0.0]).unwrap();
        writer.upsert(5, &[0.0, 1.0, 0.0]).unwrap();
        let snapshot = writer.publish();
        let typed = snapshot.direction(&[0.9, 0.1, 0.0]).unwrap();
        let nearest = |direction: &Direction| snapshot.near(direction, 1, &Everything).unwrap()[0];
        assert_eq!(nearest(&typed).ordinal, 3);
        let moved = snapshot.moved(&typed, &[5, 99], 3.0);
        assert_eq!(nearest(&moved).ordinal, 5);
        let similarities = snapshot.similarities(&moved, &[5, 3, 99]);
        assert!(similarities[0] > similarities[1] && similarities[1].is_some());
        assert_eq!(similarities[2], None);
        assert_eq!(snapshot.moved(&typed, &[99], 3.0), typed);
    }

    #[test]
    fn every_item_of_the_tail_is_found_by_its_ordinal_in_whatever_order_they_came() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = VectorWriter::open(folder.path(), VectorOptions::default()).unwrap();
        let unit = |ordinal: u32| [1.0, ordinal as f32 / 1_000.0];
        for ordinal in (0..900).rev().chain(300..400) {
            writer.upsert(ordinal, &unit(ordinal)).unwrap();
        }
        writer.delete(450);
        let snapshot = writer.publish();
        let ordinals: Vec<u32> = (0..1_000).rev().collect();
        let typed = snapshot.direction(&[1.0, 0.0]).unwrap();
        let similarities = snapshot.similarities(&typed, &ordinals);
        for (ordinal, similarity) in ordinals.iter().zip(similarities) {
            let is_there = *ordinal < 900 && *ordinal != 450;
            assert_eq!(snapshot.vector(*ordinal).is_some(), is_there, "{ordinal}");
            assert_eq!(similarity.is_some(), is_there, "{ordinal}");
        }
        assert_eq!(snapshot.similarities(&typed, &[]), []);
    }
}
