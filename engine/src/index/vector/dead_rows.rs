//! Rows of a block that were deleted or replaced since the block was written.

use sampan_analyzers::memory::vec_bytes;

/// A bitmap of dead rows with their count.
#[derive(Clone, Default)]
pub(super) struct DeadRows {
    words: Vec<u64>,
    count: usize,
}

impl DeadRows {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        vec_bytes(&self.words)
    }

    #[inline]
    pub fn count(&self) -> usize {
        self.count
    }

    #[inline]
    pub fn contains(&self, row: u32) -> bool {
        self.words
            .get(row as usize / 64)
            .is_some_and(|word| word & (1 << (row % 64)) != 0)
    }

    /// Marks a row; false when it was dead already.
    pub fn insert(&mut self, row: u32) -> bool {
        let word = row as usize / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let bit = 1u64 << (row % 64);
        let new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        self.count += usize::from(new);
        new
    }
}
