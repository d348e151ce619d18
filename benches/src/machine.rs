//! What a figure was measured on, so that it is never quoted without it.

use std::{fmt::Write as _, fs};

/// Processor, cores and how busy the machine is, in one line.
pub fn describe() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| {
            rest.trim_start_matches([' ', '\t', ':'])
        });
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let mut line = format!("{model}, {cores} cores");
    if let Some(load) = load_average() {
        let _ = write!(line, ", load average {load}");
    }
    line
}

/// Processes that wanted a core during the last minute: above the number of cores, latencies are the neighbours'.
fn load_average() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next().map(str::to_owned)
}
