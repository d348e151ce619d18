//! `sampan feed`

mod export;
mod exposure;
mod import;
mod inspect;
mod rates;
mod show;
mod train;

use std::{path::Path, process::ExitCode};

use indicatif::ProgressBar;
use sampan_engine::recommend::file::NamedModel;

use super::{dict::bar, eval::feed as eval};
use crate::terminal::{Output, feed_figures::feed_model};

/// Show 「猜你喜歡」 for a user, a visit, or a whole region; learn from events, and measure what is learnt.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "\
Examples:
  sampan feed --region hk                          # the region's feed
  sampan feed --region hk --user u1 --page-size 10
  sampan feed --region tw --session s1 --category '家電' --explain
  sampan feed --region hk --pool deals --not-pool clearance
  sampan feed inspect u1 --region hk               # what is known of u1, and why the first cards
  sampan feed exposure --region hk                 # who was shown: sellers, categories, pools; Gini
  sampan feed rates --region hk                    # whether click and order rates are kept
  sampan feed train --events events.jsonl --out shop.feed
  sampan feed eval --data ta-feng ta_feng.csv.zip")]
pub struct FeedArguments {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    show: show::ShowArguments,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Train(train::TrainArguments),
    Eval(eval::FeedEvalArguments),
    Export(export::ExportArguments),
    Import(import::ImportArguments),
    Inspect(inspect::InspectArguments),
    Exposure(exposure::ExposureArguments),
    Rates(rates::RatesArguments),
}

pub async fn run(arguments: FeedArguments, output: &Output) -> anyhow::Result<ExitCode> {
    match arguments.what {
        Some(What::Inspect(arguments)) => inspect::run(arguments, output).await,
        Some(What::Exposure(arguments)) => exposure::run(arguments, output).await,
        Some(What::Rates(arguments)) => rates::run(arguments, output).await,
        Some(What::Train(arguments)) => offline(|| train::run(&arguments, output)),
        Some(What::Eval(arguments)) => offline(|| eval::run(&arguments, output)),
        Some(What::Export(arguments)) => offline(|| export::run(&arguments, output)),
        Some(What::Import(arguments)) => offline(|| import::run(&arguments, output)),
        None => show::run(arguments.show, output).await,
    }
}

/// Work that keeps a thread busy and asks no node.
fn offline(work: impl FnOnce() -> anyhow::Result<ExitCode>) -> anyhow::Result<ExitCode> {
    tokio::task::block_in_place(work)
}

/// Numbers a vector, as an argument.
pub(super) fn dimensions(text: &str) -> Result<usize, String> {
    let most = sampan_engine::recommend::file::DIMENSIONS_MAX;
    let number = text.parse().map_err(|_| "not a whole number".to_owned())?;
    if (1..=most).contains(&number) {
        Ok(number)
    } else {
        Err(format!("1 to {most}"))
    }
}

/// Shows what is being done.
pub(super) fn show_progress(bar: &ProgressBar, stage: &str, done: usize, of: usize) {
    bar.set_message(format!("{stage:10}"));
    bar.set_length(of as u64);
    bar.set_position(done as u64);
}

/// A bar that [`show_progress`] moves.
pub(super) fn progress_bar() -> ProgressBar {
    bar(1)
}

/// Tells what is in a model.
fn print_model(path: &Path, model: &NamedModel, output: &Output) -> anyhow::Result<ExitCode> {
    if output.is_json() {
        let description = &model.description;
        output.value(&serde_json::json!({
            "file": path,
            "items": model.ids.len(),
            "dimensions": model.model.factors.dimensions(),
            "description": description,
        }))?;
    } else {
        output.line(&feed_model(path, model, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
