//! A published version of the index: immutable, shared by any number of searching threads.

use std::sync::Arc;

use super::beam::with_scratch;
use super::best::{Best, Neighbour};
use super::eligibility::Eligibility;
use super::error::VectorError;
use super::options::RESULTS_MAX;
use super::quantise::{Query, normalise};
use super::scan::scan_tail;
use super::segment_view::SegmentView;
use super::tail::TailChunk;

/// Everything that was upserted before it was published, without what was deleted before then.
pub struct VectorSnapshot {
    pub(super) dimensions: Option<usize>,
    pub(super) beam_width: usize,
    pub(super) segments: Vec<SegmentView>,
    pub(super) tail: Vec<Arc<TailChunk>>,
}

impl VectorSnapshot {
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
        let query = Query::new(normalise(query, self.dimensions)?);
        if k > RESULTS_MAX {
            return Err(VectorError::TooManyResults { got: k });
        }
        let results = k.min(self.len());
        let mut best = Best::new(results);
        if results == 0 {
            return Ok(Vec::new());
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
        Ok(best.into_sorted())
    }

    /// The vector of an item, scaled to length 1 and rounded to 16 bits a component.
    pub fn vector(&self, ordinal: u32) -> Option<Vec<f32>> {
        for chunk in &self.tail {
            if let Some((row, _)) = chunk.live().find(|(_, held)| *held == ordinal) {
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
