//! The table as Markdown.

use std::fmt::Write;

use crate::data::Dataset;
use crate::measure::{Point, RECALLS, Row};

/// What the tables are and how to make them.
pub fn preamble() -> String {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    format!(
        "# Vector indexes side by side\n\n\
         `cargo run --release -p sampan-benches --features vector-peers --bin vector_table -- \
         --output benches/vector.md`\n\n\
         Gaussian clusters of 100 vectors, cosine, 1,000 queries from the same clusters, {cores} \
         cores. A query is one search for ten on one thread, the mean of each query's best time in \
         seven passes, at the narrowest beam (ef) that reaches the recall@10. Build: two threads, from vectors \
         in memory to files on disk. Bytes: of those files. Load: files in the page cache to \
         ready, best of three; sampan and hnsw_rs check or parse everything, usearch copies.\n"
    )
}

/// One line an index.
pub fn table(dataset: &Dataset, rows: &[Row]) -> String {
    let mut text = format!(
        "\n## {} × {}\n\n",
        dataset.vectors.len(),
        dataset.dimensions
    );
    text += "| index ";
    for recall in RECALLS {
        let _ = write!(text, "| µs at {recall} (ef, recall) ");
    }
    text += "| build s (CPU s) | bytes a vector | load ms |\n|---|---|---|---|---|---|\n";
    for row in rows {
        let _ = write!(text, "| {} ", row.name);
        for point in row.points {
            text += &match point {
                Some(Point {
                    beam_width,
                    recall,
                    query_microseconds,
                }) => {
                    format!("| {query_microseconds:.1} ({beam_width}, {recall:.4}) ")
                }
                None => "| not reached ".to_owned(),
            };
        }
        let _ = writeln!(
            text,
            "| {:.1} ({:.1}) | {:.0} | {:.1} |",
            row.build_wall.as_secs_f64(),
            row.build_cpu.as_secs_f64(),
            row.bytes_per_vector,
            row.load.as_secs_f64() * 1e3,
        );
    }
    text
}

/// One line a share of eligible vectors.
pub fn filter_table(dataset: &Dataset, points: &[(f64, Point)]) -> String {
    let (rows, dimensions) = (dataset.vectors.len(), dataset.dimensions);
    let mut text = format!("\n### Filters, sampan, {rows} × {dimensions}, default beam\n\n");
    text += "| eligible | recall@10 | µs | times unfiltered |\n|---|---|---|---|\n";
    let unfiltered = points
        .first()
        .map_or(1.0, |(_, point)| point.query_microseconds);
    for (share, point) in points {
        let _ = writeln!(
            text,
            "| {} % | {:.4} | {:.1} | {:.1} |",
            share * 100.0,
            point.recall,
            point.query_microseconds,
            point.query_microseconds / unfiltered,
        );
    }
    text
}
