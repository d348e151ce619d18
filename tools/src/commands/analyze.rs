//! `sampan analyze`

use std::{collections::HashSet, path::PathBuf, process::ExitCode};

use clap::ValueEnum;
use sampan_analyzers::Analyzer;
use sampan_engine::config::DictionarySource;

use super::lines;
use crate::terminal::Output;

/// Show what the analysers make of lines from standard input.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One line of output for each line of input:
  words       the words, with single spaces between them
  tokens      index tokens as token/family@start-end:position (bytes, half open)
  understood  the query plan as JSON

Examples:
  echo 雙門變頻雪櫃 | sampan analyze --region hk --stage words
  echo 想搵部平靚正嘅雪櫃 | sampan analyze --region hk --stage understood | jq .edits
  sampan analyze --region tw --stage tokens < titles.txt
  echo 雪櫃 | sampan analyze --region hk --stage understood --dictionaries ./dictionaries")]
pub struct AnalyzeArguments {
    /// Region whose vocabulary is used.
    #[arg(long)]
    region: String,
    /// What to show.
    #[arg(long, value_enum, default_value_t = Stage::Words)]
    stage: Stage,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "DIR")]
    dictionaries: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Stage {
    Words,
    Tokens,
    Understood,
}

pub fn run(arguments: AnalyzeArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let source = arguments
        .dictionaries
        .map_or(DictionarySource::Embedded, DictionarySource::Folder);
    let files = source.load()?;
    let known = files.regions();
    if !known.contains(&arguments.region) {
        let (region, known) = (&arguments.region, known.join(", "));
        anyhow::bail!("--region: \"{region}\" is not known; want one of {known}");
    }
    let analyzer = Analyzer::build(&files)?;
    let (region, json) = (&arguments.region, output.is_json());
    lines::each(|line| match arguments.stage {
        Stage::Words => {
            let words = analyzer.words(line);
            Ok(if json {
                serde_json::to_string(&words)?
            } else {
                words.join(" ")
            })
        }
        Stage::Tokens => Ok(tokens(&analyzer, line, json)),
        Stage::Understood => {
            let mut plan = analyzer.understand(line, region, &HashSet::new());
            analyzer.widen(&mut plan, region, &HashSet::new());
            Ok(serde_json::to_string(&plan)?)
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn tokens(analyzer: &Analyzer, line: &str, json: bool) -> String {
    let mut objects = Vec::new();
    let mut texts = Vec::new();
    analyzer.index_tokens(line, &mut |token| {
        // The plan of a query names families the same way.
        let family = serde_json::to_value(token.family).unwrap_or_default();
        if json {
            objects.push(serde_json::json!({
                "term": token.term, "family": family,
                "start": token.start, "end": token.end, "position": token.position,
            }));
        } else {
            let family = family.as_str().unwrap_or_default().to_owned();
            let (start, end, position) = (token.start, token.end, token.position);
            texts.push(format!(
                "{}/{family}@{start}-{end}:{position}",
                printable(token.term)
            ));
        }
    });
    if json {
        serde_json::Value::Array(objects).to_string()
    } else {
        texts.join(" ")
    }
}

/// A term without the unprintable byte that tells its family, which is printed beside it.
fn printable(term: &str) -> &str {
    term.trim_start_matches(char::is_control)
}
