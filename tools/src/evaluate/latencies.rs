//! How long answers took.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Longest time that is told apart, µs: a minute.
const MICROS_MAX: u64 = 60_000_000;

/// Times of many answers, to three digits.
#[derive(Debug, Clone)]
pub struct Latencies(Histogram<u64>);

impl Latencies {
    /// Of no answer.
    ///
    /// # Errors
    /// Never, for bounds that are constants.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self(Histogram::new_with_max(MICROS_MAX, 3)?))
    }

    pub fn add(&mut self, took: Duration) {
        self.0.saturating_record(took.as_micros() as u64);
    }

    /// Microseconds within which a share of the answers came; 0 of none.
    pub fn micros(&self, share: f64) -> u64 {
        self.0.value_at_quantile(share)
    }
}
