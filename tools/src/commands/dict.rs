//! `sampan dict`: the work bench of whoever keeps the dictionaries.

mod check;
mod diff;
mod explain;
mod import;
mod mine;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use sampan_analyzers::DictionaryFiles;
use sampan_engine::config::DictionarySource;

use crate::terminal::Output;

/// Check, explain and change the dictionaries.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan dict check --dictionaries ./dictionaries
  sampan dict explain 尿袋
  sampan dict explain 尿袋 --region hk --dictionaries ./dictionaries
  sampan dict diff ./dictionaries-before ./dictionaries --queries queries.txt
  sampan dict import new-rows.tsv --into common/concepts/food.tsv --dictionaries ./dictionaries
  sampan dict mine --titles products.jsonl --map products.map.toml --queries log.txt --region hk")]
pub struct DictArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Check(check::CheckArguments),
    Explain(explain::ExplainArguments),
    Diff(diff::DiffArguments),
    Import(import::ImportArguments),
    Mine(mine::MineArguments),
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

/// Queries of a file: one a line, of `id<TAB>text` the text.
pub(super) fn queries(path: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let of_line = |line: &str| line.rsplit('\t').next().unwrap_or(line).trim().to_owned();
    Ok(text
        .lines()
        .map(of_line)
        .filter(|query| !query.is_empty())
        .collect())
}

/// A progress bar on standard error; indicatif hides it when that is no terminal.
pub(super) fn bar(total: usize) -> ProgressBar {
    let template = "{msg} {bar:30} {percent:>3}%  {eta} left";
    // The template is constant; were it wrong, the default bar would do.
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total as u64).with_style(style)
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
        What::Diff(arguments) => diff::run(arguments, output),
        What::Import(arguments) => import::run(arguments, output),
        What::Mine(arguments) => mine::run(arguments, output),
    }
}
