//! Measures how well typed sounds are understood, and how often Latin words are harmed.
//!
//! A term is found when an edit of a sound rule has it as its target, in script-folded form; homophones that stand
//! before it count against it. Controls are lines that should get no edit of a sound rule; no catalogue helps.
//!
//! `cargo run --release -p sampan-analyzers --example typed_sounds -- QUERIES.tsv [CONTROLS.txt …]`, where
//! `tools/typed_sounds.py` makes the queries. `SHOW=pinyin` lists what was not first in that way.

use std::collections::{BTreeSet, HashSet};
use std::time::Instant;

use sampan_analyzers::{Analyzer, DictionaryFiles};

#[path = "../tests/typed/mod.rs"]
mod typed;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    eprintln!("built in {:?}", started.elapsed());
    let mut paths = std::env::args().skip(1);
    let queries = std::fs::read_to_string(paths.next().ok_or("name a file of queries")?)?;
    let show = std::env::var("SHOW").unwrap_or_default();
    println!(
        "{:<16} {:>7} {:>7} {:>7} {:>7}",
        "typed", "queries", "first", "top 3", "any"
    );
    for way in typed::ways(&queries) {
        let found = typed::measure(&analyzer, &queries, &way);
        println!(
            "{way:<16} {:>7} {:>7.4} {:>7.4} {:>7.4}",
            found.queries, found.first, found.third, found.any
        );
        if way == show {
            found
                .missed
                .iter()
                .for_each(|missed| println!("  {missed}"));
        }
    }
    for path in paths {
        controls(&analyzer, &path, &std::fs::read_to_string(&path)?);
    }
    Ok(())
}

fn controls(analyzer: &Analyzer, path: &str, text: &str) {
    let lines: BTreeSet<&str> = text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    let mut times = Vec::with_capacity(lines.len());
    let mut harmed = Vec::new();
    for line in &lines {
        // The best of three: what else the machine does is no cost of ours.
        let time = (0..3).map(|_| {
            let started = Instant::now();
            std::hint::black_box(analyzer.understand(line, "hk", &HashSet::new()));
            started.elapsed()
        });
        times.push((time.min().unwrap_or_default(), *line));
        let plan = analyzer.understand(line, "hk", &HashSet::new());
        if let Some(edit) = typed::sound_edits(&plan).next() {
            harmed.push(format!("{line} {}={}", edit.rule, edit.target));
        }
    }
    times.sort_unstable();
    println!(
        "{path}: {} lines, {} with a sound edit ({:.3} %), p50 {:?} p99 {:?} max {:?}",
        lines.len(),
        harmed.len(),
        100.0 * harmed.len() as f64 / lines.len().max(1) as f64,
        times[times.len() / 2].0,
        times[times.len() * 99 / 100].0,
        times.last().map(|slowest| slowest.0).unwrap_or_default(),
    );
    if std::env::var_os("SLOWEST").is_some() {
        times
            .iter()
            .rev()
            .take(20)
            .for_each(|(time, line)| println!("  {time:?} {line}"));
    }
    harmed.iter().for_each(|line| println!("  {line}"));
}
