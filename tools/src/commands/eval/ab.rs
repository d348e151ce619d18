//! `sampan eval ab`

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context as _;

use super::write_file;
use crate::{
    evaluate::online::{
        events,
        experiment::{self, Setup},
        random_splits, simulated_events, totals,
    },
    report::{built, files::ReportFiles},
    terminal::{Output, experiment as experiment_text},
};

/// What an A/B test shows: users as units, the time before taken out, intervals that hold however often one looks.
///
/// docs/evaluation.md defines every figure: what is counted, once, and within which time.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
EVENTS is JSON Lines: user_id, kind (impression, click, detail, cart, order, pay), time, item_id; and arm and
experiment (or exposures, as events of sampan.v1 have them), request_id, ship_to where they are. Events before --start make the comparison sharper and part light from heavy users.

Exit code 1 when the verdict is withheld: the arms do not hold the users that they should.

Examples:
  sampan eval ab events.jsonl --experiment boost-2 --start 2026-01-15T00:00:00Z --home hk,mo
  sampan eval ab events.jsonl --control old --shares old=0.9,new=0.1 --planned-users 200000
  sampan eval ab events.jsonl --start 2026-01-15T00:00:00Z --aa 1000      # deal the same users at random: how often do arms differ
  sampan eval ab example.jsonl --simulate 6000 --lift 0.2                 # write such a file first")]
pub struct AbArguments {
    /// The events.
    #[arg(value_name = "EVENTS.jsonl")]
    events: PathBuf,
    /// Only events of this experiment, and of none.
    #[arg(long, value_name = "NAME")]
    experiment: Option<String>,
    /// The arm that the others are compared with.
    #[arg(long, value_name = "ARM", default_value = simulated_events::ARMS[0])]
    control: String,
    /// When it began: RFC 3339, or seconds since 1970. Default: with the first event.
    #[arg(long, value_name = "TIME")]
    start: Option<String>,
    /// Shares of users that the arms should have. Default: the same for each.
    #[arg(long, value_delimiter = ',', value_name = "ARM=SHARE")]
    shares: Vec<String>,
    /// Regions that are home, to tell home from overseas addresses.
    #[arg(long, value_delimiter = ',', value_name = "REGIONS")]
    home: Vec<String>,
    /// Users for which the intervals for any number of looks are to be narrowest. Default: those that there are.
    #[arg(long, value_name = "USERS", value_parser = clap::value_parser!(u64).range(1..))]
    planned_users: Option<u64>,
    /// Deal all users to two arms at random so many times, and tell how often the arms differ.
    #[arg(long, value_name = "SPLITS", value_parser = clap::value_parser!(u64).range(1..))]
    aa: Option<u64>,
    /// First write EVENTS, which must not exist: a simulated experiment of so many users.
    #[arg(long, value_name = "USERS")]
    simulate: Option<u32>,
    /// By how much of itself the simulated treatment's chance of an order is higher.
    #[arg(
        long,
        default_value_t = 0.0,
        requires = "simulate",
        allow_negative_numbers = true
    )]
    lift: f64,
    /// Write the figures as JSON.
    #[arg(long, value_name = "OUT.json")]
    report: Option<PathBuf>,
    #[command(flatten)]
    files: ReportFiles,
}

pub fn run(arguments: &AbArguments, output: &Output) -> anyhow::Result<ExitCode> {
    arguments.simulate()?;
    let start = arguments.start()?;
    let read = events::read(&arguments.events, arguments.experiment.as_deref())?;
    let users = totals::by_user(&read, start);
    if let Some(splits) = arguments.aa {
        let results = random_splits::measure(&users.users, splits);
        let json = serde_json::to_value(&results)?;
        write_file(arguments.report.as_ref(), || json.to_string())?;
        match output.is_json() {
            true => output.value(&json)?,
            false => output.line(&experiment_text::splits(
                &results,
                users.users.len(),
                output,
            ))?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let setup = Setup {
        control: arguments.control.clone(),
        shares: arguments
            .shares
            .iter()
            .map(|text| share(text))
            .collect::<Result<_, _>>()?,
        home: arguments.home.clone(),
        planned_users: arguments.planned_users.map(|users| users as usize),
    };
    let report = experiment::report(&users, &setup)?;
    let json = serde_json::to_value(&report)?;
    write_file(arguments.report.as_ref(), || json.to_string())?;
    let document = built::experiment::document(&report, &setup.control);
    arguments.files.write(&document)?;
    match output.is_json() {
        true => output.value(&json)?,
        false => output.line(&experiment_text::text(&report, &setup.control, output))?,
    }
    Ok(match report.withheld {
        Some(_) => ExitCode::FAILURE,
        None => ExitCode::SUCCESS,
    })
}

impl AbArguments {
    fn start(&self) -> anyhow::Result<Option<i64>> {
        let parse = |text: &String| {
            let number = text.parse::<i64>().map(serde_json::Value::from);
            events::time(&number.unwrap_or_else(|_| text.as_str().into()))
        };
        let start = self.start.as_ref().map(parse).transpose();
        let given = start.map_err(|reason| anyhow::anyhow!("--start: {reason}"))?;
        Ok(given.or(self.simulate.map(|_| simulated_events::START)))
    }

    fn simulate(&self) -> anyhow::Result<()> {
        const SEED: u64 = 1;
        let Some(users) = self.simulate else {
            return Ok(());
        };
        let place = || self.events.display().to_string();
        anyhow::ensure!(
            !self.events.exists(),
            "{}: exists; --simulate writes a new file",
            place()
        );
        anyhow::ensure!(
            self.lift >= -1.0 && self.lift <= 1.0,
            "--lift: want -1 to 1"
        );
        let events = simulated_events::events(users, self.lift, SEED);
        fs::write(&self.events, simulated_events::lines(&events)).with_context(place)
    }
}

fn share(text: &str) -> anyhow::Result<(String, f64)> {
    let read = || {
        let (arm, share) = text.split_once('=')?;
        Some((arm.trim().to_owned(), share.trim().parse().ok()?))
    };
    read().with_context(|| format!("--shares {text}: want ARM=SHARE"))
}
