//! `sampan completions`

use std::process::ExitCode;

use clap::CommandFactory as _;

use super::CommandLine;
use crate::terminal::Output;

/// Print the completion script of a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan completions bash > ~/.local/share/bash-completion/completions/sampan
  sampan completions zsh > ~/.zfunc/_sampan
  sampan completions fish > ~/.config/fish/completions/sampan.fish")]
pub struct CompletionsArguments {
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub fn run(arguments: CompletionsArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut CommandLine::command(),
        "sampan",
        &mut script,
    );
    output.line(String::from_utf8_lossy(&script).trim_end())?;
    Ok(ExitCode::SUCCESS)
}
