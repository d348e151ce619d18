//! The documents of a term, read a window at a time: every term of a query is read once from its first to its last
//! block, which costs about a nanosecond a document, where going from document to document over many terms at once (as
//! tantivy's unions and intersections do) costs tens.

use tantivy::{
    DocId, SegmentReader, TERMINATED, Term,
    postings::BlockSegmentPostings,
    schema::{Field, IndexRecordOption},
};

use crate::base::error::{Result, SampanError};

/// Documents a window: what is gathered about them fits the processor's first cache.
pub(super) const WINDOW: u32 = 4_096;
/// Bits of a word of [`WindowBits`].
const WORD_BITS: usize = u64::BITS as usize;

/// Some documents of a window, by their places in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WindowBits([u64; WINDOW as usize / WORD_BITS]);

impl WindowBits {
    pub const NONE: Self = Self([0; WINDOW as usize / WORD_BITS]);

    #[inline]
    pub fn insert(&mut self, place: usize) {
        self.0[place / WORD_BITS] |= 1 << (place % WORD_BITS);
    }

    #[inline]
    pub fn contains(&self, place: usize) -> bool {
        self.0[place / WORD_BITS] & (1 << (place % WORD_BITS)) != 0
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Adds all of the other's.
    #[inline]
    pub fn unite(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Keeps what the other has too.
    #[inline]
    pub fn intersect(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Takes out what the other has.
    #[inline]
    pub fn subtract(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    /// Adds what both others have.
    #[inline]
    pub fn unite_both(&mut self, one: &Self, other: &Self) {
        for (word, (one, other)) in self.0.iter_mut().zip(one.0.iter().zip(&other.0)) {
            *word |= one & other;
        }
    }

    /// Calls `each` with the places, ascending.
    #[inline]
    pub fn each(&self, mut each: impl FnMut(usize)) {
        for (at, word) in self.0.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                each(at * WORD_BITS + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }
}

/// Walks the documents that hold a term in one field of one segment, ascending. Small, since a query may have hundreds:
/// its blocks lie elsewhere.
pub(super) struct PostingCursor {
    postings: Box<BlockSegmentPostings>,
    /// In the present block.
    place: u32,
    /// Where it stands.
    document: DocId,
}

impl PostingCursor {
    /// On the first document; `None` when there is none. `option` says whether frequencies are wanted.
    pub fn open(
        reader: &SegmentReader,
        field: Field,
        term: &str,
        option: IndexRecordOption,
    ) -> Result<Option<Self>> {
        let postings = reader
            .inverted_index(field)
            .map_err(SampanError::internal)?
            .read_block_postings(&Term::from_field_text(field, term), option)
            .map_err(SampanError::internal)?;
        Ok(postings.map(|postings| {
            let mut cursor = Self {
                postings: Box::new(postings),
                place: 0,
                document: TERMINATED,
            };
            cursor.stand_at(0);
            cursor
        }))
    }

    /// Documents there are, deleted ones included.
    pub fn len(&self) -> usize {
        self.postings.doc_freq() as usize
    }

    /// Where it stands; [`TERMINATED`] at the end.
    #[inline]
    pub fn document(&self) -> DocId {
        self.document
    }

    /// Goes forward to the first document that is not below `target`, which it answers.
    #[inline]
    pub fn seek(&mut self, target: DocId) -> DocId {
        if self.document < target {
            let place = self.postings.seek(target);
            self.stand_at(place);
        }
        self.document
    }

    /// How often the document where it stands has the term; 1 when frequencies were not wanted.
    #[inline]
    pub fn frequency(&self) -> u32 {
        self.postings.freq(self.place as usize)
    }

    /// Goes forward to the first document that is not below `end`; calls `each` with those it leaves and their
    /// frequencies.
    #[inline]
    pub fn each_before(&mut self, end: DocId, mut each: impl FnMut(DocId, u32)) {
        while self.document < end {
            let block = self.postings.docs();
            let start = self.place as usize;
            let stop = match block.last() {
                Some(last) if *last < end => block.len(),
                _ => start + block[start..].partition_point(|document| *document < end),
            };
            for (place, document) in (start..).zip(&block[start..stop]) {
                each(*document, self.postings.freq(place));
            }
            if stop < block.len() {
                self.stand_at(stop);
            } else {
                self.postings.advance();
                self.stand_at(0);
            }
        }
    }

    #[inline]
    fn stand_at(&mut self, place: usize) {
        self.place = place as u32;
        let block = self.postings.docs();
        self.document = block.get(place).copied().unwrap_or(TERMINATED);
    }
}
