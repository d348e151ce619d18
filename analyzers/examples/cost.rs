//! The cost of the index chain beside jieba-rs alone on the same text in the same run, and of understanding queries.
//!
//! `cargo run --release -p sampan-analyzers --example cost -- TITLES QUERIES`, files with a text a line.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use sampan_analyzers::{Analyzer, DictionaryFiles};

/// Runs of each; the fastest counts, the others had company on the machine.
const ROUNDS: usize = 7;

fn fastest(mut work: impl FnMut()) -> Duration {
    let timed = (0..ROUNDS).map(|_| {
        let started = Instant::now();
        work();
        started.elapsed()
    });
    timed.min().unwrap_or_default()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(titles), Some(queries)) = (arguments.next(), arguments.next()) else {
        return Err("usage: cost TITLES QUERIES".into());
    };
    let (titles, queries) = (
        std::fs::read_to_string(titles)?,
        std::fs::read_to_string(queries)?,
    );
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    let bytes = titles.len() as f64 / 1e6;

    let jieba = fastest(|| {
        let words: usize = titles
            .lines()
            .map(|title| analyzer.jieba_alone(title))
            .sum();
        black_box(words);
    });
    let mut tokens = 0usize;
    let chain = fastest(|| {
        tokens = 0;
        for title in titles.lines() {
            analyzer.index_tokens(title, &mut |token| {
                tokens += black_box(token.term.len()).min(1)
            });
        }
    });
    println!(
        "jieba alone  {jieba:>10.2?}  {:6.1} MB/s",
        bytes / jieba.as_secs_f64()
    );
    println!(
        "index chain  {chain:>10.2?}  {:6.1} MB/s  {tokens} tokens  {:.2} times jieba alone",
        bytes / chain.as_secs_f64(),
        chain.as_secs_f64() / jieba.as_secs_f64()
    );

    let disabled = HashSet::new();
    let mut times: Vec<Duration> = queries
        .lines()
        .map(|query| {
            let started = Instant::now();
            black_box(analyzer.understand(query, "hk", &disabled));
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "understand   p50 {:.2?}  p99 {:.2?}  max {:.2?}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    Ok(())
}
