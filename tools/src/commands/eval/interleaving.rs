//! `sampan eval interleaving`

use std::{path::PathBuf, process::ExitCode};

use clap::ValueEnum;

use crate::{
    evaluate::online::{
        events::{self, Kind},
        interleaving,
    },
    terminal::{Output, interleaved},
};

/// What a team is credited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Credit {
    Click,
    Detail,
    Cart,
    Order,
}

/// Which of two interleaved rankings users prefer.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
EVENTS is JSON Lines as for `sampan eval ab`; impressions have the `team` that put the hit on the list, and clicks and
orders the impression's request_id and item_id.

Examples:
  sampan eval interleaving events.jsonl
  sampan eval interleaving events.jsonl --credit order")]
pub struct InterleavingArguments {
    /// The events.
    #[arg(value_name = "EVENTS.jsonl")]
    events: PathBuf,
    /// Only events of this experiment, and of none.
    #[arg(long, value_name = "NAME")]
    experiment: Option<String>,
    /// What a team is credited for.
    #[arg(long, value_enum, default_value_t = Credit::Click)]
    credit: Credit,
}

pub fn run(arguments: &InterleavingArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let read = events::read(&arguments.events, arguments.experiment.as_deref())?;
    let credit = match arguments.credit {
        Credit::Click => Kind::Click,
        Credit::Detail => Kind::Detail,
        Credit::Cart => Kind::Cart,
        Credit::Order => Kind::Order,
    };
    let counted = interleaving::count(&read, credit)?;
    match output.is_json() {
        true => output.value(&serde_json::to_value(&counted)?)?,
        false => output.line(&interleaved::text(&counted, output))?,
    }
    Ok(ExitCode::SUCCESS)
}
