//! `sampan dict`: the work bench of whoever keeps the dictionaries.

mod check;
mod explain;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use sampan_analyzers::DictionaryFiles;
use sampan_engine::config::DictionarySource;

use crate::terminal::Output;

/// Check, explain and change the dictionaries.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan dict check --dictionaries ./dictionaries
  sampan dict explain 尿袋
  sampan dict explain 尿袋 --region hk --dictionaries ./dictionaries")]
pub struct DictArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Check(check::CheckArguments),
    Explain(explain::ExplainArguments),
}

/// Which dictionaries.
#[derive(Debug, clap::Args)]
struct FolderArguments {
    /// Folder with dictionaries. Default: those built into this binary.
    #[arg(long, value_name = "DIR")]
    dictionaries: Option<PathBuf>,
}

impl FolderArguments {
    fn load(&self) -> anyhow::Result<DictionaryFiles> {
        load(self.dictionaries.as_deref())
    }
}

/// The files of a folder, or those built into this binary.
fn load(folder: Option<&Path>) -> anyhow::Result<DictionaryFiles> {
    let source = folder.map_or(DictionarySource::Embedded, |folder| {
        DictionarySource::Folder(folder.to_owned())
    });
    Ok(source.load()?)
}

/// The list of licensed sources beside the files.
fn sources(folder: Option<&Path>) -> anyhow::Result<String> {
    let Some(folder) = folder else {
        return Ok(DictionaryFiles::embedded_sources().to_owned());
    };
    let path = folder.join(sampan_analyzers::SOURCES);
    std::fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// Refuses a region that the files do not have.
fn check_region(files: &DictionaryFiles, region: Option<&str>) -> anyhow::Result<()> {
    let known = files.regions();
    match region {
        Some(region) if !known.iter().any(|code| code == region) => {
            let known = known.join(", ");
            anyhow::bail!("--region: \"{region}\" is not known; want one of {known}")
        }
        _ => Ok(()),
    }
}

pub fn run(arguments: DictArguments, output: &Output) -> anyhow::Result<ExitCode> {
    match arguments.what {
        What::Check(arguments) => check::run(arguments, output),
        What::Explain(arguments) => explain::run(arguments, output),
    }
}
