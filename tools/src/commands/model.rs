//! `sampan model`: the sentence encoder that the node uses.

mod fetch;
mod show;

use std::process::ExitCode;

pub use fetch::fetch_unless_there;

use crate::terminal::Output;

/// Get and look at the sentence encoder.
///
/// With it a node finds items that share no word with the query. Without it, it searches by words and behaviour only.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan model fetch
  sampan model show")]
pub struct ModelArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Fetch(fetch::FetchArguments),
    Show(show::ShowArguments),
}

pub fn run(arguments: ModelArguments, output: &Output) -> anyhow::Result<ExitCode> {
    match arguments.what {
        What::Fetch(arguments) => fetch::run(arguments, output),
        What::Show(arguments) => show::run(arguments, output),
    }
}
