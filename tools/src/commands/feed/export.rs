//! `sampan feed export`

use std::{path::PathBuf, process::ExitCode};

use sampan_engine::recommend::file::NamedModel;

use crate::{feed_features::write::write, terminal::Output};

/// Write a model's features as Parquet, for other programs to read or to replace.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The folder gets items.parquet, neighbours.parquet and model.json; docs/feed.md describes the columns.

Examples:
  sampan feed export shop.feed --out features/")]
pub struct ExportArguments {
    /// The model.
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Folder for the files; made when it is not there.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub fn run(arguments: &ExportArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let model = NamedModel::read(&arguments.model)?;
    write(&arguments.out, &model)?;
    super::print_model(&arguments.out, &model, output)
}
