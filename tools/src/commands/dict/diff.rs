//! `sampan dict diff`

use std::{path::PathBuf, process::ExitCode};

use sampan_analyzers::{
    Analyzer,
    compare::{compare, effects, touched_terms},
};

use super::{bar, check_region, load, queries};
use crate::terminal::{Output, differences};

/// Tell which rows differ between two sets of dictionaries, and which queries are understood differently for it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With one folder, those built into this binary are the old ones. Without --queries, the words of the rows that differ are
looked at.

Examples:
  sampan dict diff ./dictionaries
  sampan dict diff ./dictionaries-before ./dictionaries --queries query_log.txt --region hk")]
pub struct DiffArguments {
    /// Folder with the old dictionaries; the new ones when there is no other.
    #[arg(value_name = "OLD")]
    first: PathBuf,
    /// Folder with the new dictionaries.
    #[arg(value_name = "NEW")]
    second: Option<PathBuf>,
    /// Queries whose understanding is compared: one a line, or id<TAB>text.
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
    /// Only this region's understanding. Default: every region's.
    #[arg(long)]
    region: Option<String>,
}

pub fn run(arguments: DiffArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let (old, new) = match &arguments.second {
        Some(second) => (load(Some(&arguments.first))?, load(Some(second))?),
        None => (load(None)?, load(Some(&arguments.first))?),
    };
    check_region(&new, arguments.region.as_deref())?;
    let changes = compare(&old, &new);
    let asked = match &arguments.queries {
        Some(path) => queries(path)?,
        None => touched_terms(&changes),
    };
    let regions = match arguments.region {
        Some(region) => vec![region],
        None => new.regions(),
    };
    let (old, new) = (Analyzer::build(&old)?, Analyzer::build(&new)?);
    let bar = bar(asked.len()).with_message("queries");
    let effects = effects((&old, &new), &regions, &asked, &mut |done| {
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    if output.is_json() {
        output.value(&serde_json::json!({
            "rows": changes,
            "queries": asked.len(),
            "effects": effects,
        }))?;
    } else {
        output.line(&differences::differences(
            &changes,
            asked.len(),
            &effects,
            output,
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
