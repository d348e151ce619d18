//! Making one segment out of live rows: the tail's, those of smaller segments, or both.

use std::hash::Hasher;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::{FxHashMap, FxHasher};

use super::cells::{Cells, Division, divide};
use super::error::VectorError;
use super::graph::{InheritedLinks, NO_NODE, build_graph};
use super::means::Recentring;
use super::quantise::{CodeBuffer, Codes};
use super::segment::{Groups, Segment, SegmentParts, write_segment};
use super::segment_view::SegmentView;
use super::tail::TailChunk;

/// Rows to freeze, as they were when the work was ordered.
#[derive(Clone, Default)]
pub(super) struct FrozenInput {
    pub segments: Vec<SegmentView>,
    pub chunks: Vec<Arc<TailChunk>>,
    /// Around which mean they are to be frozen, if not around the one they have.
    pub recentring: Option<Arc<Recentring>>,
}

/// A live row of the input.
#[derive(Clone, Copy)]
struct LiveRow {
    ordinal: u32,
    /// Position of its codes among those of the input.
    source: u32,
    /// Row of those codes.
    row: u32,
}

impl FrozenInput {
    /// Codes of each segment and then of each chunk.
    fn sources(&self) -> Vec<Codes<'_>> {
        let frozen = self.segments.iter().map(|view| view.segment.codes());
        frozen
            .chain(self.chunks.iter().map(|chunk| chunk.codes()))
            .collect()
    }

    /// Every live row, in ascending order of ordinal.
    fn live_rows(&self) -> Vec<LiveRow> {
        let mut live = Vec::with_capacity(self.len());
        let mut source = 0;
        for view in &self.segments {
            let rows = view.segment.row_tables();
            live.extend(view.live().map(|(row, ordinal)| LiveRow {
                ordinal,
                source,
                row: rows.node_of(row),
            }));
            source += 1;
        }
        for chunk in &self.chunks {
            live.extend(chunk.live().map(|(row, ordinal)| LiveRow {
                ordinal,
                source,
                row,
            }));
            source += 1;
        }
        live.sort_unstable_by_key(|live| live.ordinal);
        live
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
#[derive(Clone, Copy)]
pub(super) enum Linking<'a> {
    /// No graph: rows that are only stored, as a flushed tail is.
    None,
    /// A graph, built with a beam of this width, unless the flag turns true meanwhile.
    Graph(usize, &'a AtomicBool),
}

/// Writes the live rows of `input` to `path` and opens the result; `None` when no row is alive, or
/// when the build was cancelled.
pub(super) fn freeze(
    input: &FrozenInput,
    dimensions: usize,
    linking: Linking<'_>,
    path: &Path,
) -> Result<Option<Segment>, VectorError> {
    let live = input.live_rows();
    if live.is_empty() {
        return Ok(None);
    }
    let sources = input.sources();
    let (mut node_of, firsts) = distinct(&live, &sources);
    let mut codes = CodeBuffer::with_capacity(dimensions, firsts.len());
    for LiveRow { source, row, .. } in firsts {
        let source = &sources[source as usize];
        match &input.recentring {
            None => codes.push_row(source, row),
            Some(recentring) => codes.push(&recentring.apply(&source.decode(row))),
        }
    }
    let (cells, graph) = match linking {
        Linking::None => Default::default(),
        Linking::Graph(beam_width, cancelled) => {
            let cells = by_cells(&mut codes, &mut node_of, cancelled);
            if cancelled.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let inherited = inherited_links(input, &live, &node_of);
            match build_graph(codes.view(), beam_width, &inherited, cancelled) {
                Some(graph) => (cells, graph),
                None => return Ok(None),
            }
        }
    };
    let ordinals = live.iter().map(|live| live.ordinal);
    let groups = Groups::new(ordinals, &node_of, codes.view().len());
    write_segment(
        path,
        &SegmentParts {
            codes: codes.view(),
            groups,
            graph,
            cells,
        },
    )?;
    Segment::open(path).map(Some)
}

/// Divides the nodes into cells, and numbers them anew so that those of a cell are adjacent.
fn by_cells(codes: &mut CodeBuffer, node_of: &mut [u32], cancelled: &AtomicBool) -> Cells {
    let Some(Division { cells, order }) = divide(codes.view(), cancelled) else {
        return Cells::default();
    };
    codes.reorder(&order);
    let mut renamed = vec![0; order.len()];
    for (name, node) in (0u32..).zip(order) {
        renamed[node as usize] = name;
    }
    for node in node_of {
        *node = renamed[*node as usize];
    }
    cells
}

/// The links of the largest segment of the input, if it makes up most of it; around another mean,
/// others are near.
fn inherited_links(input: &FrozenInput, live: &[LiveRow], node_of: &[u32]) -> InheritedLinks {
    let segments = (0u32..).zip(&input.segments);
    let Some((source, view)) = segments.max_by_key(|(_, view)| view.live_rows()) else {
        return InheritedLinks::default();
    };
    let is_most = view.live_rows() * 2 >= live.len();
    if !is_most || !view.segment.has_graph() || input.recentring.is_some() {
        return InheritedLinks::default();
    }
    let mut renamed = vec![NO_NODE; view.segment.nodes()];
    for (live, &node) in live.iter().zip(node_of) {
        if live.source == source {
            renamed[live.row as usize] = node;
        }
    }
    InheritedLinks::new(&view.segment.base(), &renamed)
}

/// The node of each live row, and the first row of each node: rows with equal vectors share one.
fn distinct(live: &[LiveRow], sources: &[Codes<'_>]) -> (Vec<u32>, Vec<LiveRow>) {
    let mut node_of: Vec<u32> = Vec::with_capacity(live.len());
    let mut firsts: Vec<LiveRow> = Vec::with_capacity(live.len());
    let mut node_of_hash: FxHashMap<u64, u32> = FxHashMap::default();
    for &new in live {
        let source = &sources[new.source as usize];
        let mut hasher = FxHasher::default();
        hasher.write(source.high_row(new.row));
        hasher.write(source.low_row(new.row));
        let next = firsts.len() as u32;
        let known = *node_of_hash.entry(hasher.finish()).or_insert(next);
        let equal = firsts
            .get(known as usize)
            .is_some_and(|first| sources[first.source as usize].equals(first.row, source, new.row));
        if equal {
            node_of.push(known);
        } else {
            // New, or another vector with the hash of a known one: that stays a node of its own.
            firsts.push(new);
            node_of.push(next);
        }
    }
    (node_of, firsts)
}
