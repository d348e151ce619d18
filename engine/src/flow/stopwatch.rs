//! Where the time of an answer goes.

use std::time::Instant;

use sampan_proto::v1;

use crate::base::processor::thread_time;

/// Where time went, by stage.
#[derive(Default)]
pub struct Stopwatch {
    pub timings: Vec<v1::StageTiming>,
}

impl Stopwatch {
    /// Does the work on this thread, and notes how long it took and how much of the processor.
    pub fn time<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        let (start, processor) = (Instant::now(), thread_time());
        let done = work();
        let processor = thread_time().saturating_sub(processor);
        self.timings.push(v1::StageTiming {
            stage: stage.to_owned(),
            micros: start.elapsed().as_micros() as u64,
            processor_micros: processor.as_micros() as u64,
        });
        done
    }
}
