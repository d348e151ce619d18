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
    eprintln!("error: {}", message(error));
    ExitCode::from(2)
}

/// An error and its causes, those left out that the one before has told already.
fn message(error: &anyhow::Error) -> String {
    let mut message = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !message.ends_with(&cause) {
            message.push_str(": ");
            message.push_str(&cause);
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    #[test]
    fn a_cause_is_told_once() {
        let missing = std::fs::read("/nowhere/at/all").unwrap_err();
        let told = missing.to_string();
        let repeats = anyhow::Error::new(missing).context(format!("file: {told}"));
        assert_eq!(super::message(&repeats), format!("file: {told}"));
        let apart: anyhow::Result<()> = Err(anyhow::anyhow!("inner")).context("outer");
        assert_eq!(super::message(&apart.unwrap_err()), "outer: inner");
    }
}
