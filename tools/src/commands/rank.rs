//! `sampan rank`

mod train_data;

use std::process::ExitCode;

use crate::terminal::Output;

/// Prepare the training of a ranking model.
#[derive(Debug, clap::Args)]
pub struct RankArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    TrainData(train_data::TrainDataArguments),
}

pub fn run(arguments: RankArguments, output: &Output) -> anyhow::Result<ExitCode> {
    match arguments.what {
        What::TrainData(arguments) => train_data::run(&arguments, output),
    }
}
