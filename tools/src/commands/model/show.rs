//! `sampan model show`

use std::process::ExitCode;

use anyhow::Context as _;
use sampan_engine::encode::Encoder;

use crate::{
    model::place::ModelPlace,
    terminal::{Output, encoder::encoder_table},
};

/// Tell what is in the sentence encoder's file, and check all of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan model show
  sampan --json model show --model /var/lib/sampan/use.encoder | jq .encoder.version")]
pub struct ShowArguments {
    #[command(flatten)]
    place: ModelPlace,
}

pub fn run(arguments: ShowArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let path = arguments.place.path();
    let path = path.context("no place for the file: give one with --model")?;
    let encoder = Encoder::open(&path).context("`sampan model fetch` gets the file")?;
    let summary = encoder.summary();
    if output.is_json() {
        output.value(&serde_json::json!({ "file": path, "encoder": summary }))?;
    } else {
        output.line(&encoder_table(&path, &summary, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
