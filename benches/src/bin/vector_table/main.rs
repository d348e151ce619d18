//! The vector table: this index, plain hnsw_rs and usearch on the same vectors in one run.
//!
//! ```text
//! cargo run --release -p sampan-benches --features vector-peers --bin vector_table -- \
//!     --output benches/vector.md
//! ```

mod data;
mod engine;
mod hnsw_rs_peer;
mod measure;
mod ours;
mod report;
mod usearch_peer;

use std::path::PathBuf;

use clap::Parser;

use data::Dataset;
use engine::Engine;
use measure::Row;

/// Compares vector indexes on clustered vectors.
#[derive(Parser)]
struct Arguments {
    /// Data sets as ROWSxDIMENSIONS.
    #[arg(long = "set", value_parser = parse_set, default_values = ["200000x64", "100000x512"])]
    sets: Vec<(usize, usize)>,
    /// Indexes to measure, by the first words of their names; all without it.
    #[arg(long)]
    only: Vec<String>,
    /// Leave out the filtered searches.
    #[arg(long)]
    no_filters: bool,
    /// Write the table to this file too.
    #[arg(long)]
    output: Option<PathBuf>,
}

fn parse_set(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('x').ok_or("ROWSxDIMENSIONS")?;
    let number = |part: &str| part.parse::<usize>().map_err(|error| error.to_string());
    Ok((number(parts.0)?, number(parts.1)?))
}

fn main() {
    let arguments = Arguments::parse();
    let mut text = report::preamble();
    for &(rows, dimensions) in &arguments.sets {
        eprintln!("{rows} × {dimensions}: vectors and exact answers");
        let dataset = Dataset::new(rows, dimensions);
        let mut measured: Vec<Row> = Vec::new();
        for engine in engines() {
            let wanted = |only: &String| engine.name().starts_with(only.as_str());
            if arguments.only.is_empty() || arguments.only.iter().any(wanted) {
                eprintln!("{rows} × {dimensions}: {}", engine.name());
                measured.push(measure::measure(engine.as_ref(), &dataset));
            }
        }
        text += &report::table(&dataset, &measured);
        if !arguments.no_filters {
            text += &report::filter_table(&dataset, &ours::filtered(&dataset));
        }
    }
    print!("{text}");
    if let Some(path) = arguments.output
        && let Err(error) = std::fs::write(&path, text)
    {
        eprintln!("{}: {error}", path.display());
        std::process::exit(1);
    }
}

fn engines() -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(ours::Ours::bulk()),
        Box::new(ours::Ours::streamed()),
        Box::new(usearch_peer::Usearch::f32()),
        Box::new(usearch_peer::Usearch::f16()),
        Box::new(usearch_peer::Usearch::i8()),
        Box::new(hnsw_rs_peer::HnswRs),
    ]
}
