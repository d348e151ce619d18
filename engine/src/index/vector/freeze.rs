//! Making one segment out of live rows: the tail's, those of smaller segments, or both.

use std::collections::hash_map::Entry;
use std::hash::Hasher;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};

use super::error::VectorError;
use super::graph::{Graph, build_graph};
use super::quantise::{CodeBuffer, Codes};
use super::segment::{Segment, SegmentParts, write_segment};
use super::segment_view::SegmentView;
use super::tail::TailChunk;

/// Rows to freeze, as they were when the work was ordered.
#[derive(Clone, Default)]
pub(super) struct FrozenInput {
    pub segments: Vec<SegmentView>,
    pub chunks: Vec<Arc<TailChunk>>,
}

impl FrozenInput {
    /// `(ordinal, codes, row of the codes)` of every live row, in ascending order of ordinal.
    fn live_rows(&self) -> Vec<(u32, Codes<'_>, u32)> {
        let mut rows = Vec::new();
        for view in &self.segments {
            let (codes, tables) = (view.segment.codes(), view.segment.row_tables());
            rows.extend(
                view.live()
                    .map(|(row, ordinal)| (ordinal, codes, tables.node_of(row))),
            );
        }
        for chunk in &self.chunks {
            rows.extend(
                chunk
                    .live()
                    .map(|(row, ordinal)| (ordinal, chunk.codes(), row)),
            );
        }
        rows.sort_unstable_by_key(|(ordinal, ..)| *ordinal);
        rows
    }

    /// Live rows.
    pub fn len(&self) -> usize {
        let frozen: usize = self.segments.iter().map(SegmentView::live_rows).sum();
        frozen
            + self
                .chunks
                .iter()
                .map(|chunk| chunk.live_rows())
                .sum::<usize>()
    }
}

/// Whether a segment gets a graph.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Linking {
    /// No graph: rows that are only stored, as a flushed tail is.
    None,
    /// A graph, built with a beam of this width.
    Graph(usize),
}

/// Writes the live rows of `input` to `path` and opens the result; `None` when no row is alive.
pub(super) fn freeze(
    input: &FrozenInput,
    dimensions: usize,
    linking: Linking,
    path: &Path,
) -> Result<Option<Segment>, VectorError> {
    let rows = input.live_rows();
    if rows.is_empty() {
        return Ok(None);
    }
    let mut codes = CodeBuffer::with_capacity(dimensions, rows.len());
    let ordinals = group(&rows, &mut codes);
    drop(rows);
    let graph = match linking {
        Linking::None => Graph::default(),
        Linking::Graph(beam_width) => build_graph(codes.view(), beam_width),
    };
    write_segment(
        path,
        &SegmentParts {
            codes: codes.view(),
            ordinals,
            graph,
        },
    )?;
    Segment::open(path).map(Some)
}

/// Moves the distinct vectors of `rows` into `codes`, and gives the ordinals of each.
fn group(rows: &[(u32, Codes<'_>, u32)], codes: &mut CodeBuffer) -> Vec<Vec<u32>> {
    let mut ordinals: Vec<Vec<u32>> = Vec::with_capacity(rows.len());
    let mut node_of_hash: FxHashMap<u64, usize> = FxHashMap::default();
    for (ordinal, source, row) in rows {
        let mut hasher = FxHasher::default();
        hasher.write(source.high_row(*row));
        hasher.write(source.low_row(*row));
        match node_of_hash.entry(hasher.finish()) {
            Entry::Occupied(node) if codes.view().equals(*node.get() as u32, source, *row) => {
                ordinals[*node.get()].push(*ordinal);
                continue;
            }
            // Different vectors with one hash: the later one stays a node of its own, unshared.
            Entry::Occupied(_) => {}
            Entry::Vacant(place) => {
                place.insert(ordinals.len());
            }
        }
        codes.push_row(source, *row);
        ordinals.push(vec![*ordinal]);
    }
    ordinals
}
