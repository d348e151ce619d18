//! What the next background build should make one segment of.

/// A segment by its size, as the choice sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// Rows that are alive.
    pub live: usize,
    /// All rows.
    pub rows: usize,
}

/// Part of a segment's rows that may be dead before it is built anew.
const DEAD_SHARE_MAX: f64 = 0.25;
/// A segment joins a build when it has at most this many times the rows gathered so far: sizes differ
/// at least by this factor, so segments stay few. The largest keeps its links, so most of a merge is
/// copying.
const GROWTH: usize = 4;

/// The input of a build.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Choice {
    /// Take all rows of the tail.
    pub tail: bool,
    /// Positions of the segments to take, ascending.
    pub segments: Vec<usize>,
}

/// Chooses the input of the next build; `None` when all is well.
pub(super) fn choose(
    tail_rows: usize,
    tail_rows_max: usize,
    segments: &[Size],
    rows_max: usize,
) -> Option<Choice> {
    let mut order: Vec<usize> = (0..segments.len()).collect();
    order.sort_by_key(|&position| segments[position].live);
    let mut choice = Choice {
        tail: tail_rows > tail_rows_max,
        segments: Vec::new(),
    };
    if choice.tail {
        let mut gathered = tail_rows;
        for &position in &order {
            let live = segments[position].live;
            if live > gathered.saturating_mul(GROWTH) || gathered + live > rows_max {
                break;
            }
            gathered += live;
            choice.segments.push(position);
        }
    } else {
        let worn = |size: &Size| (size.rows - size.live) as f64 > DEAD_SHARE_MAX * size.rows as f64;
        choice.segments.extend(
            order
                .into_iter()
                .find(|&position| worn(&segments[position])),
        );
    }
    choice.segments.sort_unstable();
    (choice.tail || !choice.segments.is_empty()).then_some(choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(live: usize) -> Size {
        Size { live, rows: live }
    }

    #[test]
    fn a_small_tail_and_whole_segments_are_left_alone() {
        assert_eq!(choose(100, 100, &[whole(5_000)], 1_000_000), None);
    }

    #[test]
    fn a_full_tail_takes_segments_of_its_size_along_but_no_larger_ones() {
        let segments = [whole(90_000), whole(150), whole(300), whole(9_000)];
        let choice = choose(101, 100, &segments, 1_000_000);
        assert_eq!(
            choice,
            Some(Choice {
                tail: true,
                segments: vec![1, 2]
            })
        );
    }

    #[test]
    fn no_build_exceeds_the_largest_segment() {
        let choice = choose(101, 100, &[whole(150), whole(300)], 400);
        assert_eq!(
            choice,
            Some(Choice {
                tail: true,
                segments: vec![0]
            })
        );
    }

    #[test]
    fn a_worn_segment_is_built_anew() {
        let segments = [
            whole(500),
            Size {
                live: 700,
                rows: 1_000,
            },
        ];
        let choice = choose(0, 100, &segments, 10_000);
        assert_eq!(
            choice,
            Some(Choice {
                tail: false,
                segments: vec![1]
            })
        );
    }

    #[test]
    fn segments_grow_geometrically_while_rows_arrive() {
        let mut segments: Vec<Size> = Vec::new();
        for _ in 0..1_000 {
            let choice = choose(101, 100, &segments, usize::MAX).unwrap();
            let merged: usize = choice.segments.iter().map(|&at| segments[at].live).sum();
            let mut at = 0;
            segments.retain(|_| {
                at += 1;
                !choice.segments.contains(&(at - 1))
            });
            segments.push(whole(101 + merged));
            assert!(segments.len() <= 6, "{segments:?}");
        }
    }
}
