//! An index that was built, stored and loaded again, and what that took.

use std::path::Path;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use tempfile::TempDir;

use crate::data::Dataset;
use crate::engine::{Engine, Index};

/// Times of loading, the best of which counts.
const LOADS: usize = 3;

/// An index ready to search, with the costs of getting there.
pub struct Contestant {
    pub name: &'static str,
    pub index: Box<dyn Index>,
    /// From vectors in memory to files on disk.
    pub build_wall: Duration,
    /// Processor time of all threads together.
    pub build_cpu: Duration,
    pub bytes_per_vector: f64,
    /// From files in the page cache to ready.
    pub load: Duration,
    /// Its files; removed with it.
    pub directory: TempDir,
}

impl Contestant {
    pub fn build(engine: &dyn Engine, dataset: &Dataset) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (wall, cpu) = (Instant::now(), ProcessTime::now());
        engine.build(&dataset.vectors, directory.path());
        let (build_wall, build_cpu) = (wall.elapsed(), cpu.elapsed());
        let bytes_per_vector = size_of(directory.path()) as f64 / dataset.vectors.len() as f64;
        let timed_load = || {
            let started = Instant::now();
            let index = engine.load(dataset.dimensions, directory.path());
            (started.elapsed(), index)
        };
        let (mut load, mut index) = timed_load();
        for _ in 1..LOADS {
            drop(index);
            let (time, loaded) = timed_load();
            load = load.min(time);
            index = loaded;
        }
        Self {
            name: engine.name(),
            index,
            build_wall,
            build_cpu,
            bytes_per_vector,
            load,
            directory,
        }
    }
}

/// Bytes of all files of a directory.
pub fn size_of(directory: &Path) -> u64 {
    let entries = std::fs::read_dir(directory).expect("the directory");
    let files = entries.flatten().filter_map(|entry| entry.metadata().ok());
    files.map(|data| data.len()).sum()
}
