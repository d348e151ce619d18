//! How to search a segment: the share of eligible rows decides.

use super::eligibility::Eligibility;
use super::options::BEAM_WIDTH_MAX;
use super::segment::Rows;

/// Eligible rows up to which looking at each costs no more than a walk does.
const SCANNED_ROWS_MAX: f64 = 10_000.0;
/// Share of eligible rows from which a walk ignores the filter until its end, with a wider beam.
const UNFILTERED_WALK_SHARE: f64 = 0.4;
/// Share below which too few eligible nodes are within two steps of each other to walk at all.
const WALKABLE_SHARE: f64 = 0.01;
/// Rows that are asked to estimate the share of a filter without a bitmap.
const SAMPLED_ROWS: u32 = 64;

/// How to search a segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plan {
    /// Walk the graph with a beam of this width and filter what it ends with.
    Walk(usize),
    /// Walk from eligible node to eligible node with a beam of this width.
    WalkEligible(usize),
    /// Look at every eligible row.
    Scan,
}

impl Plan {
    /// The cheapest plan for `share` of `rows` rows that are alive and eligible, when a beam of
    /// `width` is wanted among those.
    pub fn new(rows: usize, share: f64, width: usize) -> Self {
        let wide = (width as f64 / share).ceil();
        if share * rows as f64 <= SCANNED_ROWS_MAX
            || share < WALKABLE_SHARE
            || width > BEAM_WIDTH_MAX
        {
            Self::Scan
        } else if share >= UNFILTERED_WALK_SHARE && wide <= BEAM_WIDTH_MAX as f64 {
            Self::Walk(wide as usize)
        } else {
            Self::WalkEligible(width)
        }
    }
}

/// About what part of the rows is eligible, 0 to 1.
pub(super) fn eligible_share(rows: &Rows<'_>, eligible: &dyn Eligibility) -> f64 {
    let Some((smallest, largest)) = rows.ordinal_range() else {
        return 0.0;
    };
    let count = rows.len();
    if let Some(bitmap) = eligible.bitmap() {
        let allowed = bitmap.range_cardinality(smallest..=largest);
        return (allowed as f64 / f64::from(count)).min(1.0);
    }
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
        assert_eq!(Plan::new(1_000_000, 1.0, 64), Plan::Walk(64));
        assert_eq!(Plan::new(1_000_000, 0.5, 64), Plan::Walk(128));
        assert_eq!(Plan::new(1_000_000, 0.1, 64), Plan::WalkEligible(64));
        assert_eq!(Plan::new(1_000_000, 0.001, 64), Plan::Scan);
        assert_eq!(Plan::new(1_000_000, 0.0, 64), Plan::Scan);
        assert_eq!(Plan::new(1_000_000, 1.0, BEAM_WIDTH_MAX + 1), Plan::Scan);
        assert_eq!(Plan::new(900, 1.0, 64), Plan::Scan);
    }
}
