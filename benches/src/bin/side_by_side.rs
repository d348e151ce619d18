//! The measurements of `benches/README.md`, one a subcommand. Each prints its tables as Markdown.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use sampan_benches::{Outcome, chain, encoder, events, factors, feed, million, store, visibility};

/// Measures Sampan beside its alternatives in the same run.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// fjall and redb under the node's write pattern.
    Store(store::StoreOptions),
    /// The index chain beside jieba-rs alone, and understanding queries.
    Chain(chain::ChainOptions),
    /// The sentence encoder beside its products in f32.
    Encoder(encoder::EncoderOptions),
    /// Events through gRPC: how many a second, and how soon the feed follows.
    Events(events::EventsOptions),
    /// How long shoppers wait for the feed.
    Feed(feed::FeedOptions),
    /// Implicit ALS on synthetic events.
    Factors(factors::FactorsOptions),
    /// A node of 1,000,000 items beside plain tantivy.
    Million(million::MillionOptions),
    /// How soon changes are seen by search, under a steady rate of queries.
    Visibility(visibility::VisibilityOptions),
    /// The process that `store` kills.
    #[command(hide = true)]
    StoreWriter {
        #[arg(long)]
        contender: store::Contender,
        #[arg(long)]
        folder: PathBuf,
        #[arg(long)]
        items: usize,
        #[arg(long)]
        batch: usize,
    },
    /// The process that `million` measures a fresh start in.
    #[command(hide = true)]
    MillionReopen { data: PathBuf },
}

fn main() -> ExitCode {
    match measure(Arguments::parse().measurement) {
        Ok(tables) => {
            print!("{tables}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(measurement: Measurement) -> Outcome<String> {
    match measurement {
        Measurement::Store(options) => store::run(&options),
        Measurement::Chain(options) => chain::run(&options),
        Measurement::Encoder(options) => encoder::run(&options),
        Measurement::Events(options) => events::run(&options),
        Measurement::Feed(options) => feed::run(&options),
        Measurement::Factors(options) => factors::run(&options),
        Measurement::Million(options) => million::run(&options),
        Measurement::Visibility(options) => visibility::run(&options),
        Measurement::StoreWriter {
            contender,
            folder,
            items,
            batch,
        } => store::write_until_killed(contender, &folder, items, batch).map(|()| String::new()),
        Measurement::MillionReopen { data } => million::reopen(&data).map(|()| String::new()),
    }
}
