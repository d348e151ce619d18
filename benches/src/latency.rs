//! Distributions of times.

use std::time::Duration;

use hdrhistogram::Histogram;

use crate::Outcome;

/// Times of many calls, kept to three digits.
pub struct Latencies {
    nanoseconds: Histogram<u64>,
}

impl Latencies {
    pub fn new() -> Outcome<Self> {
        Ok(Self {
            nanoseconds: Histogram::new(3)?,
        })
    }

    /// The distribution of some times.
    pub fn of(times: impl IntoIterator<Item = Duration>) -> Outcome<Self> {
        let mut latencies = Self::new()?;
        for time in times {
            latencies.add(time)?;
        }
        Ok(latencies)
    }

    pub fn add(&mut self, time: Duration) -> Outcome<()> {
        self.nanoseconds.record(time.as_nanos().try_into()?)?;
        Ok(())
    }

    /// Adds the calls of another distribution.
    pub fn add_all(&mut self, other: &Self) -> Outcome<()> {
        Ok(self.nanoseconds.add(&other.nanoseconds)?)
    }

    pub fn len(&self) -> u64 {
        self.nanoseconds.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The time that `share` (0 to 1) of the calls did not exceed.
    pub fn quantile(&self, share: f64) -> Duration {
        Duration::from_nanos(self.nanoseconds.value_at_quantile(share))
    }

    pub fn mean(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds.mean() as u64)
    }

    /// p50, p99 and p99.9 as cells of a table.
    pub fn cells(&self) -> [String; 3] {
        [0.5, 0.99, 0.999].map(|share| readable(self.quantile(share)))
    }
}

/// A time in the unit that leaves one to three digits before the point.
pub fn readable(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        _ if seconds >= 1.0 => format!("{seconds:.2} s"),
        _ if seconds >= 1e-3 => format!("{:.2} ms", seconds * 1e3),
        _ => format!("{:.1} µs", seconds * 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_times() -> Outcome<()> {
        let latencies = Latencies::of((1..=1_000).map(Duration::from_micros))?;
        let close = |share: f64, micros: f64| {
            let found = latencies.quantile(share).as_secs_f64() * 1e6;
            assert!((found / micros - 1.0).abs() < 0.002, "{share}: {found} µs");
        };
        close(0.5, 500.0);
        close(0.99, 990.0);
        close(0.999, 999.0);
        Ok(())
    }

    #[test]
    fn a_time_is_written_in_a_fitting_unit() {
        assert_eq!(readable(Duration::from_nanos(1_500)), "1.5 µs");
        assert_eq!(readable(Duration::from_micros(2_340)), "2.34 ms");
        assert_eq!(readable(Duration::from_millis(1_500)), "1.50 s");
    }
}
