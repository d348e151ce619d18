//! `sampan feed import`

use std::{path::PathBuf, process::ExitCode};

use crate::{feed_features::read::read, terminal::Output};

/// Make a model of features in Parquet, from `sampan feed export` or from a job at larger scale.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The folder has items.parquet, neighbours.parquet and model.json; docs/feed.md describes the columns.

Examples:
  sampan feed import features/ --out shop.feed")]
pub struct ImportArguments {
    /// Folder with the files.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Where the model goes.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(arguments: &ImportArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let model = read(&arguments.folder)?;
    model.write(&arguments.out)?;
    super::print_model(&arguments.out, &model, output)
}
