//! The command line: one file a command, each of which only reads its arguments, calls, and prints.

mod admin;
mod analyze;
mod choices;
mod completions;
mod convert;
mod demo;
mod dict;
mod eval;
mod events;
mod expansions;
mod feed;
mod generate;
mod get;
mod import;
mod judge;
mod judged;
mod lines;
mod load;
mod model;
mod pools;
mod rank;
mod search;
mod serve;
mod shopper;
mod similar;
mod simulate;
mod status;
mod suggest;

use std::process::ExitCode;

use crate::terminal::{Output, output::Form};

/// Sampan 舢舨: search and recommendation for people who shop in Traditional Chinese.
#[derive(Debug, clap::Parser)]
#[command(name = "sampan", version, arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  sampan demo
  sampan serve --data ./data
  sampan import products.jsonl --map products.map.toml
  sampan search 雪櫃 --region hk

`sampan COMMAND --help` has examples for each command.")]
pub struct CommandLine {
    /// Print JSON instead of tables; fields are named as in proto/sampan/v1.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Demo(demo::DemoArguments),
    Serve(serve::ServeArguments),
    Import(import::ImportArguments),
    Search(search::SearchArguments),
    Suggest(suggest::SuggestArguments),
    Feed(feed::FeedArguments),
    Similar(similar::SimilarArguments),
    Get(get::GetArguments),
    Events(events::EventsArguments),
    Status(status::StatusArguments),
    Pools(pools::PoolsArguments),
    Admin(admin::AdminArguments),
    Analyze(analyze::AnalyzeArguments),
    Convert(convert::ConvertArguments),
    Dict(dict::DictArguments),
    Eval(eval::EvalArguments),
    Judge(judge::JudgeArguments),
    Expansions(expansions::ExpansionsArguments),
    Generate(generate::GenerateArguments),
    Load(load::LoadArguments),
    Model(model::ModelArguments),
    Rank(rank::RankArguments),
    Simulate(Box<simulate::SimulateArguments>),
    Completions(completions::CompletionsArguments),
}

/// Which node to call.
#[derive(Debug, clap::Args)]
struct NodeArguments {
    /// Address of the node.
    #[arg(
        long,
        env = "SAMPAN_ADDRESS",
        default_value = "http://127.0.0.1:50051",
        value_name = "URL"
    )]
    address: String,
}

/// Runs a command and tells the exit code of the process.
///
/// # Errors
/// The command could not run; the message says why and what to do.
pub async fn run(command_line: CommandLine) -> anyhow::Result<ExitCode> {
    let form = if command_line.json {
        Form::Json
    } else {
        Form::Tables
    };
    let output = Output::standard(form);
    match command_line.command {
        Command::Demo(arguments) => demo::run(arguments, &output).await,
        Command::Serve(arguments) => serve::run(arguments, &output).await,
        Command::Import(arguments) => import::run(arguments, &output).await,
        Command::Search(arguments) => search::run(arguments, &output).await,
        Command::Suggest(arguments) => suggest::run(arguments, &output).await,
        Command::Feed(arguments) => feed::run(arguments, &output).await,
        Command::Similar(arguments) => similar::run(arguments, &output).await,
        Command::Get(arguments) => get::run(arguments, &output).await,
        Command::Events(arguments) => events::run(arguments, &output).await,
        Command::Status(arguments) => status::run(arguments, &output).await,
        Command::Pools(arguments) => pools::run(arguments, &output).await,
        Command::Admin(arguments) => admin::run(arguments, &output).await,
        Command::Analyze(arguments) => analyze::run(arguments, &output),
        Command::Convert(arguments) => convert::run(arguments, &output),
        Command::Dict(arguments) => tokio::task::block_in_place(|| dict::run(arguments, &output)),
        Command::Expansions(arguments) => {
            tokio::task::block_in_place(|| expansions::run(arguments, &output))
        }
        Command::Eval(arguments) => tokio::task::block_in_place(|| eval::run(arguments, &output)),
        Command::Judge(arguments) => tokio::task::block_in_place(|| judge::run(arguments, &output)),
        Command::Generate(arguments) => {
            tokio::task::block_in_place(|| generate::run(arguments, &output))
        }
        Command::Model(arguments) => tokio::task::block_in_place(|| model::run(arguments, &output)),
        Command::Rank(arguments) => tokio::task::block_in_place(|| rank::run(arguments, &output)),
        Command::Simulate(arguments) => {
            tokio::task::block_in_place(|| simulate::run(&arguments, &output))
        }
        Command::Load(arguments) => load::run(arguments, &output).await,
        Command::Completions(arguments) => completions::run(arguments, &output),
    }
}
