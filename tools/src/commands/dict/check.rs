//! `sampan dict check`

use std::process::ExitCode;

use super::{FolderArguments, sources};
use crate::{
    dictionary::check,
    terminal::{Output, findings},
};

/// Exit code when there are errors.
const FAULTY: u8 = 1;

/// Tell everything that is wrong with the dictionaries.
///
/// Looks for columns and cells that cannot be read, duplicates, conflicts (one term in two concepts), kinds that are
/// kinds of themselves, unknown characters and wrong scripts, unlicensed sources and ids without rows.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit code: 0 no errors (there may be warnings), 1 errors, 2 could not run.

Examples:
  sampan dict check --dictionaries ./dictionaries
  sampan --json dict check | jq '.findings[] | select(.check == \"conflict\")'")]
pub struct CheckArguments {
    #[command(flatten)]
    folder: FolderArguments,
}

pub fn run(arguments: CheckArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let files = arguments.folder.load()?;
    let sources = sources(arguments.folder.dictionaries.as_deref())?;
    let found = check::check(&files, &sources);
    if output.is_json() {
        output.value(&serde_json::json!({
            "files": files.0.len(),
            "errors": check::errors(&found),
            "findings": found,
        }))?;
    } else {
        output.line(&findings::findings_table(&found, files.0.len(), output))?;
    }
    Ok(if check::errors(&found) > 0 {
        ExitCode::from(FAULTY)
    } else {
        ExitCode::SUCCESS
    })
}
