//! One or two numbers of a profile, value by value: what each costs and brings, and which values none is better than in
//! both (the Pareto front).

use std::str::FromStr;

use serde::Serialize;

use crate::plot::{Plot, Point, Series};

/// Most values of all numbers together.
pub const POINTS_MAX: usize = 1_000;

/// A number and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Swept {
    /// `boosts.direct_mail`.
    pub key: String,
    pub values: Vec<f64>,
}

impl FromStr for Swept {
    type Err = String;

    /// `TABLE.KEY=FROM:TO:STEP`, both ends included.
    fn from_str(text: &str) -> Result<Self, String> {
        let want = || format!("\"{text}\": want TABLE.KEY=FROM:TO:STEP");
        let (key, range) = text.split_once('=').ok_or_else(want)?;
        let numbers: Vec<f64> = range
            .split(':')
            .map(|part| part.trim().parse().map_err(|_| want()))
            .collect::<Result<_, _>>()?;
        let [from, to, step] = numbers[..] else {
            return Err(want());
        };
        let steps = ((to - from) / step + 1e-9).floor();
        if !key.contains('.') || step <= 0.0 || !(0.0..POINTS_MAX as f64).contains(&steps) {
            return Err(want());
        }
        // Two more digits than a step has would only show how numbers are rounded.
        let tidy = |value: f64| (value * 1e9).round() / 1e9;
        Ok(Self {
            key: key.trim().to_owned(),
            values: (0..=steps as usize)
                .map(|index| tidy(from + step * index as f64))
                .collect(),
        })
    }
}

/// What some values bring.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweptPoint {
    /// One a number.
    pub values: Vec<f64>,
    pub relevance: f64,
    pub gain: f64,
    /// Whether no other point is better in one and as good in the other.
    pub is_on_front: bool,
}

/// The points of a sweep.
#[derive(Debug, Clone, Serialize)]
pub struct Sweep {
    pub keys: Vec<String>,
    /// What the two figures are.
    pub relevance: String,
    pub gain: String,
    pub points: Vec<SweptPoint>,
}

/// Every combination of the values, the first number's slowest.
pub fn combinations(swept: &[Swept]) -> Vec<Vec<f64>> {
    swept.iter().fold(vec![Vec::new()], |shorter, its| {
        let longer = shorter.iter().flat_map(|values| {
            its.values
                .iter()
                .map(move |value| values.iter().copied().chain([*value]).collect())
        });
        longer.collect()
    })
}

impl Sweep {
    /// Finds the front.
    pub fn mark_front(&mut self) {
        let figures: Vec<(f64, f64)> = self
            .points
            .iter()
            .map(|point| (point.relevance, point.gain))
            .collect();
        for point in &mut self.points {
            let beats = |other: &(f64, f64)| {
                let (relevance, gain) = (point.relevance, point.gain);
                other.0 >= relevance && other.1 >= gain && (other.0 > relevance || other.1 > gain)
            };
            point.is_on_front = !figures.iter().any(beats);
        }
    }

    /// Relevance upward, gain across; a line joins the front.
    pub fn plot(&self) -> Plot {
        let point = |its: &SweptPoint| {
            let values: Vec<String> = its.values.iter().map(f64::to_string).collect();
            Point {
                across: its.gain,
                up: its.relevance,
                label: if its.is_on_front {
                    values.join(", ")
                } else {
                    String::new()
                },
            }
        };
        let mut front: Vec<&SweptPoint> =
            self.points.iter().filter(|its| its.is_on_front).collect();
        front.sort_by(|a, b| a.gain.total_cmp(&b.gain));
        let others = self.points.iter().filter(|its| !its.is_on_front);
        Plot {
            title: self.keys.join(" and "),
            across: self.gain.clone(),
            up: self.relevance.clone(),
            logarithmic: false,
            series: vec![
                Series {
                    name: "none is better in both".to_owned(),
                    points: front.into_iter().map(point).collect(),
                    is_joined: true,
                },
                Series {
                    name: "another is".to_owned(),
                    points: others.map(point).collect(),
                    is_joined: false,
                },
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_wrong_ones_named() {
        let swept: Swept = "boosts.local=0:0.3:0.1".parse().unwrap();
        assert_eq!(
            (swept.key.as_str(), swept.values),
            ("boosts.local", vec![0.0, 0.1, 0.2, 0.3])
        );
        assert_eq!("a.b=1:1:1".parse::<Swept>().unwrap().values, [1.0]);
        let most = format!("a.b=1:{POINTS_MAX}:1");
        assert_eq!(most.parse::<Swept>().unwrap().values.len(), POINTS_MAX);
        let more = format!("a.b=0:{POINTS_MAX}:1");
        for wrong in [
            "a.b",
            "a.b=1:2",
            "a.b=1:2:0",
            "a.b=2:1:1",
            "ab=1:2:1",
            "a.b=x:2:1",
            "a.b=0:inf:1",
            &more,
        ] {
            let error = wrong.parse::<Swept>().unwrap_err();
            assert!(error.contains("FROM:TO:STEP"), "{wrong}: {error}");
        }
    }

    #[test]
    fn the_front_is_what_nothing_beats() {
        let swept = [("a.b", vec![0.0, 1.0]), ("c.d", vec![5.0, 6.0])];
        let swept = swept.map(|(key, values)| Swept {
            key: key.into(),
            values,
        });
        let all = combinations(&swept);
        assert_eq!(all, [[0.0, 5.0], [0.0, 6.0], [1.0, 5.0], [1.0, 6.0]]);
        let figures = [(1.0, 0.0), (0.9, 0.5), (0.8, 0.4), (0.5, 1.0)];
        let points = all
            .into_iter()
            .zip(figures)
            .map(|(values, (relevance, gain))| SweptPoint {
                values,
                relevance,
                gain,
                is_on_front: false,
            });
        let mut sweep = Sweep {
            keys: vec!["a.b".into(), "c.d".into()],
            relevance: "nDCG@10".into(),
            gain: "exposure".into(),
            points: points.collect(),
        };
        sweep.mark_front();
        let front: Vec<bool> = sweep.points.iter().map(|its| its.is_on_front).collect();
        assert_eq!(front, [true, true, false, true]);
        let svg = sweep.plot().svg();
        assert_eq!(
            (
                svg.matches("<circle").count(),
                svg.matches("<polyline").count()
            ),
            (4, 1)
        );
    }
}
