//! A plot in characters, for a terminal.

use super::{Axis, Plot, Point, readable};

/// Characters of the frame.
const COLUMNS: usize = 60;
const ROWS: usize = 15;
/// What stands for each series in turn.
const MARKS: [char; 6] = ['●', '·', '×', '+', '○', '*'];

impl Plot {
    /// The plot in lines of characters; "" when there are no points.
    pub fn text(&self) -> String {
        let Some((across, up)) = self.scales() else {
            return String::new();
        };
        let mut grid = vec![vec![' '; COLUMNS]; ROWS];
        // The first is drawn last, over the others.
        for (place, series) in self.series.iter().enumerate().rev() {
            let mark = MARKS[place % MARKS.len()];
            let spots: Vec<(f64, f64)> = series
                .points
                .iter()
                .filter(|point| self.shows(point))
                .map(|point| spot(point, &across, &up))
                .collect();
            for (x, y) in &spots {
                put(&mut grid, *x, *y, mark);
            }
            if series.is_joined {
                for pair in spots.windows(2) {
                    join(&mut grid, pair[0], pair[1], mark);
                }
            }
        }
        let (high, low) = (readable(up.high), readable(up.low));
        let margin = high.chars().count().max(low.chars().count());
        let mut lines = vec![self.up.clone()];
        for (row, cells) in grid.iter().enumerate() {
            let label = match row {
                0 => high.as_str(),
                row if row == ROWS - 1 => low.as_str(),
                _ => "",
            };
            let cells: String = cells.iter().collect();
            lines.push(format!("{label:>margin$} │{}", cells.trim_end()));
        }
        let frame = "─".repeat(COLUMNS);
        lines.push(format!("{:margin$} └{frame}", ""));
        let (left, right) = (readable(across.low), readable(across.high));
        let room = COLUMNS.saturating_sub(left.len() + right.len());
        lines.push(format!(
            "{:margin$}  {left}{:^room$}{right}",
            "", self.across
        ));
        let names = self.series.iter().zip(MARKS.iter().cycle());
        let names: Vec<String> = names
            .map(|(series, mark)| format!("{mark} {}", series.name))
            .collect();
        lines.push(names.join("   "));
        lines.join("\n")
    }
}

/// Where a point stands, in columns from the left and rows from the top.
fn spot(point: &Point, across: &Axis, up: &Axis) -> (f64, f64) {
    (
        across.share(point.across) * (COLUMNS - 1) as f64,
        (1.0 - up.share(point.up)) * (ROWS - 1) as f64,
    )
}

fn put(grid: &mut [Vec<char>], x: f64, y: f64, mark: char) {
    let row = grid.get_mut(y.round() as usize);
    if let Some(cell) = row.and_then(|row| row.get_mut(x.round() as usize)) {
        *cell = mark;
    }
}

/// Marks a line, a cell a step.
fn join(grid: &mut [Vec<char>], from: (f64, f64), to: (f64, f64), mark: char) {
    let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).ceil();
    for step in 1..steps as usize {
        let share = step as f64 / steps;
        let between = |from: f64, to: f64| from + share * (to - from);
        put(grid, between(from.0, to.0), between(from.1, to.1), mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::Series;

    /// Its name, its points, and whether they are joined.
    type Drawn<'d> = (&'d str, &'d [(f64, f64)], bool);

    fn plot(series: &[Drawn<'_>]) -> String {
        let series = series.iter().map(|(name, points, is_joined)| Series {
            name: (*name).to_owned(),
            points: points
                .iter()
                .map(|(across, up)| Point {
                    across: *across,
                    up: *up,
                    label: String::new(),
                })
                .collect(),
            is_joined: *is_joined,
        });
        Plot {
            title: "t".to_owned(),
            across: "share".to_owned(),
            up: "of all".to_owned(),
            logarithmic: false,
            series: series.collect(),
        }
        .text()
    }

    #[test]
    fn a_line_goes_from_corner_to_corner_and_points_stand_alone() {
        let text = plot(&[
            ("line", &[(0.0, 0.0), (1.0, 1.0)], true),
            ("points", &[(0.0, 1.0)], false),
        ]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + ROWS + 3);
        assert!(
            lines[1].starts_with("1.0 │·") && lines[1].ends_with('●'),
            "{text}"
        );
        assert!(lines[ROWS].starts_with("  0 │●"), "{text}");
        // Every column of the line has a mark, and no row is longer than the frame.
        let marks: usize = lines[1..=ROWS]
            .iter()
            .map(|line| line.matches('●').count())
            .sum();
        assert_eq!(marks, COLUMNS);
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS + 5));
        assert_eq!(*lines.last().unwrap(), "● line   · points");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(plot(&[("none", &[], true)]), "");
        assert_eq!(plot(&[("none", &[(f64::NAN, 1.0)], true)]), "");
    }
}
