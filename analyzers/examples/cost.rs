//! The cost of the index chain beside jieba-rs alone on the same text in the same run, and of understanding queries.
//!
//! `cargo run --release -p sampan-analyzers --example cost -- TITLES QUERIES`, files with a text a line.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use sampan_analyzers::{Analyzer, DictionaryFiles};

/// Runs of each, by turns; the fastest counts, the others had company on the machine.
const ROUNDS: usize = 15;

fn timed(mut work: impl FnMut()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(titles), Some(queries)) = (arguments.next(), arguments.next()) else {
        return Err("usage: cost TITLES QUERIES".into());
    };
    let titles = std::fs::read_to_string(titles)?;
    let queries = std::fs::read_to_string(queries)?;
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    index_cost(&analyzer, &titles);
    query_cost(&analyzer, &queries);
    Ok(())
}

fn index_cost(analyzer: &Analyzer, titles: &str) {
    // jieba alone gets the text in the script of its dictionary; in another it would find no words, and fast.
    let spellings: Vec<String> = titles
        .lines()
        .map(|title| analyzer.lexicon_spelling(title))
        .collect();
    let (mut jieba, mut chain, mut tokens) = (Duration::MAX, Duration::MAX, 0usize);
    for _ in 0..ROUNDS {
        jieba = jieba.min(timed(|| {
            let cut = |spelling: &String| analyzer.jieba_alone(spelling);
            black_box(spellings.iter().map(cut).sum::<usize>());
        }));
        tokens = 0;
        chain = chain.min(timed(|| {
            for title in titles.lines() {
                analyzer.index_tokens(title, &mut |token| {
                    tokens += black_box(token.term.len()).min(1);
                });
            }
        }));
    }
    let rate = |time: Duration| titles.len() as f64 / 1e6 / time.as_secs_f64();
    println!("jieba alone  {jieba:>10.2?}  {:6.1} MB/s", rate(jieba));
    println!(
        "index chain  {chain:>10.2?}  {:6.1} MB/s  {tokens} tokens  {:.2} times jieba alone",
        rate(chain),
        chain.as_secs_f64() / jieba.as_secs_f64()
    );
}

fn query_cost(analyzer: &Analyzer, queries: &str) {
    let disabled = HashSet::new();
    let understand = |query: &str| {
        timed(|| {
            black_box(analyzer.understand(query, "hk", &disabled));
        })
    };
    let mut times: Vec<Duration> = queries.lines().map(understand).collect();
    times.sort_unstable();
    if let (Some(last), length) = (times.last(), times.len()) {
        let at = |percent: usize| times[(length - 1) * percent / 100];
        println!(
            "understand   p50 {:.2?}  p99 {:.2?}  max {last:.2?}",
            at(50),
            at(99)
        );
    }
}
