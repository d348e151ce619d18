//! A published version of the index: immutable, shared by any number of searching threads.

use std::sync::Arc;

use super::beam::with_scratch;
use super::best::{Best, Neighbour};
use super::eligibility::Eligibility;
use super::error::VectorError;
use super::means::{Means, direction};
use super::options::RESULTS_MAX;
use super::quantise::Query;
use super::scan::scan_tail;
use super::segment_view::SegmentView;
use super::tail::TailChunk;

/// Everything that was upserted before it was published, without what was deleted before then.
pub struct VectorSnapshot {
    pub(super) dimensions: Option<usize>,
    pub(super) means: Arc<Means>,
    pub(super) beam_width: usize,
    pub(super) segments: Vec<SegmentView>,
    pub(super) tail: Vec<Arc<TailChunk>>,
}

impl VectorSnapshot {
    /// Bytes of the frozen segments, which are mapped.
    pub fn mapped_bytes(&self) -> u64 {
        let segments = self.segments.iter();
        segments.map(|view| view.segment.file_bytes()).sum()
    }

    /// Bytes on the heap beside them: which of their rows are dead.
    pub fn segments_heap_bytes(&self) -> u64 {
        self.segments
            .iter()
            .map(|view| view.dead.heap_bytes())
            .sum()
    }

    /// Bytes of what is in no segment yet.
    pub fn tail_bytes(&self) -> u64 {
        self.tail.iter().map(|chunk| chunk.heap_bytes()).sum()
    }

    /// The `k` eligible items most similar to `query`, best first; all eligible ones if there are
    /// fewer. The query need not be of length 1.
    ///
    /// # Errors
    /// The query is empty, too long, of another dimension than the index, zero or not finite, or `k`
    /// is above [`RESULTS_MAX`].
    pub fn search(
        &self,
        query: &[f32],
        k: usize,
        eligible: &dyn Eligibility,
    ) -> Result<Vec<Neighbour>, VectorError> {
        self.search_with_beam(query, k, eligible, self.beam_width)
    }

    /// Like [`Self::search`], with the candidates that a graph search keeps given by the caller:
    /// a wider beam is slower and finds more.
    pub fn search_with_beam(
        &self,
        query: &[f32],
        k: usize,
        eligible: &dyn Eligibility,
        beam_width: usize,
    ) -> Result<Vec<Neighbour>, VectorError> {
        let unit = direction(query, self.dimensions, &self.means.query)?;
        if k > RESULTS_MAX {
            return Err(VectorError::TooManyResults { got: k });
        }
        Ok(self.nearest(unit, k, eligible, beam_width))
    }

    /// The `k` eligible items most similar to the item of `ordinal` and not itself, best first, as far
    /// as their cosine is at least `similarity_min`; none if the item has no vector.
    ///
    /// Both sides are items, so both are compared around the item mean.
    ///
    /// # Errors
    /// `k` is above [`RESULTS_MAX`].
    pub fn similar(
        &self,
        ordinal: u32,
        k: usize,
        similarity_min: f32,
        eligible: &dyn Eligibility,
    ) -> Result<Vec<Neighbour>, VectorError> {
        if k > RESULTS_MAX {
            return Err(VectorError::TooManyResults { got: k });
        }
        let Some(unit) = self.vector(ordinal) else {
            return Ok(Vec::new());
        };
        // One more, because the item itself is among its nearest.
        let mut found = self.nearest(unit, k + 1, eligible, self.beam_width);
        found.retain(|near| near.ordinal != ordinal && near.similarity >= similarity_min);
        found.truncate(k);
        Ok(found)
    }

    /// The `k` eligible items most similar to a vector of length 1.
    pub(super) fn nearest(
        &self,
        unit: Vec<f32>,
        k: usize,
        eligible: &dyn Eligibility,
        beam_width: usize,
    ) -> Vec<Neighbour> {
        let query = Query::new(unit);
        let results = k.min(self.len());
        let mut best = Best::new(results);
        if results == 0 {
            return Vec::new();
        }
        with_scratch(|scratch| {
            if !self.tail.is_empty() {
                scan_tail(&self.tail, &query, results, eligible, &mut best, scratch);
            }
            for segment in &self.segments {
                let wanted = (results, beam_width);
                segment.search(&query, wanted, eligible, &mut best, scratch);
            }
        });
        best.into_sorted()
    }

    /// The vector of an item as it is compared: around the item mean, scaled to length 1, rounded to 16
    /// bits a component.
    pub fn vector(&self, ordinal: u32) -> Option<Vec<f32>> {
        for chunk in &self.tail {
            if let Some(row) = chunk.row(ordinal) {
                return Some(chunk.codes().decode(row));
            }
        }
        self.segments.iter().find_map(|view| {
            let rows = view.segment.row_tables();
            let row = rows.row(ordinal).filter(|&row| !view.dead.contains(row))?;
            Some(view.segment.codes().decode(rows.node_of(row)))
        })
    }

    /// Items.
    pub fn len(&self) -> usize {
        let frozen: usize = self.segments.iter().map(SegmentView::live_rows).sum();
        frozen
            + self
                .tail
                .iter()
                .map(|chunk| chunk.live_rows())
                .sum::<usize>()
    }

    /// True when there are no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Dimensions of every vector; `None` while no vector has decided it.
    pub fn dimensions(&self) -> Option<usize> {
        self.dimensions
    }

    /// Segments that a search visits, the tail not counted.
    pub fn segments(&self) -> usize {
        self.segments.len()
    }
}
