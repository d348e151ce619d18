//! Searching one segment: the share of eligible rows decides how.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::beam::Scratch;
use super::best::{Best, Neighbour};
use super::dead_rows::DeadRows;
use super::eligibility::Eligibility;
use super::graph::{descend, walk, walk_eligible};
use super::options::BEAM_WIDTH_MAX;
use super::quantise::Query;
use super::scan::scan_segment;
use super::segment::Segment;

/// Eligible rows up to which looking at each costs no more than a walk does.
const SCANNED_ROWS_MAX: usize = 10_000;
/// Share of eligible rows from which a walk ignores the filter until its end, with a wider beam.
const UNFILTERED_WALK_SHARE: f64 = 0.4;
/// Share below which too few eligible nodes are within two steps of each other to walk at all.
const WALKABLE_SHARE: f64 = 0.01;
/// Rows that are asked to estimate the share of a filter without a bitmap.
const SAMPLED_ROWS: usize = 128;

/// A segment as one published version sees it.
#[derive(Clone)]
pub(super) struct SegmentView {
    pub segment: Arc<Segment>,
    pub dead: Arc<DeadRows>,
}

/// How to search a segment.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Plan {
    /// Walk the graph with a beam of this width and filter what it ends with.
    Walk(usize),
    /// Walk from eligible node to eligible node with a beam of this width.
    WalkEligible(usize),
    /// Look at every eligible row.
    Scan,
}

impl SegmentView {
    /// `dead` are ordinals; those that the segment does not have are passed over.
    pub fn new(segment: Segment, dead: impl Iterator<Item = u32>) -> Self {
        let mut rows = DeadRows::default();
        dead.filter_map(|ordinal| segment.row(ordinal))
            .for_each(|row| {
                rows.insert(row);
            });
        Self {
            segment: Arc::new(segment),
            dead: Arc::new(rows),
        }
    }

    pub fn dead_ordinals(&self) -> RoaringBitmap {
        let rows = 0..self.segment.rows() as u32;
        rows.filter(|&row| self.dead.contains(row))
            .map(|row| self.segment.ordinal(row))
            .collect()
    }

    pub fn live_rows(&self) -> usize {
        self.segment.rows() - self.dead.count()
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
        let plan = self.plan(results, beam_width, eligible);
        if plan != Plan::Scan {
            self.walk(query, plan, eligible, scratch);
            if self.offer_nodes(query, results, eligible, best, scratch) >= results {
                return;
            }
        }
        // Too few: the eligible rows are few or far from the query, so all of them are looked at.
        // Rows that were offered already are the same rows, so the scan starts from nothing.
        let mut whole = Best::new(results);
        scan_segment(self, query, results, eligible, &mut whole, scratch);
        whole
            .into_sorted()
            .into_iter()
            .for_each(|neighbour| best.offer(neighbour));
    }

    fn plan(&self, results: usize, beam_width: usize, eligible: &dyn Eligibility) -> Plan {
        let share = self.eligible_share(eligible);
        let eligible_rows = share * self.segment.rows() as f64;
        let width = beam_width.max(results + results / 2);
        let wide = (width as f64 / share).ceil();
        if !self.segment.has_graph()
            || eligible_rows <= SCANNED_ROWS_MAX as f64
            || share < WALKABLE_SHARE
            || width > BEAM_WIDTH_MAX
        {
            Plan::Scan
        } else if share >= UNFILTERED_WALK_SHARE && wide <= BEAM_WIDTH_MAX as f64 {
            Plan::Walk(wide as usize)
        } else {
            Plan::WalkEligible(width)
        }
    }

    /// About what part of the rows is alive and eligible, 0 to 1.
    fn eligible_share(&self, eligible: &dyn Eligibility) -> f64 {
        let rows = self.segment.rows();
        let Some((smallest, largest)) = self.segment.ordinal_range() else {
            return 0.0;
        };
        let alive = self.live_rows() as f64 / rows as f64;
        let allowed = match eligible.bitmap() {
            Some(bitmap) => bitmap.range_cardinality(smallest..=largest) as f64 / rows as f64,
            None => {
                let step = (rows / SAMPLED_ROWS).max(1);
                let asked = (0..rows).step_by(step);
                let count = asked.len();
                let yes = asked.filter(|&row| eligible.allows(self.segment.ordinal(row as u32)));
                yes.count() as f64 / count as f64
            }
        };
        alive * allowed.min(1.0)
    }

    fn walk(&self, query: &Query, plan: Plan, eligible: &dyn Eligibility, scratch: &mut Scratch) {
        let (codes, probe) = (self.segment.codes(), query.probe());
        let start = descend(self.segment.levels(), &codes, &probe);
        let base = self.segment.base();
        match plan {
            Plan::Walk(width) => walk(&base, &codes, &probe, (start, width), scratch),
            Plan::WalkEligible(width) => {
                let passes = |node| self.passing_rows(node, eligible).next().is_some();
                walk_eligible(&base, &codes, &probe, (start, width), passes, scratch);
            }
            Plan::Scan => {}
        }
    }

    /// Offers the eligible rows of the nodes in the scratch beam; gives how many it offered.
    fn offer_nodes(
        &self,
        query: &Query,
        results: usize,
        eligible: &dyn Eligibility,
        best: &mut Best,
        scratch: &Scratch,
    ) -> usize {
        let codes = self.segment.codes();
        let mut found = Vec::with_capacity(scratch.beam.len());
        for candidate in scratch.beam.candidates() {
            // Rows of one node are equally similar and in ascending order: more than `results` of
            // them cannot be among the best.
            let mut rows = self
                .passing_rows(candidate.id, eligible)
                .take(results)
                .peekable();
            if rows.peek().is_some() {
                let similarity = codes.similarity(query, candidate.id);
                found.extend(rows.map(|ordinal| Neighbour {
                    ordinal,
                    similarity,
                }));
            }
        }
        let count = found.len();
        if count >= results {
            found
                .into_iter()
                .for_each(|neighbour| best.offer(neighbour));
        }
        count
    }

    /// Ordinals of a node's rows that are alive and eligible, ascending.
    fn passing_rows<'a>(
        &'a self,
        node: u32,
        eligible: &'a dyn Eligibility,
    ) -> impl Iterator<Item = u32> + 'a {
        let alive = self
            .segment
            .rows_of(node)
            .filter(|&row| !self.dead.contains(row));
        alive
            .map(|row| self.segment.ordinal(row))
            .filter(|&ordinal| eligible.allows(ordinal))
    }
}
