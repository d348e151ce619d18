//! Rates that rise until the node cannot keep up.

use crate::plot::{Plot, Point, Series};

use super::Measured;

/// Which rates to try.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sweep {
    /// Requests a second of the first.
    pub from: f64,
    /// Factor from each to the next; above 1.
    pub factor: f64,
    /// Rates at most.
    pub steps: usize,
}

impl Sweep {
    /// The rates, lowest first.
    pub fn rates(self) -> impl Iterator<Item = f64> {
        (0..self.steps).map(move |step| self.from * self.factor.powi(step as i32))
    }
}

/// Latency against rate.
pub fn plot(measured: &[Measured], title: &str) -> Plot {
    let series = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)];
    let series = series.map(|(name, share)| Series {
        name: name.to_owned(),
        points: measured
            .iter()
            .map(|of_rate| Point {
                across: of_rate.rate,
                up: of_rate.quantile(share).as_secs_f64() * 1e3,
                label: String::new(),
            })
            .collect(),
        is_joined: true,
    });
    Plot {
        title: title.to_owned(),
        across: "requests a second".to_owned(),
        up: "ms, from when a request was due".to_owned(),
        logarithmic: true,
        series: series.into(),
    }
}
