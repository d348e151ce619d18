//! Searching by looking at every row: the tail, and segments of which few rows are eligible.
//!
//! The int8 estimate chooses candidates, more than are asked for, and their exact similarity decides.

use std::sync::Arc;

use super::beam::Scratch;
use super::best::{Best, Neighbour};
use super::eligibility::Eligibility;
use super::kernels::BATCH_ROWS_MAX;
use super::quantise::{Codes, Probe, Query};
use super::segment::{RowCursor, Rows};
use super::segment_view::SegmentView;
use super::tail::TailChunk;

/// Candidates that are rescored for each result asked for, and in addition to that.
const RESCORED_PER_RESULT: usize = 2;
const RESCORED_EXTRA: usize = 16;
/// Eligible ordinals that are taken from a bitmap at a time.
const ORDINALS_AT_ONCE: usize = 256;

/// Candidates whose exact similarity is needed to be sure of the best `results`.
pub(super) fn rescored(results: usize) -> usize {
    results
        .saturating_mul(RESCORED_PER_RESULT)
        .saturating_add(RESCORED_EXTRA)
}

/// Offers the best `results` eligible rows of the tail.
pub(super) fn scan_tail(
    chunks: &[Arc<TailChunk>],
    query: &Query,
    results: usize,
    eligible: &dyn Eligibility,
    best: &mut Best,
    scratch: &mut Scratch,
) {
    let rows: usize = chunks.iter().map(|chunk| chunk.ordinals.len()).sum();
    let probe = query.probe();
    scratch.beam.reset(rescored(results).min(rows));
    let mut first_row = 0u32;
    for chunk in chunks {
        scratch.batch.clear();
        scratch.batch.extend(0..chunk.ordinals.len() as u32);
        chunk
            .codes()
            .estimate(&probe, &scratch.batch, &mut scratch.estimates);
        for (row, &estimate) in scratch.estimates.iter().enumerate() {
            if scratch.beam.admits(estimate)
                && !chunk.dead.contains(row as u32)
                && eligible.allows(chunk.ordinals[row])
            {
                scratch.beam.offer(estimate, first_row + row as u32);
            }
        }
        first_row += chunk.ordinals.len() as u32;
    }
    let mut candidates: Vec<u32> = scratch.beam.candidates().map(|c| c.id).collect();
    candidates.sort_unstable();
    let (mut candidates, mut first_row) = (candidates.into_iter().peekable(), 0u32);
    for chunk in chunks {
        let end = first_row + chunk.ordinals.len() as u32;
        while let Some(row) = candidates.next_if(|&row| row < end) {
            let row = row - first_row;
            let similarity = chunk.codes().similarity(query, row);
            best.offer(Neighbour {
                ordinal: chunk.ordinals[row as usize],
                similarity,
            });
        }
        first_row = end;
    }
}

/// Offers the best `results` eligible rows of a segment.
pub(super) fn scan_segment(
    view: &SegmentView,
    query: &Query,
    results: usize,
    eligible: &dyn Eligibility,
    best: &mut Best,
    scratch: &mut Scratch,
) {
    let rows = view.segment.row_tables();
    let Some((smallest, largest)) = rows.ordinal_range() else {
        return;
    };
    scratch
        .beam
        .reset(rescored(results).min(view.segment.rows()));
    let mut scan = Scan {
        view,
        rows,
        codes: view.segment.codes(),
        probe: query.probe(),
        has_dead: view.dead.count() > 0,
        waiting: [0; BATCH_ROWS_MAX],
        waiting_nodes: [0; BATCH_ROWS_MAX],
        waiting_len: 0,
        scratch,
    };
    match eligible.bitmap() {
        Some(bitmap) => {
            let (mut cursor, mut room) = (RowCursor::new(rows), [0u32; ORDINALS_AT_ONCE]);
            let mut ordinals = bitmap.range(smallest..=largest);
            loop {
                let taken = ordinals.next_many(&mut room);
                if taken.is_empty() {
                    break;
                }
                for &mut ordinal in taken {
                    if let Some(row) = cursor.seek(ordinal) {
                        scan.take(row);
                    }
                }
            }
        }
        None => {
            for row in 0..rows.len() {
                if eligible.allows(rows.ordinal(row)) {
                    scan.take(row);
                }
            }
        }
    }
    scan.estimate_waiting();
    for candidate in scan.scratch.beam.candidates() {
        let ordinal = rows.ordinal(candidate.id);
        // The last word: a bitmap that disagrees with `allows` must not let an item through.
        if eligible.allows(ordinal) {
            let similarity = scan.codes.similarity(query, rows.node_of(candidate.id));
            best.offer(Neighbour {
                ordinal,
                similarity,
            });
        }
    }
}

/// Rows on their way into the beam, a batch at a time.
struct Scan<'a> {
    view: &'a SegmentView,
    rows: Rows<'a>,
    codes: Codes<'a>,
    probe: Probe<'a>,
    has_dead: bool,
    /// Rows whose codes were asked for but not looked at, and the node of each.
    waiting: [u32; BATCH_ROWS_MAX],
    waiting_nodes: [u32; BATCH_ROWS_MAX],
    waiting_len: usize,
    scratch: &'a mut Scratch,
}

impl Scan<'_> {
    #[inline(always)]
    fn take(&mut self, row: u32) {
        if self.has_dead && self.view.dead.contains(row) {
            return;
        }
        let node = self.rows.node_of(row);
        self.codes.prefetch(node);
        self.waiting[self.waiting_len] = row;
        self.waiting_nodes[self.waiting_len] = node;
        self.waiting_len += 1;
        if self.waiting_len == BATCH_ROWS_MAX {
            self.estimate_waiting();
        }
    }

    fn estimate_waiting(&mut self) {
        let Scratch {
            estimates, beam, ..
        } = &mut *self.scratch;
        let nodes = &self.waiting_nodes[..self.waiting_len];
        self.codes.estimate(&self.probe, nodes, estimates);
        for (&estimate, &row) in estimates.iter().zip(&self.waiting) {
            beam.offer(estimate, row);
        }
        self.waiting_len = 0;
    }
}
