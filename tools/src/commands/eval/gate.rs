//! `sampan eval gate`

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context as _;

use crate::{
    evaluate::gate::{
        baseline::{Baseline, Checked, Verdict},
        figures,
    },
    terminal::{
        Output,
        table::{Align, table},
    },
};

/// Fail when a figure of the recorded sets falls below its interval.
///
/// Measured are the written sets of regional words, look-alikes, spoken queries and written texts, and items of the demo
/// catalogue: found by the beginning of their titles in the other script, and alike in every script.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit code 1 when a figure is worse, or is of other queries than were written down.

Examples:
  sampan eval gate tests/data/gate.json
  sampan eval gate tests/data/gate.json --dictionaries dictionaries
  sampan eval gate tests/data/gate.json --write    # after a change that is meant; commit the file with it")]
pub struct GateArguments {
    /// The figures that were written down.
    #[arg(value_name = "BASELINE.json")]
    baseline: PathBuf,
    /// Write today's figures down, and hold them against nothing.
    #[arg(long)]
    write: bool,
    /// Folder of the written sets.
    #[arg(long, value_name = "FOLDER", default_value = "tests/data/language")]
    sets: PathBuf,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
}

pub fn run(arguments: &GateArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let place = || arguments.baseline.display().to_string();
    let recorded = match arguments.write {
        true => None,
        false => {
            let text = fs::read_to_string(&arguments.baseline).with_context(place)?;
            Some(serde_json::from_str::<Baseline>(&text).with_context(place)?)
        }
    };
    let dictionaries = arguments.dictionaries.as_deref();
    let analyzer = super::analyzer(dictionaries)?;
    let figures = figures::measure(&arguments.sets, dictionaries, &analyzer)?;
    let today = Baseline::of(&figures);
    if arguments.write {
        let text = serde_json::to_string_pretty(&today)? + "\n";
        fs::write(&arguments.baseline, text).with_context(place)?;
    }
    let checked = recorded.unwrap_or(today).check(&figures);
    let fails = checked.iter().any(|figure| figure.verdict.is_failure());
    if output.is_json() {
        output.value(&serde_json::json!({ "passes": !fails, "figures": checked }))?;
    } else {
        output.line(&text(&checked, output))?;
    }
    Ok(match fails {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

fn text(checked: &[Checked], output: &Output) -> String {
    const COLUMNS: [(&str, Align); 6] = [
        ("", Align::Left),
        ("queries", Align::Right),
        ("written down", Align::Right),
        ("95 %", Align::Right),
        ("now", Align::Right),
        ("", Align::Left),
    ];
    let row = |checked: &Checked| {
        let recorded = &checked.recorded;
        let verdict = match checked.verdict {
            Verdict::Within => "",
            Verdict::Better => "better: write it down (--write)",
            Verdict::Worse => "WORSE",
            Verdict::OtherQueries => "OTHER QUERIES than were written down",
        };
        vec![
            recorded.name.clone(),
            recorded.queries.to_string(),
            format!("{:.4}", recorded.mean),
            format!("{:.4} … {:.4}", recorded.low, recorded.high),
            checked
                .now
                .map_or("–".to_owned(), |now| format!("{now:.4}")),
            verdict.to_owned(),
        ]
    };
    table(&COLUMNS, checked.iter().map(row).collect(), output)
}
