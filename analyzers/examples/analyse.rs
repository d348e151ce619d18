//! Prints what the analysers make of each line of standard input: words, index tokens and the plan for a region.
//!
//! `echo 想搵部平靚正嘅雪櫃 | cargo run --release -p sampan-analyzers --example analyse -- hk`

use std::collections::HashSet;
use std::io::{BufRead, stdin};
use std::time::Instant;

use sampan_analyzers::{Analyzer, DictionaryFiles};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = std::env::args().nth(1).unwrap_or_else(|| "hk".to_owned());
    let started = Instant::now();
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    eprintln!("built in {:?}, index version {}", started.elapsed(), analyzer.index_version());
    for line in stdin().lock().lines() {
        let line = line?;
        println!("words: {}", analyzer.words(&line).join(" "));
        analyzer.index_tokens(&line, &mut |token| {
            print!("{:?} {}..{} @{}  ", token.term, token.start, token.end, token.position);
        });
        let plan = analyzer.understand(&line, &region, &HashSet::new());
        println!("\n{}", serde_json::to_string_pretty(&plan)?);
    }
    Ok(())
}
