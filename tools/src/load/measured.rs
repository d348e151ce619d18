//! What a load came to.

use std::time::Duration;

use hdrhistogram::Histogram;
use sampan_proto::v1;

use super::stages::{StageTime, Stages};

/// Longest time that is told apart, ms; a longer one counts as this.
const LATENCY_MAX_MILLIS: u64 = 600_000;

/// Longest answer that is told apart, bytes; more than a node sends.
const ANSWER_BYTES_MAX: u64 = 1 << 30;

/// Answers to requests of one rate.
pub struct Measured {
    /// Requests a second that were asked for.
    pub rate: f64,
    /// Answers a second that came.
    pub achieved: f64,
    pub answers: u64,
    /// Refused or failed.
    pub errors: u64,
    /// Not even sent: too many waited.
    pub dropped: u64,
    /// The first error, for people.
    pub first_error: Option<String>,
    micros: Histogram<u64>,
    /// Of each answer, as it is sent.
    bytes: Histogram<u64>,
    stages: Stages,
}

impl Measured {
    /// Nothing yet, at a rate of requests a second.
    pub fn at(rate: f64) -> anyhow::Result<Self> {
        Ok(Self {
            rate,
            achieved: 0.0,
            answers: 0,
            errors: 0,
            dropped: 0,
            first_error: None,
            bytes: Histogram::new_with_bounds(1, ANSWER_BYTES_MAX, 3)?,
            micros: Histogram::new_with_bounds(1, LATENCY_MAX_MILLIS * 1_000, 3)?,
            stages: Stages::default(),
        })
    }

    /// Counts an answer. `latency`: from when the request was due, not from when it was sent.
    pub fn add(&mut self, latency: Duration, bytes: usize, timings: &[v1::StageTiming]) {
        self.answers += 1;
        self.bytes.saturating_record(bytes as u64);
        self.micros.saturating_record(latency.as_micros() as u64);
        self.stages.add(timings);
    }

    /// Counts a request that failed; its time counts as well, for a shopper waited.
    pub fn fail(&mut self, latency: Duration, error: String) {
        self.errors += 1;
        self.micros.saturating_record(latency.as_micros() as u64);
        self.first_error.get_or_insert(error);
    }

    /// The time that `share` (0 to 1) of the requests did not exceed.
    pub fn quantile(&self, share: f64) -> Duration {
        Duration::from_micros(self.micros.value_at_quantile(share))
    }

    pub fn max(&self) -> Duration {
        Duration::from_micros(self.micros.max())
    }

    /// Bytes that `share` (0 to 1) of the answers did not exceed.
    pub fn bytes_at(&self, share: f64) -> u64 {
        self.bytes.value_at_quantile(share)
    }

    /// Mean bytes of an answer.
    pub fn bytes_mean(&self) -> f64 {
        self.bytes.mean()
    }

    /// Stages of the node: all together first, then the longest.
    pub fn stages(&self) -> Vec<StageTime> {
        self.stages.times()
    }

    /// True when the node could not keep up: requests failed or were dropped, or fewer than 95 % were answered in time.
    pub fn is_saturated(&self) -> bool {
        self.errors + self.dropped > 0 || self.achieved < 0.95 * self.rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_bytes_and_stages_add_up() {
        let mut measured = Measured::at(100.0).expect("valid bounds");
        let timing = |stage: &str, micros| v1::StageTiming {
            stage: stage.to_owned(),
            micros,
            processor_micros: micros / 2,
        };
        for millis in 1..=100 {
            let timings = [timing("rank", 10), timing("recall", 2 * millis)];
            measured.add(
                Duration::from_millis(millis),
                millis as usize * 10,
                &timings,
            );
        }
        measured.achieved = 100.0;
        assert_eq!((measured.answers, measured.bytes_mean()), (100, 505.0));
        assert_eq!(
            (measured.bytes_at(0.5), measured.bytes_at(0.99)),
            (500, 990)
        );
        let p99 = measured.quantile(0.99).as_secs_f64();
        assert!((p99 - 0.099).abs() < 0.001, "{p99}");
        let stages = measured.stages();
        assert_eq!(
            (stages[1].stage.as_str(), stages[1].wall.mean),
            ("recall", 101.0)
        );
        assert!(!measured.is_saturated());
        measured.achieved = 94.9;
        assert!(measured.is_saturated());
        measured.achieved = 100.0;
        measured.fail(Duration::from_hours(1), "lost".to_owned());
        assert!(measured.is_saturated());
        assert_eq!(measured.max().as_secs(), LATENCY_MAX_MILLIS / 1_000);
    }
}
