//! `sampan dict import`

use std::{
    path::{Component, Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, ensure};
use sampan_analyzers::merge::{Known, Merge, merge};

use super::{load, sources};
use crate::{
    dictionary::write,
    terminal::{Output, findings},
};

/// Exit code when a row is refused.
const REFUSED: u8 = 1;

/// Merge the rows of a TSV into a table, all of them or none.
///
/// Checks the whole dictionary with the rows in it. Tells what would be done; --write does it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit code: 0 all rows can be taken (and were, with --write), 1 a row is refused and nothing was written, 2 could not run.

Examples:
  sampan dict import new-rows.tsv --into common/concepts/food.tsv --dictionaries ./dictionaries
  sampan dict import new-rows.tsv --into common/concepts/food.tsv --dictionaries ./dictionaries --write")]
pub struct ImportArguments {
    /// Rows, under a header with the table's column names in any order.
    file: PathBuf,
    /// Table that they go into, relative to the dictionaries.
    #[arg(long, value_name = "TABLE")]
    into: String,
    /// Folder with dictionaries.
    #[arg(long, value_name = "DIR")]
    dictionaries: PathBuf,
    /// Write the table, if nothing is refused.
    #[arg(long)]
    write: bool,
    /// Replace rows that are there with the same id and other content, instead of refusing.
    #[arg(long)]
    replace: bool,
}

pub fn run(arguments: ImportArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let folder = arguments.dictionaries.as_path();
    let files = load(Some(folder))?;
    check_target(&arguments.into)?;
    let name = arguments.file.display().to_string();
    let rows = std::fs::read_to_string(&arguments.file).with_context(|| name.clone())?;
    let known = if arguments.replace {
        Known::Replace
    } else {
        Known::Refuse
    };
    let sources = sources(Some(folder))?;
    let merged = merge((&files, &sources), &arguments.into, (&name, &rows), known);
    let accepted = merged.refused.is_empty();
    let writes = accepted && arguments.write;
    if writes {
        let path = folder.join(&arguments.into);
        write::replace(&path, files.get(&arguments.into), &merged.text)?;
    }
    if output.is_json() {
        output.value(&serde_json::json!({
            "table": arguments.into,
            "added": merged.added,
            "replaced": merged.replaced,
            "unchanged": merged.unchanged,
            "refused": merged.refused,
            "written": writes,
        }))?;
    } else {
        output.line(&report(&merged, &arguments, writes, output))?;
    }
    Ok(if accepted {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(REFUSED)
    })
}

/// A table inside the folder, and nowhere else.
fn check_target(table: &str) -> anyhow::Result<()> {
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    ensure!(
        table.ends_with(".tsv") && Path::new(table).components().all(is_plain),
        "--into: \"{table}\" is no table of the dictionaries; want a path like common/concepts/food.tsv"
    );
    Ok(())
}

fn report(merged: &Merge, arguments: &ImportArguments, written: bool, output: &Output) -> String {
    let sum = format!(
        "{}: {} rows added, {} replaced, {} there already, {} findings",
        arguments.into,
        merged.added,
        merged.replaced,
        merged.unchanged,
        merged.refused.len()
    );
    let then = match (merged.refused.is_empty(), written) {
        (false, _) => "nothing was written",
        (true, true) => "written",
        (true, false) => "nothing was written; --write does it",
    };
    if merged.refused.is_empty() {
        return format!("{sum}; {then}");
    }
    let refused = findings::rows(&merged.refused, output);
    format!("{refused}\n\n{sum}; {then}")
}
