//! `sampan eval learn`

use std::{path::PathBuf, process::ExitCode};

use indicatif::ProgressBar;
use sampan_engine::config::DictionarySource;

use super::write_file;
use crate::{
    evaluate::learn::{LearnPlan, learn},
    model::place::ModelPlace,
    terminal::{Output, learnt},
};

/// Learn numbers of a region's ranking profile from judged queries: weights of signals, and how vectors take part.
///
/// Every trial puts a profile in force on throw-away nodes and asks the judged queries. One key after another is set to
/// the value that lifts the weighted sum of the sets' measures; a value that lets any set lose more than it may is not
/// taken. Half of each set's queries is held out, and decides at the end whether the profile holds.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A plan names its files from its own folder:
  region = \"hk\"
  rounds = 3                        # passes over the keys
  queries_max = 500                 # of each half of a set
  [keys]
  \"weights.vector\" = [0.0, 0.4, 0.8, 1.2]
  \"vectors.below\" = [0, 100, 200, 400]
  [[set]]
  name = \"categories\"
  catalog = \"products.jsonl\"
  map = \"products.map.toml\"
  queries = \"categories.queries.tsv\"
  qrels = \"categories.qrels.tsv\"
  measure = \"recall_10\"             # ndcg_10, mrr_10, recall_10, recall_100 or hit_10
  weight = 1.0                      # 0: only watched
  loss_max = 0.0                    # most that it may lose
  titles_convert = \"s2hk\"           # optional, as for `sampan eval search`

Exit code 1 when what was learnt does not hold on the queries held out.

Examples:
  sampan eval learn plan.toml --out ranking.toml
  sampan admin put ranking hk ranking.toml --dry-run")]
pub struct LearnArguments {
    /// What to learn.
    #[arg(value_name = "PLAN.toml")]
    plan: PathBuf,
    /// Folder with dictionaries. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
    /// Write the learnt profile, as `sampan admin put` takes it.
    #[arg(long, value_name = "RANKING.toml")]
    out: Option<PathBuf>,
    #[command(flatten)]
    model: ModelPlace,
}

pub fn run(arguments: &LearnArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let plan = LearnPlan::read(&arguments.plan)?;
    let source = arguments
        .dictionaries
        .clone()
        .map_or(DictionarySource::Embedded, DictionarySource::Folder);
    let files = source.load()?;
    let spinner = ProgressBar::new_spinner().with_message("building the nodes");
    let model = arguments.model.for_node();
    let learnt = learn(
        &plan,
        &files,
        arguments.dictionaries.as_deref(),
        model.as_deref(),
        |trials| {
            spinner.set_message(format!("{trials} profiles measured"));
            spinner.tick();
        },
    )?;
    spinner.finish_and_clear();
    write_file(arguments.out.as_ref(), || learnt.profile.clone())?;
    if output.is_json() {
        output.value(&serde_json::to_value(&learnt)?)?;
    } else {
        output.line(&learnt::text(&learnt, output))?;
    }
    Ok(if learnt.holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
