//! `sampan eval feed`, which is also `sampan feed eval`.

use std::{path::PathBuf, process::ExitCode};

use sampan_engine::recommend::factors::FactorOptions;

use crate::{
    commands::feed::{dimensions, progress_bar, show_progress},
    evaluate::feed::report::{Protocol, evaluate},
    interactions::{
        attributes, sequences,
        ta_feng::{self, Purchases},
    },
    terminal::{Output, feed_figures::feed_report},
};

/// Visits of a customer of Ta-Feng who is asked about: two that are known, and the last.
const BASKETS_MIN: usize = 3;

/// Measure what is learnt from a public log: the last visit of each shopper is to be found among all items.
///
/// The simple ways (global top, personal top, both, item-kNN) run in the same run. Nothing of the visits that are to be
/// found is learnt from: the weights of the sources come from the visits before them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
FORMAT is
  ta-feng     CSV, or CSV in a zip, with the columns TRANSACTION_DT, CUSTOMER_ID, PRODUCT_ID; a day is a basket;
              customers with 3 baskets or more; what was bought before may be bought again; with a column AGE_GROUP
              also what is popular with each
  sequences   a shopper a line: name, then items in the order of time; what was taken before is left out of the lists

recall@10 is hits ÷ items of the visit; recall@10 of 10 is hits ÷ min(10, items of the visit).

Examples:
  sampan eval feed --data ta-feng ta_feng.csv.zip
  sampan eval feed --data sequences beauty.txt --attributes beauty_attributes.json --sparse
  sampan --json eval feed --data sequences beauty.txt | jq .rows")]
pub struct FeedEvalArguments {
    /// The log and its format.
    #[arg(long, required = true, num_args = 2, value_names = ["FORMAT", "FILE"])]
    data: Vec<String>,
    /// What items are: a JSON object from item id to a list of attributes.
    #[arg(long, value_name = "FILE.json")]
    attributes: Option<PathBuf>,
    /// Also take 90 % of the events of a random tenth of the items away, and tell what attributes do for those.
    #[arg(long, requires = "attributes")]
    sparse: bool,
    /// Of the draw of sparse items.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Numbers a vector, 1 to 1,024.
    #[arg(long, default_value_t = FactorOptions::default().dimensions, value_parser = dimensions)]
    dimensions: usize,
}

pub fn run(arguments: &FeedEvalArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let (Purchases { log, age_groups }, protocol) = log(arguments)?;
    let features = arguments.attributes.as_deref();
    let features = features
        .map(|path| attributes::read(path, &log))
        .transpose()?;
    let bar = progress_bar();
    let report = evaluate(
        &log,
        features.as_ref(),
        &age_groups,
        &protocol,
        &mut |stage, done, of| {
            show_progress(&bar, stage, done, of);
        },
    );
    bar.finish_and_clear();
    if output.is_json() {
        output.value(&serde_json::to_value(&report)?)?;
    } else {
        output.line(&feed_report(&report, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn log(arguments: &FeedEvalArguments) -> anyhow::Result<(Purchases, Protocol)> {
    let [format, file] = arguments.data.as_slice() else {
        anyhow::bail!("--data: want FORMAT FILE");
    };
    let file = PathBuf::from(file);
    let protocol = |repeats, visits_min| Protocol {
        visits_min,
        repeats,
        dimensions: arguments.dimensions,
        sparse: arguments.sparse,
        seed: arguments.seed,
    };
    match format.as_str() {
        "ta-feng" => Ok((ta_feng::read(&file)?, protocol(true, BASKETS_MIN))),
        "sequences" => {
            let log = sequences::read(&file)?;
            let age_groups = Vec::new();
            Ok((Purchases { log, age_groups }, protocol(false, 2)))
        }
        other => anyhow::bail!("--data: {other:?} is no format; want ta-feng or sequences"),
    }
}
