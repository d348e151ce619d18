//! `sampan convert`

use std::process::ExitCode;

use sampan_analyzers::{Analyzer, Conversion, DictionaryFiles};

use super::lines;
use crate::terminal::Output;

/// Convert lines from standard input with an OpenCC configuration.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  echo 冰箱里的发面 | sampan convert --config s2hk
  sampan convert --config t2s < titles.txt > simplified.txt")]
pub struct ConvertArguments {
    /// OpenCC configuration: s2t, t2s, s2hk, hk2s, s2tw, tw2s, s2twp, tw2sp, t2hk, t2tw ...
    #[arg(long, value_name = "CONFIG")]
    config: String,
}

pub fn run(arguments: ConvertArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let conversion: Conversion = arguments.config.parse()?;
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    lines::each(|line| {
        let converted = analyzer.convert(line, conversion)?;
        if output.is_json() {
            return Ok(serde_json::json!({ "text": line, "converted": converted }).to_string());
        }
        Ok(converted)
    })?;
    Ok(ExitCode::SUCCESS)
}
