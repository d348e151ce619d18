//! What stands behind what, with counts, in compressed rows.

use std::ops::Range;

use super::vocabulary::CharacterId;
use crate::memory::vec_bytes;

/// Rows of following characters, ascending, with the items that have them there. 6 to 10 bytes an entry.
#[derive(Default)]
pub struct Followers {
    /// Where each row begins, and the end of the last one.
    starts: Vec<u32>,
    seconds: Vec<CharacterId>,
    counts: Vec<u32>,
}

impl Followers {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        vec_bytes(&self.starts) + vec_bytes(&self.seconds) + vec_bytes(&self.counts)
    }

    /// `entries`: row below `rows`, the character behind it, items.
    pub fn new(rows: usize, mut entries: Vec<(usize, CharacterId, u32)>) -> Self {
        entries.sort_unstable();
        let mut starts = vec![0; rows + 1];
        for (row, _, _) in &entries {
            starts[row + 1] += 1;
        }
        for row in 1..starts.len() {
            starts[row] += starts[row - 1];
        }
        Self {
            starts,
            seconds: entries.iter().map(|(_, second, _)| *second).collect(),
            counts: entries.iter().map(|(_, _, items)| *items).collect(),
        }
    }

    /// Entries in all.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Entries of a row.
    #[inline]
    pub fn kinds(&self, row: usize) -> usize {
        self.range(row).len()
    }

    /// Place of an entry among all, below [`Self::len`].
    #[inline]
    pub fn place_of(&self, row: usize, second: CharacterId) -> Option<usize> {
        let range = self.range(row);
        let found = self.seconds[range.clone()].binary_search(&second);
        Some(range.start + found.ok()?)
    }

    /// Items of the entry at a place.
    #[inline]
    pub fn items_at(&self, place: usize) -> u32 {
        self.counts[place]
    }

    /// A row.
    pub fn of(&self, row: usize) -> impl Iterator<Item = (CharacterId, u32)> {
        let range = self.range(row);
        let seconds = self.seconds[range.clone()].iter().copied();
        seconds.zip(self.counts[range].iter().copied())
    }

    #[inline]
    fn range(&self, row: usize) -> Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }
}
