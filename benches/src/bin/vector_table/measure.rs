//! Times and sizes of one index on one data set.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::data::{Dataset, K};
use crate::engine::{Engine, Index};

/// Beam widths that are tried, ascending.
const BEAM_WIDTHS: [usize; 26] = [
    10, 12, 14, 16, 18, 20, 22, 24, 28, 32, 36, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 256,
    320, 384, 512, 768,
];
/// Passes over all queries, of which each query's best time counts: other programs share the machine.
const PASSES: usize = 7;
/// Recalls that the table has a column for.
pub const RECALLS: [f64; 2] = [0.95, 0.99];

/// A way to search and what it costs.
#[derive(Clone, Copy)]
pub struct Point {
    pub beam_width: usize,
    pub recall: f64,
    pub query_microseconds: f64,
}

/// A line of the table.
pub struct Row {
    pub name: &'static str,
    /// The cheapest way to reach each of [`RECALLS`].
    pub points: [Option<Point>; 2],
    pub build_wall: Duration,
    /// Time of all threads together.
    pub build_cpu: Duration,
    pub bytes_per_vector: f64,
    pub load: Duration,
}

/// Builds, stores, loads and searches.
pub fn measure(engine: &dyn Engine, dataset: &Dataset) -> Row {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (wall, cpu) = (Instant::now(), cpu_time());
    let built = engine.build(&dataset.vectors, directory.path());
    let (build_wall, build_cpu) = (wall.elapsed(), cpu_time().saturating_sub(cpu));
    drop(built);
    let bytes_per_vector = size_of(directory.path()) as f64 / dataset.vectors.len() as f64;
    let mut load = Duration::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        let index = engine.load(dataset.dimensions, directory.path());
        load = load.min(started.elapsed());
        drop(index);
    }
    let index = engine.load(dataset.dimensions, directory.path());
    let points = RECALLS.map(|wanted| cheapest(index.as_ref(), dataset, wanted));
    Row {
        name: engine.name(),
        points,
        build_wall,
        build_cpu,
        bytes_per_vector,
        load,
    }
}

fn cheapest(index: &dyn Index, dataset: &Dataset, wanted: f64) -> Option<Point> {
    for beam_width in BEAM_WIDTHS {
        let search = |query: &Vec<f32>| index.search(query, K, beam_width);
        let found: Vec<Vec<u32>> = dataset.queries.iter().map(search).collect();
        let recall = dataset.recall(&found);
        if recall >= wanted {
            let query_microseconds = time_queries(dataset, search);
            return Some(Point {
                beam_width,
                recall,
                query_microseconds,
            });
        }
    }
    None
}

/// Microseconds of one query on one thread: the mean over queries of each one's best time.
pub fn time_queries(dataset: &Dataset, search: impl Fn(&Vec<f32>) -> Vec<u32>) -> f64 {
    let mut best = vec![Duration::MAX; dataset.queries.len()];
    for _ in 0..PASSES {
        for (query, best) in dataset.queries.iter().zip(&mut best) {
            let started = Instant::now();
            std::hint::black_box(search(query));
            *best = started.elapsed().min(*best);
        }
    }
    best.iter().sum::<Duration>().as_secs_f64() * 1e6 / dataset.queries.len() as f64
}

fn size_of(directory: &Path) -> u64 {
    let entries = std::fs::read_dir(directory).expect("the directory");
    entries
        .flatten()
        .filter_map(|entry| entry.metadata().ok())
        .map(|data| data.len())
        .sum()
}

/// Processor time of this process so far, from `/proc` (zero where there is none).
fn cpu_time() -> Duration {
    /// Linux reports it in hundredths of a second.
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let fields = after_name.split(' ').skip(11).take(2);
    TICK * fields
        .filter_map(|ticks| ticks.parse::<u32>().ok())
        .sum::<u32>()
}
