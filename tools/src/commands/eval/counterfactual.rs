//! `sampan eval counterfactual`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::ValueEnum;

use super::write_file;
use crate::{
    commands::choices,
    evaluate::counterfactual::{
        join::join, open_bandit, policy::TargetPolicy, report::CounterfactualReport, row::Row,
        shown_events,
    },
    event_file,
    terminal::{Output, counterfactual},
};

/// How a log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// CSV as in the Open Bandit Dataset: item_id, position, click, propensity_score; user_id and request_id if there
    OpenBandit,
    /// JSON Lines of events: impressions with request_id, position and propensity, and what followed them
    Events,
}

/// What another ranking would have earned, from a log of impressions with propensities.
///
/// The plan is a table of probabilities. The estimators of an impression (IPS, SNIPS, clipped IPS, direct, doubly robust)
/// tell what one impression earns under it; those of a list (item-position, cascade, whole list, pseudo-inverse) what a
/// list does. Each comes with a 95 % interval over users, or with the reason why the log cannot support it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The plan has the columns item_id and probability; every other column is a key that the log has too:
  user_feature_0,item_id,probability      a plan that knows one feature
  position,item_id,probability            another ranking at each place
  request_id,position,item_id,probability a plan replayed list by list, with probabilities of 1

Exit code 1 when every estimator refuses. docs/evaluation.md says what each assumes and when it refuses.

Examples:
  sampan eval counterfactual log.csv --target-policy plan.csv --context user_feature_0
  sampan eval counterfactual events.jsonl --target-policy plan.csv --context region --reward order
  sampan eval coverage --write example    # makes such a log and plan")]
pub struct CounterfactualArguments {
    /// The log: .csv (Open Bandit's format) or .jsonl (events).
    #[arg(value_name = "LOG")]
    log: PathBuf,
    /// The plan's probabilities.
    #[arg(long, value_name = "PLAN.csv")]
    target_policy: PathBuf,
    /// Columns that tell shoppers apart, for the model of rewards; comma-separated.
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    context: Vec<String>,
    /// What is earned: a column of numbers of a CSV file; click, detail, cart or order of events.
    #[arg(long, default_value = open_bandit::CLICK, value_name = "NAME")]
    reward: String,
    /// How the log is written. Default: by the ending of its name.
    #[arg(long, value_enum)]
    format: Option<LogFormat>,
    /// Write the figures as JSON.
    #[arg(long, value_name = "OUT.json")]
    report: Option<PathBuf>,
}

pub fn run(arguments: &CounterfactualArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let policy = TargetPolicy::read(&arguments.target_policy)?;
    let fields = [&policy.keys[..], &arguments.context[..]].concat();
    let rows = arguments.rows(&fields)?;
    let report = CounterfactualReport::of(&join(&rows, &policy)?);
    let json = serde_json::to_value(&report)?;
    write_file(arguments.report.as_ref(), || json.to_string())?;
    if output.is_json() {
        output.value(&json)?;
    } else {
        output.line(&counterfactual::text(&report, output))?;
    }
    Ok(match report.is_refused() {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

impl CounterfactualArguments {
    fn rows(&self, fields: &[String]) -> anyhow::Result<Vec<Row>> {
        let format = self.format.or_else(|| by_ending(&self.log));
        match format.with_context(|| format!("{}: want --format", self.log.display()))? {
            LogFormat::OpenBandit => Ok(open_bandit::read(&self.log, &self.reward, fields)?),
            LogFormat::Events => {
                let events = event_file::read(&self.log)?;
                let kind = choices::reward(&self.reward)?;
                Ok(shown_events::rows(&self.log, &events, kind, fields)?)
            }
        }
    }
}

fn by_ending(path: &Path) -> Option<LogFormat> {
    match path.extension()?.to_str()? {
        "csv" => Some(LogFormat::OpenBandit),
        "jsonl" => Some(LogFormat::Events),
        _ => None,
    }
}
