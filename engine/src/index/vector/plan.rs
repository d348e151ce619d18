//! How to search a segment: the share of eligible rows decides.

use super::eligibility::Eligibility;
use super::options::BEAM_WIDTH_MAX;
use super::segment::Rows;

/// Rows that can be scanned in the time of one step of a walk.
const ROWS_A_STEP: f64 = 60.0;
/// Rows of a scan that take as long as asking a filter without a bitmap about four.
const ASKED_ROW_COST: f64 = 0.25;
/// Rows that are always scanned: a walk has costs before its first step.
const SCANNED_ROWS_MIN: f64 = 2_000.0;
/// Share of eligible rows from which a walk ignores the filter until its end, with a wider beam.
const UNFILTERED_WALK_SHARE: f64 = 0.6;
/// Eligible candidates that a walk under a filter keeps beyond the results: with fewer, clusters that lie behind
/// ineligible nodes are missed (200,000 × 64, one in ten eligible, ten results: recall 0.983 with 16). Not a
/// multiple of the results: many results are a wide beam already.
const CANDIDATES_BEYOND: usize = 30;
/// Rows that are asked to estimate the share of a filter without a bitmap.
const SAMPLED_ROWS: u32 = 64;

/// How to search a segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plan {
    /// Walk the graph with a beam of this width and filter what it ends with.
    Walk { width: usize },
    /// Walk the graph until it has found so many eligible rows, in so many steps at most.
    WalkFiltered { width: usize, steps_max: usize },
    /// Look at every eligible row.
    Scan,
}

impl Plan {
    /// The cheapest plan for `results` of `rows` rows, of which `share` are alive and eligible, when
    /// an unfiltered walk would have a beam of `width`.
    pub fn new(rows: usize, share: f64, results: usize, width: usize) -> Self {
        let eligible_rows = share * rows as f64;
        // Of what an unfiltered walk ends with, chance lets a few more or fewer pass: without slack every other one
        // would find too few, and be followed by a scan.
        let wanted = if share >= 1.0 {
            results
        } else {
            results + CANDIDATES_BEYOND
        };
        let passing = (width as f64 * share).ceil().max(wanted as f64);
        let steps = passing / share;
        if eligible_rows <= (steps * ROWS_A_STEP).max(SCANNED_ROWS_MIN)
            || width > BEAM_WIDTH_MAX
            || results > BEAM_WIDTH_MAX
        {
            Self::Scan
        } else if share >= UNFILTERED_WALK_SHARE {
            Self::Walk {
                width: steps.ceil() as usize,
            }
        } else {
            // From there on a scan is the better bet.
            let steps_max = (2.0 * steps).max(eligible_rows / ROWS_A_STEP) as usize;
            Self::WalkFiltered {
                width: passing as usize,
                steps_max,
            }
        }
    }
}

impl Plan {
    /// About what it costs, in rows of a scan; `must_ask` says that a scan has to ask the filter about every row.
    pub fn cost(self, rows: usize, share: f64, must_ask: bool) -> f64 {
        match self {
            Self::Walk { width } => width as f64 * ROWS_A_STEP,
            Self::WalkFiltered { width, .. } => width as f64 / share * ROWS_A_STEP,
            Self::Scan => {
                let asked = if must_ask { rows as f64 } else { 0.0 };
                share * rows as f64 + asked * ASKED_ROW_COST
            }
        }
    }
}

/// About what part of the rows is eligible, 0 to 1.
pub(super) fn eligible_share(rows: &Rows<'_>, eligible: &dyn Eligibility) -> f64 {
    if eligible.allows_everything() {
        return 1.0;
    }
    let Some((smallest, largest)) = rows.ordinal_range() else {
        return 0.0;
    };
    if let Some(bitmap) = eligible.bitmap() {
        // Of all ordinals in between, whether the segment has them or not: that does not depend on
        // how many of them other segments have taken over.
        let allowed = bitmap.range_cardinality(smallest..=largest);
        return allowed as f64 / (f64::from(largest - smallest) + 1.0);
    }
    let count = rows.len();
    let (mut asked, mut allowed, mut row) = (0, 0, 0);
    while row < count {
        asked += 1;
        allowed += u32::from(eligible.allows(rows.ordinal(row)));
        row += (count / SAMPLED_ROWS).max(1);
    }
    f64::from(allowed) / f64::from(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_eligible_rows_decides() {
        let plan = |share| Plan::new(1_000_000, share, 10, 64);
        assert_eq!(plan(1.0), Plan::Walk { width: 64 });
        assert_eq!(plan(0.8), Plan::Walk { width: 65 });
        assert_eq!(
            plan(0.5),
            Plan::WalkFiltered {
                width: 40,
                steps_max: 8_333
            }
        );
        assert_eq!(
            plan(0.1),
            Plan::WalkFiltered {
                width: 40,
                steps_max: 1_666
            }
        );
        assert_eq!(plan(0.001), Plan::Scan);
        assert_eq!(plan(0.0), Plan::Scan);
        assert_eq!(
            Plan::new(1_000_000, 1.0, BEAM_WIDTH_MAX + 1, 64),
            Plan::Scan
        );
        assert_eq!(Plan::new(1_900, 1.0, 10, 64), Plan::Scan);
    }
}
