//! The `sampan` command.

use std::{io, process::ExitCode};

use clap::Parser as _;
use sampan_tools::commands::{self, CommandLine};

fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failure(&error.into()),
    };
    match runtime.block_on(commands::run(command_line)) {
        Ok(code) => code,
        Err(error) => failure(&error),
    }
}

/// Prints what went wrong; 2 is the exit code of a command that could not run.
fn failure(error: &anyhow::Error) -> ExitCode {
    // `sampan search … | head` closes our output early, which is no failure.
    if let Some(io) = error.downcast_ref::<io::Error>()
        && io.kind() == io::ErrorKind::BrokenPipe
    {
        return ExitCode::SUCCESS;
    }
    eprintln!("error: {error:#}");
    ExitCode::from(2)
}
