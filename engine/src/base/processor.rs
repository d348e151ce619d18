//! Processor time of a thread: what work costs, whoever else uses the machine.

use std::time::Duration;

/// What the calling thread has had so far. Zero where the system does not tell. A call takes a fraction of a microsecond.
pub fn thread_time() -> Duration {
    #[cfg(target_os = "linux")]
    {
        use rustix::time::{ClockId, clock_gettime};
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }
    #[cfg(not(target_os = "linux"))]
    Duration::ZERO
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{hint::black_box, thread::sleep, time::Instant};

    use super::*;

    #[test]
    fn work_counts_and_waiting_does_not() {
        let before = thread_time();
        sleep(Duration::from_millis(50));
        let waited = thread_time() - before;
        assert!(waited < Duration::from_millis(20), "{waited:?}");
        let (before, start) = (thread_time(), Instant::now());
        let mut sum = 0u64;
        while thread_time() - before < Duration::from_millis(5) {
            sum = black_box(sum + 1);
            assert!(start.elapsed() < Duration::from_secs(60), "no time passes");
        }
        // Others may have had the processor meanwhile; nobody gets more of it than passes, by clocks that differ a little.
        assert!(start.elapsed() >= Duration::from_millis(4));
    }
}
