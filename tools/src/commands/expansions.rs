//! `sampan expansions`: near words, by which a query that finds little finds more.

mod mine;

use std::process::ExitCode;

use crate::terminal::Output;

/// Find words that stand near words in meaning, for a person to review.
///
/// A node with a sentence encoder mines its own in the background; `sampan admin get expansions common` prints them. A
/// table that was put takes their place at once, without another index:
///
///   1. mine, here or in the node      sampan expansions mine … --out near.tsv
///   2. delete and reweigh lines       $EDITOR near.tsv
///   3. check, then put in force       sampan admin put expansions common near.tsv --dry-run
///   4. see what it does               sampan search 克力架 --region hk --explain
///   5. take it back                   sampan admin put expansions common --drop
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan expansions mine --catalog products.jsonl --map products.map.toml --out near.tsv
  sampan admin get expansions common > near.tsv
  sampan admin put expansions common near.tsv --dry-run
  sampan status                                   # how often the rule vector.neighbour acts")]
pub struct ExpansionsArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Mine(mine::MineArguments),
}

pub fn run(arguments: ExpansionsArguments, output: &Output) -> anyhow::Result<ExitCode> {
    match arguments.what {
        What::Mine(arguments) => mine::run(&arguments, output),
    }
}
