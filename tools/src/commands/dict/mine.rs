//! `sampan dict mine`

use std::{fmt::Write as _, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use sampan_analyzers::{
    Analyzer,
    mine::{Candidate, Sources, Stage, Thresholds, mine},
};

use super::{FolderArguments, bar, check_region, queries};
use crate::{
    evaluate::catalogue::Catalogue,
    terminal::{Output, mined},
};

/// Frequency that is proposed for a new word: what keeps a shop word together.
const PROPOSED_FREQUENCY: u32 = 300;

/// Find words that the dictionaries lack, in titles and a query log, with the evidence for each.
///
/// New words hold together and stand beside many things; hot words are asked for more in the latest part of the log;
/// and queries whose words no title has together. Words of the lexicon and of concepts are left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The output of --out has the columns of common/words.tsv, so that `sampan dict import` takes the rows that are kept.

Examples:
  sampan dict mine --titles products.jsonl --map products.map.toml --queries log.txt --region hk
  sampan dict mine --titles titles.tsv --map titles.map.toml --queries log.txt --out candidates.tsv")]
pub struct MineArguments {
    /// Catalogue: .jsonl, .csv, .tsv (each also .gz) or .parquet.
    #[arg(long, value_name = "FILE")]
    titles: PathBuf,
    /// Which column fills which field, as for `sampan import`.
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// Query log, oldest first: one a line, or id<TAB>text.
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// Region whose shoppers asked: their words are understood, and words are written in their glyphs.
    #[arg(long, default_value = "hk")]
    region: String,
    #[command(flatten)]
    folder: FolderArguments,
    /// Rows of each table that are shown.
    #[arg(long, default_value_t = 30)]
    top: usize,
    /// Titles and queries that hold a word, at least.
    #[arg(long, default_value_t = Thresholds::default().count_min)]
    count: u32,
    /// Write the new words as rows of a word list.
    #[arg(long, value_name = "FILE.tsv")]
    out: Option<PathBuf>,
}

pub fn run(arguments: MineArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let files = arguments.folder.load()?;
    check_region(&files, Some(&arguments.region))?;
    let analyzer = Analyzer::build(&files)?;
    let catalogue = Catalogue::read(&arguments.titles, &arguments.map)?;
    let titles: Vec<String> = catalogue
        .items()
        .flat_map(|item| item.titles.iter().map(|title| title.text.clone()))
        .collect();
    let asked = queries(&arguments.queries)?;
    let sources = Sources {
        titles: &titles,
        queries: &asked,
        region: &arguments.region,
    };
    let thresholds = Thresholds {
        count_min: arguments.count,
        ..Thresholds::default()
    };
    let bar = bar(1);
    let mut found = mine(
        &analyzer,
        &sources,
        &thresholds,
        &mut |stage, done, total| {
            bar.set_message(match stage {
                Stage::Reading => "reading ",
                Stage::Counting => "counting",
                Stage::Answering => "queries ",
            });
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        },
    );
    bar.finish_and_clear();
    if let Some(path) = &arguments.out {
        std::fs::write(path, word_list(&found.candidates))
            .with_context(|| path.display().to_string())?;
    }
    let unanswered: u32 = found.unanswered.iter().map(|query| query.count).sum();
    let totals = mined::Totals {
        titles: titles.len(),
        queries: asked.len(),
        unanswered: unanswered as usize,
    };
    found.candidates.truncate(arguments.top);
    found.hot.truncate(arguments.top);
    found.unanswered.truncate(arguments.top);
    found.missing.truncate(arguments.top);
    if output.is_json() {
        let mut value = serde_json::to_value(&found)?;
        value["titles"] = totals.titles.into();
        value["queries"] = totals.queries.into();
        value["queries_unanswered"] = totals.unanswered.into();
        output.value(&value)?;
    } else {
        output.line(&mined::mined(&found, &totals, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Rows of `words.tsv`; the evidence is the note.
fn word_list(candidates: &[Candidate]) -> String {
    let mut text = "word\tfreq\tsource\tnote\n".to_owned();
    for candidate in candidates {
        let Candidate {
            word,
            titles,
            queries,
            cohesion,
            ..
        } = candidate;
        let branching = candidate.left_branching.min(candidate.right_branching);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{word}\t{PROPOSED_FREQUENCY}\town\tmined: {titles} titles, {queries} queries, cohesion {cohesion:.1}, \
             branching {branching:.1}"
        );
    }
    text
}
