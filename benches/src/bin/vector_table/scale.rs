//! This index alone, at the size of a large catalogue, filled as items arrive.

use std::fmt::Write as _;
use std::time::Instant;

use cpu_time::{ProcessTime, ThreadTime};
use sampan_benches::latency::{Latencies, readable};
use sampan_benches::memory::Resident;
use sampan_engine::index::vector::{Everything, VectorOptions};

use crate::contestant::size_of;
use crate::data::{Dataset, K};
use crate::ours;

/// Passes over all queries, of which each query's best counts.
const PASSES: usize = 5;

/// Builds, and searches at the default beam; the answer is a list in Markdown.
pub fn measure(rows: usize, dimensions: usize) -> String {
    eprintln!("{rows} × {dimensions}: vectors and exact answers");
    let dataset = Dataset::new(rows, dimensions);
    let directory = tempfile::tempdir().expect("a temporary directory");
    let before = Resident::now();
    eprintln!("{rows} × {dimensions}: building");
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let tail_rows_max = VectorOptions::default().tail_rows_max;
    let writer = ours::fill(&dataset.vectors, directory.path(), tail_rows_max);
    let (wall, cpu) = (wall.elapsed(), cpu.elapsed());
    drop(writer);
    let loading = Instant::now();
    let snapshot = ours::open(directory.path());
    let load = loading.elapsed();
    let search = |query: &Vec<f32>| ours::ordinals(snapshot.search(query, K, &Everything));
    let found: Vec<Vec<u32>> = dataset.queries.iter().map(search).collect();
    let mut best = vec![std::time::Duration::MAX; dataset.queries.len()];
    for _ in 0..PASSES {
        for (query, best) in dataset.queries.iter().zip(&mut best) {
            let started = ThreadTime::now();
            std::hint::black_box(search(query));
            *best = started.elapsed().min(*best);
        }
    }
    let times = Latencies::of(best).expect("times of a query");
    let memory = Resident::now().since(before);
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let mut text = format!("\n## {rows} × {dimensions}, as they arrive\n\n");
    let _ = writeln!(
        text,
        "- build: {} ({} of processor time), {} segments\n\
         - files: {:.0} MB, checked and ready in {}; resident after the searches: {:.0} MB mapped, {:.0} MB heap\n\
         - a search for {K} at the default beam: p50 {}, p99 {}, recall {:.4}",
        readable(wall),
        readable(cpu),
        snapshot.segments(),
        megabytes(size_of(directory.path())),
        readable(load),
        megabytes(memory.mapped),
        megabytes(memory.anonymous),
        readable(times.quantile(0.5)),
        readable(times.quantile(0.99)),
        dataset.recall(&found),
    );
    text
}
