//! Prints what the analysers make of each line of standard input: words, index tokens and the plan for a region.
//!
//! `echo 想搵部平靚正嘅雪櫃 | cargo run --release -p sampan-analyzers --example analyse -- hk [dictionaries/]`

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, stdin};
use std::path::Path;
use std::time::Instant;

use sampan_analyzers::{Analyzer, DictionaryFiles};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = std::env::args().nth(1).unwrap_or_else(|| "hk".to_owned());
    let files = match std::env::args().nth(2) {
        Some(folder) => {
            let mut files = BTreeMap::new();
            read_folder(Path::new(&folder), "", &mut files)?;
            DictionaryFiles(files)
        }
        None => DictionaryFiles::embedded(),
    };
    let started = Instant::now();
    let analyzer = Analyzer::build(&files)?;
    eprintln!(
        "built in {:?}, index version {}",
        started.elapsed(),
        analyzer.index_version()
    );
    for line in stdin().lock().lines() {
        let line = line?;
        println!("words: {}", analyzer.words(&line).join(" "));
        analyzer.index_tokens(&line, &mut |token| {
            print!(
                "{:?} {}..{} @{}  ",
                token.term, token.start, token.end, token.position
            );
        });
        let plan = analyzer.understand(&line, &region, &HashSet::new());
        println!("\n{}", serde_json::to_string_pretty(&plan)?);
    }
    Ok(())
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, String>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else if path.ends_with(".tsv") || path.ends_with(".toml") {
            files.insert(path, std::fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}
