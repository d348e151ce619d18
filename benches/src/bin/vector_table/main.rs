//! The vector table: this index, plain hnsw_rs and usearch on the same vectors in one run.
//!
//! ```text
//! cargo run --release -p sampan-benches --features vector-peers --bin vector_table
//! cargo run --release -p sampan-benches --features vector-peers --bin vector_table -- --scale 1000000x512
//! ```

mod contestant;
mod data;
mod engine;
mod filters;
mod frontier;
mod hnsw_rs_peer;
mod ours;
mod race;
mod report;
mod scale;
mod usearch_peer;

use clap::Parser;

use contestant::Contestant;
use data::Dataset;
use engine::Engine;

/// Compares vector indexes on clustered vectors.
#[derive(Parser)]
struct Arguments {
    /// Data sets as ROWSxDIMENSIONS.
    #[arg(long = "set", value_parser = parse_set, default_values = ["200000x64", "100000x512"])]
    sets: Vec<(usize, usize)>,
    /// Indexes to measure, by the first words of their names; all without it.
    #[arg(long)]
    only: Vec<String>,
    /// Measure this index alone, as its vectors arrive, at ROWSxDIMENSIONS.
    #[arg(long, value_parser = parse_set)]
    scale: Option<(usize, usize)>,
}

fn parse_set(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('x').ok_or("ROWSxDIMENSIONS")?;
    let number = |part: &str| part.parse::<usize>().map_err(|error| error.to_string());
    Ok((number(parts.0)?, number(parts.1)?))
}

fn main() {
    let arguments = Arguments::parse();
    println!("{}", sampan_benches::machine::describe());
    if let Some((rows, dimensions)) = arguments.scale {
        print!("{}", scale::measure(rows, dimensions));
        return;
    }
    for &(rows, dimensions) in &arguments.sets {
        eprintln!("{rows} × {dimensions}: vectors and exact answers");
        let dataset = Dataset::new(rows, dimensions);
        let wanted = |engine: &dyn Engine| {
            let named = |only: &String| engine.name().starts_with(only.as_str());
            arguments.only.is_empty() || arguments.only.iter().any(named)
        };
        let mut contestants = Vec::new();
        for engine in engines() {
            if wanted(engine.as_ref()) {
                eprintln!("{rows} × {dimensions}: building {}", engine.name());
                contestants.push(Contestant::build(engine.as_ref(), &dataset));
            }
        }
        eprintln!("{rows} × {dimensions}: searching");
        let points = frontier::measure(&contestants, &dataset);
        print!("{}", report::searches(&dataset, &contestants, &points));
        if let Some(ours) = contestants.iter().find(|c| c.name == ours::BULK) {
            let points = filters::measure(ours.directory.path(), &dataset);
            print!("{}", report::filtered(&dataset, &points));
        }
    }
}

fn engines() -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(ours::Ours::bulk()),
        Box::new(ours::Ours::streamed()),
        Box::new(usearch_peer::Usearch::f32()),
        Box::new(usearch_peer::Usearch::f16()),
        Box::new(hnsw_rs_peer::HnswRs),
    ]
}
