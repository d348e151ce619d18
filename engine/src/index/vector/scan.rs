//! Searching by looking at every row: the tail, and segments of which few rows are eligible.
//!
//! The int8 estimate chooses candidates, more than are asked for, and their exact similarity decides.

use std::sync::Arc;

use super::beam::Scratch;
use super::best::{Best, Neighbour};
use super::eligibility::Eligibility;
use super::kernels::BATCH_ROWS_MAX;
use super::quantise::Query;
use super::segment::{RowCursor, Segment};
use super::segment_view::SegmentView;
use super::tail::TailChunk;

/// Candidates that a scan rescores for each result asked for, and in addition to that.
const RESCORED_PER_RESULT: usize = 3;
const RESCORED_EXTRA: usize = 32;

fn rescored(results: usize) -> usize {
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
    let probe = query.probe();
    scratch.beam.reset(rescored(results));
    let mut first_row = 0u32;
    for chunk in chunks {
        scratch.batch.clear();
        scratch.batch.extend(0..chunk.ordinals.len() as u32);
        chunk
            .codes()
            .estimate(&probe, &scratch.batch, &mut scratch.estimates);
        for (row, ordinal) in chunk.live() {
            let estimate = scratch.estimates[row as usize];
            if estimate > scratch.beam.threshold() && eligible.allows(ordinal) {
                scratch.beam.offer(estimate, first_row + row);
            }
        }
        first_row += chunk.ordinals.len() as u32;
    }
    let mut candidates: Vec<u32> = scratch
        .beam
        .candidates()
        .map(|candidate| candidate.id)
        .collect();
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
    let segment: &Segment = &view.segment;
    let Some((smallest, largest)) = segment.ordinal_range() else {
        return;
    };
    scratch.beam.reset(rescored(results));
    let mut rows = Vec::with_capacity(BATCH_ROWS_MAX);
    let mut take = |row: u32| {
        if view.dead.contains(row) {
            return;
        }
        segment.codes().prefetch(segment.node_of(row));
        rows.push(row);
        if rows.len() == BATCH_ROWS_MAX {
            offer_rows(segment, query, &mut rows, scratch);
        }
    };
    match eligible.bitmap() {
        Some(bitmap) => {
            let mut cursor = RowCursor::new(segment);
            bitmap
                .range(smallest..=largest)
                .filter_map(|o| cursor.seek(o))
                .for_each(&mut take);
        }
        None => {
            let rows = 0..segment.rows() as u32;
            rows.filter(|&row| eligible.allows(segment.ordinal(row)))
                .for_each(&mut take);
        }
    }
    offer_rows(segment, query, &mut rows, scratch);
    for candidate in scratch.beam.candidates() {
        let ordinal = segment.ordinal(candidate.id);
        // The last word: a bitmap that disagrees with `allows` must not let an item through.
        if eligible.allows(ordinal) {
            let similarity = segment
                .codes()
                .similarity(query, segment.node_of(candidate.id));
            best.offer(Neighbour {
                ordinal,
                similarity,
            });
        }
    }
}

fn offer_rows(segment: &Segment, query: &Query, rows: &mut Vec<u32>, scratch: &mut Scratch) {
    scratch.batch.clear();
    scratch
        .batch
        .extend(rows.iter().map(|&row| segment.node_of(row)));
    segment
        .codes()
        .estimate(&query.probe(), &scratch.batch, &mut scratch.estimates);
    for (row, &estimate) in rows.drain(..).zip(&scratch.estimates) {
        scratch.beam.offer(estimate, row);
    }
}
