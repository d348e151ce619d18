//! New rows, searched by scanning until a background build freezes them into a segment.
//!
//! Rows are only ever appended, in chunks; a full chunk never changes again, so a published view
//! shares it. Row numbers go on counting when the front of the tail is frozen and dropped.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use sampan_analyzers::memory::vec_bytes;

use super::dead_rows::DeadRows;
use super::means::Recentring;
use super::options::TAIL_CHUNK_ROWS;
use super::quantise::{CodeBuffer, Codes};

/// Up to [`TAIL_CHUNK_ROWS`] rows.
#[derive(Clone)]
pub(super) struct TailChunk {
    pub ordinals: Vec<u32>,
    /// The lowest and the highest of the ordinals: most chunks need not be looked through for one.
    span: (u32, u32),
    codes: CodeBuffer,
    pub dead: DeadRows,
}

impl TailChunk {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        vec_bytes(&self.ordinals) + self.codes.heap_bytes() + self.dead.heap_bytes()
    }

    fn new(dimensions: usize) -> Self {
        Self {
            ordinals: Vec::with_capacity(TAIL_CHUNK_ROWS),
            span: (u32::MAX, 0),
            codes: CodeBuffer::with_capacity(dimensions, TAIL_CHUNK_ROWS),
            dead: DeadRows::default(),
        }
    }

    pub fn codes(&self) -> Codes<'_> {
        self.codes.view()
    }

    pub fn live_rows(&self) -> usize {
        self.ordinals.len() - self.dead.count()
    }

    /// Row of an ordinal, if it has a live one.
    pub fn row(&self, ordinal: u32) -> Option<u32> {
        if !(self.span.0..=self.span.1).contains(&ordinal) {
            return None;
        }
        let found = self.live().find(|(_, held)| *held == ordinal);
        found.map(|(row, _)| row)
    }

    /// Whether some of these ordinals, ascending, may be among its rows.
    pub fn may_hold(&self, ascending: &[u32]) -> bool {
        let first = ascending.partition_point(|ordinal| *ordinal < self.span.0);
        ascending
            .get(first)
            .is_some_and(|ordinal| *ordinal <= self.span.1)
    }

    /// `(row in the chunk, ordinal)` of every row that is not dead.
    pub fn live(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let rows = (0u32..).zip(self.ordinals.iter().copied());
        rows.filter(|(row, _)| !self.dead.contains(*row))
    }
}

/// The writer's side of the tail.
#[derive(Default)]
pub(super) struct Tail {
    chunks: Vec<Arc<TailChunk>>,
    /// Number of the first row of the first chunk, in chunks.
    first_chunk: u64,
    /// True while the last chunk may take more rows.
    open: bool,
    /// Where each live ordinal is: chunk number and row in it.
    places: FxHashMap<u32, (u64, u32)>,
}

impl Tail {
    /// Rows in memory, dead ones included.
    pub fn rows(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.ordinals.len()).sum()
    }

    pub fn chunks(&self) -> &[Arc<TailChunk>] {
        &self.chunks
    }

    pub fn ordinals(&self) -> impl Iterator<Item = u32> + '_ {
        self.places.keys().copied()
    }

    /// Appends a vector of length 1; the caller has removed the ordinal's old row.
    pub fn push(&mut self, ordinal: u32, unit: &[f32]) {
        self.append(ordinal, unit.len(), |codes| codes.push(unit));
    }

    /// Appends a row that is already encoded.
    pub fn push_row(&mut self, ordinal: u32, codes: &Codes<'_>, row: u32) {
        self.append(ordinal, codes.dimensions, |buffer| {
            buffer.push_row(codes, row)
        });
    }

    fn append(&mut self, ordinal: u32, dimensions: usize, encode: impl FnOnce(&mut CodeBuffer)) {
        let full = self
            .chunks
            .last()
            .is_some_and(|c| c.ordinals.len() == TAIL_CHUNK_ROWS);
        if full || !self.open {
            self.chunks.push(Arc::new(TailChunk::new(dimensions)));
            self.open = true;
        }
        let number = self.first_chunk + self.chunks.len() as u64 - 1;
        if let Some(chunk) = self.chunks.last_mut() {
            // Copies the chunk if a published view holds it: at most once a publish.
            let chunk = Arc::make_mut(chunk);
            self.places
                .insert(ordinal, (number, chunk.ordinals.len() as u32));
            chunk.ordinals.push(ordinal);
            chunk.span = (chunk.span.0.min(ordinal), chunk.span.1.max(ordinal));
            encode(&mut chunk.codes);
        }
    }

    /// Marks the ordinal's row dead and gives its chunk number; `None` when it has none here.
    pub fn remove(&mut self, ordinal: u32) -> Option<u64> {
        let (number, row) = self.places.remove(&ordinal)?;
        let chunk = self.chunks.get_mut((number - self.first_chunk) as usize)?;
        Arc::make_mut(chunk).dead.insert(row);
        Some(number)
    }

    /// Moves every row to another mean.
    pub fn recentre(&mut self, recentring: &Recentring) {
        for chunk in &mut self.chunks {
            let chunk = Arc::make_mut(chunk);
            let codes = chunk.codes.view();
            let mut moved = CodeBuffer::with_capacity(codes.dimensions, TAIL_CHUNK_ROWS);
            for row in 0..codes.len() as u32 {
                moved.push(&recentring.apply(&codes.decode(row)));
            }
            chunk.codes = moved;
        }
    }

    /// Ends the last chunk, and gives the number of the next: all rows so far are in chunks below.
    pub fn seal(&mut self) -> u64 {
        self.open = false;
        self.first_chunk + self.chunks.len() as u64
    }

    /// Drops the chunks below `end`, which are now in a segment.
    pub fn drop_before(&mut self, end: u64) {
        let count = (end.saturating_sub(self.first_chunk) as usize).min(self.chunks.len());
        for chunk in self.chunks.drain(..count) {
            for (_, ordinal) in chunk.live() {
                self.places.remove(&ordinal);
            }
        }
        self.first_chunk += count as u64;
    }
}
