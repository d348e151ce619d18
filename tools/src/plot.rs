//! Line plots as self-contained SVG, and in characters.

mod text;

use std::fmt::Write as _;

/// Sides of a plot and the room around its frame, px.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
const EDGE: f64 = 64.0;

/// Colours that are told apart by most eyes, and in print (Okabe and Ito, 2008).
const COLOURS: [&str; 6] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
];

/// A point, and what is written beside it.
#[derive(Debug, Clone)]
pub struct Point {
    pub across: f64,
    pub up: f64,
    /// Default "": nothing.
    pub label: String,
}

/// Points that belong together.
#[derive(Debug, Clone)]
pub struct Series {
    pub name: String,
    pub points: Vec<Point>,
    /// Whether a line joins them in their order.
    pub is_joined: bool,
}

/// Lines in a frame. On a page it takes the colours `--paper`, `--ink`, `--soft` and `--line` of the page; as a file of its own
/// it is black on white.
#[derive(Debug, Clone)]
pub struct Plot {
    pub title: String,
    /// What the axes count.
    pub across: String,
    pub up: String,
    /// Whether the upward axis is logarithmic; points that are not above 0 are then left out.
    pub logarithmic: bool,
    pub series: Vec<Series>,
}

/// An axis: the values at its ends.
struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64>, logarithmic: bool) -> Option<Self> {
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        if low > high {
            return None;
        }
        // A curve that does not move still has a width.
        let high = if high > low { high } else { low + 1.0 };
        Some(Self {
            low,
            high,
            logarithmic,
        })
    }

    /// Share of the axis at which a value stands, 0 to 1.
    fn share(&self, value: f64) -> f64 {
        match self.logarithmic {
            true => (value / self.low).ln() / (self.high / self.low).ln(),
            false => (value - self.low) / (self.high - self.low),
        }
    }

    fn value(&self, share: f64) -> f64 {
        match self.logarithmic {
            true => self.low * (self.high / self.low).powf(share),
            false => self.low + (self.high - self.low) * share,
        }
    }
}

impl Plot {
    /// The plot as one SVG document; "" when there are no points.
    pub fn svg(&self) -> String {
        let Some((across, up)) = self.scales() else {
            return String::new();
        };
        let x = |value: f64| EDGE + across.share(value) * (WIDTH - 2.0 * EDGE);
        let y = |value: f64| HEIGHT - EDGE - up.share(value) * (HEIGHT - 2.0 * EDGE);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"sans-serif\" font-size=\"12\" style=\"fill: var(--ink, black)\">\n\
             <rect width=\"100%\" height=\"100%\" style=\"fill: var(--paper, white)\"/>\n\
             <text x=\"{EDGE}\" y=\"28\" font-size=\"15\">{}</text>\n",
            escaped(&self.title)
        );
        self.axes(&mut svg, &across, &up);
        for (place, series) in self.series.iter().enumerate() {
            let colour = COLOURS[place % COLOURS.len()];
            let spots = series.points.iter().filter(|point| self.shows(point));
            let spots: Vec<(f64, f64, &str)> = spots
                .map(|point| (x(point.across), y(point.up), point.label.as_str()))
                .collect();
            let line: Vec<String> = spots
                .iter()
                .map(|(x, y, _)| format!("{x:.1},{y:.1}"))
                .collect();
            if series.is_joined {
                // Writing to a string cannot fail.
                let _ = writeln!(
                    svg,
                    "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
                    line.join(" ")
                );
            }
            for (x, y, label) in &spots {
                let _ = writeln!(
                    svg,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>\
                     <text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                    x + 6.0,
                    y - 6.0,
                    escaped(label)
                );
            }
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{}\" fill=\"{colour}\" text-anchor=\"end\">{}</text>",
                WIDTH - EDGE,
                EDGE + 14.0 * place as f64 - 20.0,
                escaped(&series.name)
            );
        }
        svg + "</svg>\n"
    }

    /// Whether a point can be drawn.
    fn shows(&self, point: &Point) -> bool {
        let is_number = point.across.is_finite() && point.up.is_finite();
        is_number && (!self.logarithmic || point.up > 0.0)
    }

    /// Both axes; none when there are no points.
    fn scales(&self) -> Option<(Axis, Axis)> {
        let points = || {
            let all = self.series.iter().flat_map(|series| &series.points);
            all.filter(|point| self.shows(point))
        };
        let across = Axis::of(points().map(|point| point.across), false)?;
        let up = Axis::of(points().map(|point| point.up), self.logarithmic)?;
        Some((across, up))
    }

    fn axes(&self, svg: &mut String, across: &Axis, up: &Axis) {
        const TICKS: usize = 4;
        let base = HEIGHT - EDGE;
        for tick in 0..=TICKS {
            let share = tick as f64 / TICKS as f64;
            let x = EDGE + share * (WIDTH - 2.0 * EDGE);
            let y = base - share * (HEIGHT - 2.0 * EDGE);
            let _ = writeln!(
                svg,
                "<line x1=\"{EDGE}\" y1=\"{y:.1}\" x2=\"{}\" y2=\"{y:.1}\" style=\"stroke: var(--line, #ddd)\"/>\n\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n\
                 <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                WIDTH - EDGE,
                EDGE - 6.0,
                y + 4.0,
                readable(up.value(share)),
                base + 18.0,
                readable(across.value(share)),
            );
        }
        let half = HEIGHT / 2.0;
        let _ = writeln!(
            svg,
            "<line x1=\"{EDGE}\" y1=\"{base}\" x2=\"{}\" y2=\"{base}\" style=\"stroke: var(--soft, #888)\"/>\n\
             <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n\
             <text x=\"16\" y=\"{half}\" transform=\"rotate(-90 16 {half})\" text-anchor=\"middle\">{}</text>",
            WIDTH - EDGE,
            WIDTH / 2.0,
            base + 38.0,
            escaped(&self.across),
            escaped(&self.up),
        );
    }
}

/// A number in three digits or so.
fn readable(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || size == 0.0 => format!("{value:.0}"),
        size if size >= 1.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

fn escaped(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(logarithmic: bool, points: &[(f64, f64)]) -> String {
        let series = Series {
            name: "p99".to_owned(),
            points: points
                .iter()
                .map(|(across, up)| Point {
                    across: *across,
                    up: *up,
                    label: String::new(),
                })
                .collect(),
            is_joined: true,
        };
        Plot {
            title: "a < b".to_owned(),
            across: "rate".to_owned(),
            up: "ms".to_owned(),
            logarithmic,
            series: vec![series],
        }
        .svg()
    }

    #[test]
    fn every_point_has_a_mark_inside_the_frame() {
        for logarithmic in [false, true] {
            let svg = plot(logarithmic, &[(50.0, 2.0), (100.0, 3.0), (200.0, 90.0)]);
            assert_eq!(svg.matches("<circle").count(), 3);
            assert!(svg.contains("a &lt; b") && svg.contains(">50.0<") && svg.contains(">90.0<"));
            assert!(
                svg.contains("64.0,336.0") && svg.contains("576.0,64.0"),
                "{svg}"
            );
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_left_out() {
        assert_eq!(plot(false, &[]), "");
        assert_eq!(plot(true, &[(1.0, 0.0)]), "");
        let flat = plot(true, &[(1.0, 5.0), (1.0, 5.0), (f64::NAN, 1.0)]);
        assert_eq!(flat.matches("<circle").count(), 2);
        assert!(!flat.contains("NaN") && !flat.contains("inf"), "{flat}");
    }
}
