//! `sampan feed train`

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use sampan_engine::{
    base::clock,
    behaviour::VISIT_PAUSE_SECONDS,
    recommend::{
        Gatherer,
        factors::FactorOptions,
        file::NamedModel,
        training::{TrainingOptions, train},
    },
};

use super::{dimensions, progress_bar, show_progress};
use crate::{
    evaluate::feed::report::stage_name, event_file, interactions::attributes, terminal::Output,
};

/// Learn a model from a file of events: neighbours and a vector of each item, who buys what again, and weights.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file has one event a line, as for `sampan events`. Clicks, details, carts and orders count, each by its strength;
events of a user no more than half an hour apart are one visit. The weights of the sources are learnt from each shopper's
last visit, with a model of the visits before it.

Examples:
  sampan feed train --events events.jsonl --out shop.feed
  sampan feed train --events events.jsonl --attributes attributes.json --dimensions 64 --out shop.feed")]
pub struct TrainArguments {
    /// JSONL file, one event a line.
    #[arg(long, value_name = "FILE.jsonl")]
    events: PathBuf,
    /// What items are: a JSON object from item id to a list of attributes. Items with few events are placed by them.
    #[arg(long, value_name = "FILE.json")]
    attributes: Option<PathBuf>,
    /// Numbers a vector, 1 to 1,024.
    #[arg(long, default_value_t = FactorOptions::default().dimensions, value_parser = dimensions)]
    dimensions: usize,
    /// Items that a shopper took are not shown again.
    #[arg(long)]
    no_repeats: bool,
    /// Where the model goes.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(arguments: &TrainArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let mut gatherer = Gatherer::new(VISIT_PAUSE_SECONDS);
    for event in &event_file::read(&arguments.events)? {
        gatherer.add_event(event);
    }
    let log = gatherer.finish();
    if log.items.is_empty() {
        let path = arguments.events.display();
        anyhow::bail!("{path}: no click, detail, cart or order to learn from");
    }
    let features = arguments.attributes.as_deref();
    let features = features
        .map(|path| attributes::read(path, &log))
        .transpose()?;
    let mut options = TrainingOptions {
        repeats: !arguments.no_repeats,
        timed: log.timed,
        ..TrainingOptions::default()
    };
    options.factors.dimensions = arguments.dimensions;
    let bar = progress_bar();
    let model = train(
        &log.histories,
        log.items.len(),
        features.as_ref(),
        &options,
        &mut |stage, done, of| show_progress(&bar, stage_name(stage), done, of),
    );
    bar.finish_and_clear();
    let made_by = concat!("sampan ", env!("CARGO_PKG_VERSION"));
    let named = NamedModel::of(model, log, made_by, clock::now_seconds());
    let path = &arguments.out;
    named
        .write(path)
        .with_context(|| path.display().to_string())?;
    super::print_model(path, &named, output)
}
