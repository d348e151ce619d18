//! `sampan dict explain`

use std::process::ExitCode;

use sampan_analyzers::{Analyzer, explain};

use super::{FolderArguments, check_region};
use crate::terminal::{Output, explained};

/// Tell all that the dictionaries say of a term, with file and line, and how a query of it is understood.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan dict explain 尿袋
  sampan dict explain 公仔面 --region hk
  sampan dict explain 雪糕 --dictionaries ./dictionaries    (after an edit)")]
pub struct ExplainArguments {
    /// The term, in any script.
    term: String,
    /// Only this region's understanding. Default: every region's.
    #[arg(long)]
    region: Option<String>,
    #[command(flatten)]
    folder: FolderArguments,
}

pub fn run(arguments: ExplainArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let files = arguments.folder.load()?;
    check_region(&files, arguments.region.as_deref())?;
    let analyzer = Analyzer::build(&files)?;
    let region = arguments.region.as_deref();
    let explanation = explain::explain(&files, &analyzer, &arguments.term, region);
    if output.is_json() {
        output.value(&serde_json::to_value(&explanation)?)?;
    } else {
        output.line(&explained::explained(&explanation, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
