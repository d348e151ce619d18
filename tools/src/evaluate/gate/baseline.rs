//! Figures that were written down, and today's beside them.

use serde::{Deserialize, Serialize};

use crate::evaluate::statistics::bootstrap_interval;

/// A figure: the mean of a value of each query, 0 to 1, more is better.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub name: &'static str,
    pub values: Vec<f64>,
}

/// A figure as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedFigure {
    pub name: String,
    pub queries: usize,
    pub mean: f64,
    /// 95 % interval over queries.
    pub low: f64,
    pub high: f64,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    pub figures: Vec<RecordedFigure>,
}

/// Today beside the file.
#[derive(Debug, PartialEq, Serialize)]
pub struct Checked {
    pub recorded: RecordedFigure,
    /// None: the figure is no longer measured.
    pub now: Option<f64>,
    pub verdict: Verdict,
}

/// What is concluded of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Within,
    /// Above the interval: the file should be written again, so that this is not lost again.
    Better,
    /// Below the interval.
    Worse,
    /// Of other queries than were written down, or of none: write the file again when that is meant.
    OtherQueries,
}

impl Verdict {
    /// Whether the gate stays shut.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Worse | Self::OtherQueries)
    }
}

impl Baseline {
    /// Writes figures down.
    pub fn of(figures: &[Figure]) -> Self {
        let record = |figure: &Figure| {
            let (low, high) = figure.interval();
            RecordedFigure {
                name: figure.name.to_owned(),
                queries: figure.values.len(),
                mean: rounded(figure.mean()),
                low: rounded(low),
                high: rounded(high),
            }
        };
        Self {
            figures: figures.iter().map(record).collect(),
        }
    }

    /// Holds figures against those that were written down. A figure that is new is told as of other queries.
    pub fn check(&self, figures: &[Figure]) -> Vec<Checked> {
        let known = self.figures.iter().map(|recorded| {
            let now = figures.iter().find(|figure| figure.name == recorded.name);
            let same = now.filter(|now| now.values.len() == recorded.queries);
            let verdict = match same.map(|now| rounded(now.mean())) {
                None => Verdict::OtherQueries,
                Some(mean) if mean < recorded.low => Verdict::Worse,
                Some(mean) if mean > recorded.high => Verdict::Better,
                Some(_) => Verdict::Within,
            };
            Checked {
                recorded: recorded.clone(),
                now: now.map(Figure::mean),
                verdict,
            }
        });
        let is_new = |figure: &&Figure| self.figures.iter().all(|its| its.name != figure.name);
        let new = figures.iter().filter(is_new).map(|figure| Checked {
            recorded: Self::of(std::slice::from_ref(figure)).figures.remove(0),
            now: Some(figure.mean()),
            verdict: Verdict::OtherQueries,
        });
        known.chain(new).collect()
    }
}

impl Figure {
    /// 95 %, over queries. Of queries that are all alike, up to three in their number may be otherwise (the rule of three:
    /// Hanley and Lippman-Hand, JAMA 1983), which drawing with replacement cannot tell.
    fn interval(&self) -> (f64, f64) {
        let (low, high) = bootstrap_interval(&self.values);
        match low == high {
            true => {
                let others = 3.0 / self.values.len().max(1) as f64;
                ((low - others).max(0.0), (high + others).min(1.0))
            }
            false => (low, high),
        }
    }

    /// The mean; 0 of no query.
    pub fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len().max(1) as f64
    }
}

/// As many digits as the file has.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &'static str, hits: usize, queries: usize) -> Figure {
        let values = (0..queries).map(|query| f64::from(u8::from(query < hits)));
        Figure {
            name,
            values: values.collect(),
        }
    }

    #[test]
    fn a_figure_beyond_its_interval_is_told() {
        let baseline = Baseline::of(&[figure("a", 80, 100)]);
        let recorded = &baseline.figures[0];
        assert!(recorded.low > 0.70 && recorded.low < 0.76, "{recorded:?}");
        assert!(recorded.high > 0.84 && recorded.high < 0.90, "{recorded:?}");
        let verdict = |figures: &[Figure]| {
            baseline
                .check(figures)
                .iter()
                .map(|checked| checked.verdict)
                .collect::<Vec<_>>()
        };
        assert_eq!(verdict(&[figure("a", 78, 100)]), [Verdict::Within]);
        assert_eq!(verdict(&[figure("a", 60, 100)]), [Verdict::Worse]);
        assert_eq!(verdict(&[figure("a", 99, 100)]), [Verdict::Better]);
        assert_eq!(verdict(&[figure("a", 160, 200)]), [Verdict::OtherQueries]);
        assert_eq!(verdict(&[]), [Verdict::OtherQueries]);
        let both = [figure("a", 80, 100), figure("b", 1, 2)];
        assert_eq!(verdict(&both), [Verdict::Within, Verdict::OtherQueries]);
        assert!(Verdict::Worse.is_failure() && Verdict::OtherQueries.is_failure());
        assert!(!Verdict::Within.is_failure() && !Verdict::Better.is_failure());
    }

    #[test]
    fn a_figure_without_a_fault_may_have_one_tomorrow() {
        let recorded = Baseline::of(&[figure("a", 300, 300)]).figures.remove(0);
        assert_eq!((recorded.low, recorded.high), (0.99, 1.0));
    }

    #[test]
    fn the_bounds_themselves_are_within() {
        let mut baseline = Baseline::of(&[figure("a", 80, 100)]);
        (baseline.figures[0].low, baseline.figures[0].high) = (0.8, 0.8);
        assert_eq!(
            baseline.check(&[figure("a", 80, 100)])[0].verdict,
            Verdict::Within
        );
    }
}
