//! Time and processor time that answers spent in the node's stages.

use std::collections::{BTreeMap, HashMap};

use hdrhistogram::Histogram;
use sampan_proto::v1;

/// Longest time that is told apart, µs: ten minutes.
const MICROS_MAX: u64 = 600_000_000;

/// Name of the row of all stages together.
pub const ALL: &str = "all stages";

/// Times of one stage, µs, of the answers that went through it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct StageTime {
    pub stage: String,
    pub answers: u64,
    pub wall: Spread,
    /// 0 where the node's system does not tell.
    pub processor: Spread,
}

/// How times are spread, µs.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Spread {
    pub mean: f64,
    pub p50: u64,
    pub p99: u64,
}

/// Times, and the same of the processor.
struct Times {
    wall: Histogram<u64>,
    processor: Histogram<u64>,
}

/// Times of all stages.
#[derive(Default)]
pub struct Stages(BTreeMap<String, Times>);

impl Times {
    fn new() -> Result<Self, hdrhistogram::CreationError> {
        let histogram = || Histogram::new_with_bounds(1, MICROS_MAX, 3);
        Ok(Self {
            wall: histogram()?,
            processor: histogram()?,
        })
    }
}

impl Spread {
    fn of(times: &Histogram<u64>) -> Self {
        Self {
            mean: times.mean(),
            p50: times.value_at_quantile(0.5),
            p99: times.value_at_quantile(0.99),
        }
    }
}

impl Stages {
    /// Counts an answer. A stage that it went through twice counts as one.
    pub fn add(&mut self, timings: &[v1::StageTiming]) {
        let mut sums: HashMap<&str, (u64, u64)> = HashMap::new();
        for timing in timings {
            for stage in [timing.stage.as_str(), ALL] {
                let sum = sums.entry(stage).or_default();
                sum.0 += timing.micros;
                sum.1 += timing.processor_micros;
            }
        }
        for (stage, (wall, processor)) in sums {
            if !self.0.contains_key(stage)
                // Never an error, for bounds that are constants.
                && let Ok(times) = Times::new()
            {
                self.0.insert(stage.to_owned(), times);
            }
            if let Some(times) = self.0.get_mut(stage) {
                times.wall.saturating_record(wall);
                times.processor.saturating_record(processor);
            }
        }
    }

    /// All together first, then the stages that took most of all answers' time.
    pub fn times(&self) -> Vec<StageTime> {
        let times = self.0.iter().map(|(stage, times)| StageTime {
            stage: stage.clone(),
            answers: times.wall.len(),
            wall: Spread::of(&times.wall),
            processor: Spread::of(&times.processor),
        });
        let mut times: Vec<StageTime> = times.collect();
        let taken = |its: &StageTime| its.wall.mean * its.answers as f64;
        times.sort_by(|a, b| {
            let of_all = (b.stage == ALL).cmp(&(a.stage == ALL));
            of_all.then(taken(b).total_cmp(&taken(a)))
        });
        times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_add_up_and_each_counts_the_answers_that_went_through_it() {
        let timing = |stage: &str, micros, processor_micros| v1::StageTiming {
            stage: stage.to_owned(),
            micros,
            processor_micros,
        };
        let mut stages = Stages::default();
        for micros in 1..=100 {
            let mut timings = vec![timing("match", 10, 5), timing("rank", 2 * micros, micros)];
            if micros % 4 == 0 {
                timings.push(timing("match", 10, 10));
            }
            stages.add(&timings);
        }
        let times = stages.times();
        let names: Vec<&str> = times.iter().map(|its| its.stage.as_str()).collect();
        assert_eq!(names, [ALL, "rank", "match"]);
        let [all, rank, matched] = &times[..] else {
            panic!("{times:?}");
        };
        assert_eq!(
            (rank.answers, rank.wall.p50, rank.processor.p99),
            (100, 100, 99)
        );
        assert_eq!((matched.answers, matched.wall.mean), (100, 12.5));
        assert!((matched.processor.mean - 7.5).abs() < 1e-9);
        assert!((all.wall.mean - (101.0 + 12.5)).abs() < 1e-9, "{all:?}");
    }
}
