//! The index chain beside jieba-rs alone on the same titles, and what understanding a query costs.

use std::{
    collections::HashSet,
    fs::File,
    hint::black_box,
    io::BufReader,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use clap::Args;
use jieba_rs::Jieba;
use sampan_analyzers::{Analyzer, DictionaryFiles};

use crate::{
    Outcome,
    latency::Latencies,
    machine,
    million::items,
    table::{Table, grouped},
    texts,
};

/// Region whose shopper asks.
const REGION: &str = "hk";

/// What to measure.
#[derive(Args)]
pub struct ChainOptions {
    /// Titles, the last tab-separated field of each line. Default: generated ones.
    #[arg(long)]
    pub titles: Option<PathBuf>,
    /// Queries, one a line. Default: the titles.
    #[arg(long)]
    pub query_log: Option<PathBuf>,
    /// Titles when they are generated.
    #[arg(long, default_value_t = 20_000)]
    pub items: u64,
    /// Turns of each way; its best counts.
    #[arg(long, default_value_t = 7)]
    pub passes: usize,
}

/// Measures, and writes the tables.
pub fn run(options: &ChainOptions) -> Outcome<String> {
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    let titles = match &options.titles {
        Some(path) => texts::read(path)?,
        None => {
            let items = items::generate(&analyzer, options.items)?;
            items
                .into_iter()
                .flat_map(|item| item.titles)
                .map(|title| title.text)
                .collect()
        }
    };
    let queries = match &options.query_log {
        Some(path) => texts::read(path)?,
        None => titles.clone(),
    };
    let chains = chains(&analyzer, &titles, options.passes)?;
    let understanding = understanding(&analyzer, &queries, options.passes)?;
    Ok(format!(
        "{}\n\n{chains}\n{understanding}",
        machine::describe()
    ))
}

/// A way to cut a title; answers how many tokens it made.
type Way<'a> = (&'static str, Box<dyn Fn(&str) -> usize + 'a>);

fn chains(analyzer: &Analyzer, titles: &[String], passes: usize) -> Outcome<String> {
    let jieba = Jieba::with_dict(&mut BufReader::new(File::open(jieba_dictionary()?)?))?;
    let ways: [Way<'_>; 3] = [
        (
            "jieba-rs alone",
            Box::new(|title| jieba.cut(title, false).len()),
        ),
        (
            "jieba-rs alone, unknown words guessed (HMM)",
            Box::new(|title| jieba.cut(title, true).len()),
        ),
        (
            "whole index chain",
            Box::new(|title| {
                let mut tokens = 0;
                analyzer.index_tokens(title, &mut |token| {
                    tokens += usize::from(!black_box(token).term.is_empty())
                });
                tokens
            }),
        ),
    ];
    let mut best = [Duration::MAX; 3];
    let mut tokens = [0; 3];
    for _ in 0..passes {
        for (place, (_, cut)) in ways.iter().enumerate() {
            let start = Instant::now();
            tokens[place] = titles.iter().map(|title| cut(title)).sum();
            best[place] = best[place].min(start.elapsed());
        }
    }
    let bytes: usize = titles.iter().map(String::len).sum();
    let mut table = Table::new([
        "way",
        "MB/s",
        "µs a title",
        "tokens a title",
        "time of jieba-rs alone",
    ]);
    for (place, (name, _)) in ways.iter().enumerate() {
        let seconds = best[place].as_secs_f64();
        let titles = titles.len() as f64;
        table.row([
            (*name).to_owned(),
            format!("{:.1}", bytes as f64 / 1e6 / seconds),
            format!("{:.2}", seconds * 1e6 / titles),
            format!("{:.1}", tokens[place] as f64 / titles),
            format!("{:.2} ×", seconds / best[0].as_secs_f64()),
        ]);
    }
    Ok(format!(
        "{} titles, {bytes} bytes, one thread\n\n{table}",
        grouped(titles.len() as u64)
    ))
}

fn understanding(analyzer: &Analyzer, queries: &[String], passes: usize) -> Outcome<String> {
    let all_rules = HashSet::new();
    let mut first = Latencies::new()?;
    let mut best = vec![Duration::MAX; queries.len()];
    for pass in 0..passes {
        for (query, best) in queries.iter().zip(&mut best) {
            let start = Instant::now();
            black_box(analyzer.understand(query, REGION, &all_rules));
            let took = start.elapsed();
            *best = took.min(*best);
            if pass == 0 {
                first.add(took)?;
            }
        }
    }
    let mut table = Table::new(["understanding a query", "p50", "p99", "p99.9"]);
    let mut row = |name: &str, latencies: &Latencies| {
        table.row([name.to_owned()].into_iter().chain(latencies.cells()));
    };
    row("each query's best pass", &Latencies::of(best)?);
    row("first pass", &first);
    Ok(format!(
        "{} queries, one thread\n\n{table}",
        grouped(queries.len() as u64)
    ))
}

/// jieba-rs's own dictionary, inside the package that cargo resolved (embedding it would put it into every build).
fn jieba_dictionary() -> Outcome<PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists no packages")?;
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "jieba-rs")
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or("cargo metadata names no jieba-rs")?;
    Ok(PathBuf::from(manifest)
        .with_file_name("src")
        .join("data")
        .join("dict.txt"))
}
