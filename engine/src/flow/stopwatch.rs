//! Where the time of an answer goes.

use std::time::Instant;

use sampan_proto::v1;

/// Where time went, by stage.
#[derive(Default)]
pub struct Stopwatch {
    pub timings: Vec<v1::StageTiming>,
}

impl Stopwatch {
    /// Does the work, and notes how long it took.
    pub fn time<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.timings.push(v1::StageTiming {
            stage: stage.to_owned(),
            micros: start.elapsed().as_micros() as u64,
        });
        done
    }
}
