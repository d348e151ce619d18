//! One segment as one published version sees it, and searching it.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::beam::{Beam, Scratch};
use super::best::{Best, Neighbour};
use super::cells::{Visit, cost_min, visit};
use super::dead_rows::DeadRows;
use super::eligibility::{Eligibility, Filter};
use super::graph::{FilteredWalk, descend, walk, walk_filtered};
use super::plan::{Plan, eligible_share};
use super::quantise::{Codes, Query};
use super::scan::{rescored, scan_segment};
use super::segment::{Rows, Segment};

/// Near cells are tried when that costs, at least, this part of what else there is at most. At a half they were tried under
/// lax filters too, where a walk is cheaper than it is reckoned (200,000 × 64, half eligible: 1.5 times unfiltered).
const VISIT_SHARE_MAX: f64 = 0.4;

/// A segment and which of its rows are dead.
#[derive(Clone)]
pub(super) struct SegmentView {
    pub segment: Arc<Segment>,
    pub dead: Arc<DeadRows>,
}

impl SegmentView {
    /// `dead` are ordinals; those that the segment does not have are passed over.
    pub fn new(segment: Segment, dead: impl Iterator<Item = u32>) -> Self {
        let mut rows = DeadRows::default();
        let tables = segment.row_tables();
        for row in dead.filter_map(|ordinal| tables.row(ordinal)) {
            rows.insert(row);
        }
        Self {
            segment: Arc::new(segment),
            dead: Arc::new(rows),
        }
    }

    pub fn live_rows(&self) -> usize {
        self.segment.rows() - self.dead.count()
    }

    /// `(row, ordinal)` of every row that is alive.
    pub fn live(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let rows = self.segment.row_tables();
        let alive = (0..rows.len()).filter(|&row| !self.dead.contains(row));
        alive.map(move |row| (row, rows.ordinal(row)))
    }

    pub fn dead_ordinals(&self) -> RoaringBitmap {
        let rows = self.segment.row_tables();
        let dead = (0..rows.len()).filter(|&row| self.dead.contains(row));
        dead.map(|row| rows.ordinal(row)).collect()
    }

    /// Offers the best `results` eligible rows.
    pub fn search(
        &self,
        query: &Query,
        (results, beam_width): (usize, usize),
        eligible: &dyn Eligibility,
        best: &mut Best,
        scratch: &mut Scratch,
    ) {
        let rows = self.segment.row_tables();
        let alive = self.live_rows() as f64 / self.segment.rows().max(1) as f64;
        let share = alive * eligible_share(&rows, eligible);
        let plan = Plan::new(self.segment.rows(), share, results, beam_width.max(results));
        if self.segment.has_graph() {
            let passing = Passing {
                rows,
                dead: &self.dead,
                filter: Filter::new(eligible),
            };
            let must_ask = eligible.bitmap().is_none();
            let cost_max = plan.cost(self.segment.rows(), share, must_ask);
            let visited = self.visit(query, (results, share, cost_max), &passing, scratch);
            let found = visited.unwrap_or_else(|| match plan {
                Plan::Walk { width } => self.walk(query, width, results, &passing, scratch),
                Plan::WalkFiltered { width, steps_max } => {
                    self.walk_filtered(query, (width, steps_max), results, &passing, scratch)
                }
                Plan::Scan => Vec::new(),
            });
            if found.len() >= results {
                found
                    .into_iter()
                    .for_each(|neighbour| best.offer(neighbour));
                return;
            }
            // Too few: what is eligible is far from the query, so all of it is looked at.
        }
        scan_segment(self, query, results, eligible, best, scratch);
    }

    /// Goes through near cells; `None` when that costs more than it may.
    fn visit(
        &self,
        query: &Query,
        (results, share, cost_max): (usize, f64, f64),
        passing: &Passing<'_>,
        scratch: &mut Scratch,
    ) -> Option<Vec<Neighbour>> {
        let (cells, codes) = (self.segment.cells()?, self.segment.codes());
        if cost_min(&cells, codes.len(), share, results) > cost_max * VISIT_SHARE_MAX {
            return None;
        }
        let order = Visit {
            cells,
            codes,
            probe: query.probe(),
            results,
            width: rescored(results),
            share,
            cost_max,
        };
        visit(&order, |node| passing.any(node), scratch)
            .then(|| rescore(&codes, query, results, passing, &scratch.passing))
    }

    fn walk(
        &self,
        query: &Query,
        width: usize,
        results: usize,
        passing: &Passing<'_>,
        scratch: &mut Scratch,
    ) -> Vec<Neighbour> {
        let (codes, probe) = (self.segment.codes(), query.probe());
        let seeds = descend(self.segment.levels(), &codes, &probe, scratch);
        walk(
            &self.segment.base(),
            &codes,
            &probe,
            (&seeds, width),
            scratch,
        );
        rescore(&codes, query, results, passing, &scratch.beam)
    }

    /// Empty when the walk was longer than allowed and had not found as many candidates as it was to keep.
    fn walk_filtered(
        &self,
        query: &Query,
        (width, steps_max): (usize, usize),
        results: usize,
        passing: &Passing<'_>,
        scratch: &mut Scratch,
    ) -> Vec<Neighbour> {
        let (codes, probe) = (self.segment.codes(), query.probe());
        let seeds = descend(self.segment.levels(), &codes, &probe, scratch);
        let walk = FilteredWalk {
            seeds: &seeds,
            width,
            steps_max,
        };
        let passes = |node| passing.any(node);
        let ended = walk_filtered(&self.segment.base(), &codes, &probe, walk, passes, scratch);
        if !ended && scratch.passing.candidates().len() < width {
            return Vec::new();
        }
        rescore(&codes, query, results, passing, &scratch.passing)
    }
}

/// The passing rows of the best nodes in the beam with their exact similarity.
fn rescore(
    codes: &Codes<'_>,
    query: &Query,
    results: usize,
    passing: &Passing<'_>,
    beam: &Beam,
) -> Vec<Neighbour> {
    let limit = rescored(results);
    for candidate in beam.candidates().take(limit) {
        codes.prefetch_low(candidate.id);
        passing.rows.prefetch(candidate.id);
    }
    let mut found = Vec::with_capacity(limit);
    for candidate in beam.candidates() {
        if found.len() >= limit {
            break;
        }
        let mut similarity = None;
        // Rows of one node are equally similar and in ascending order: more than `results` of them
        // cannot be among the best.
        for ordinal in passing.ordinals(candidate.id).take(results) {
            let similarity =
                *similarity.get_or_insert_with(|| codes.similarity(query, candidate.id));
            found.push(Neighbour {
                ordinal,
                similarity,
            });
        }
    }
    found
}

/// Which rows of a segment are alive and eligible.
struct Passing<'a> {
    rows: Rows<'a>,
    dead: &'a DeadRows,
    filter: Filter<'a>,
}

impl Passing<'_> {
    /// True when a row of the node passes.
    #[inline]
    fn any(&self, node: u32) -> bool {
        for row in self.rows.rows_of(node) {
            if !self.dead.contains(row) && self.filter.allows(self.rows.ordinal(row)) {
                return true;
            }
        }
        false
    }

    /// Ordinals of the node's rows that pass, ascending.
    fn ordinals(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let alive = self
            .rows
            .rows_of(node)
            .filter(|&row| !self.dead.contains(row));
        alive
            .map(|row| self.rows.ordinal(row))
            .filter(|&ordinal| self.filter.allows(ordinal))
    }
}
