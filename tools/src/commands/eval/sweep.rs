//! `sampan eval sweep`

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use indicatif::ProgressBar;
use sampan_engine::config::DictionarySource;
use sampan_proto::v1::RecallMode;
use toml::Value;

use super::write_file;
use crate::{
    commands::{
        choices::ShipModeChoice,
        judged::{CatalogueArguments, JudgedArguments},
    },
    evaluate::{catalogue::Catalogue, judgements, learn::profile_text, node::ThrowAwayNode, sweep},
    model::place::ModelPlace,
    terminal::{Output, swept},
};

/// Sweep one number of a profile: what each value costs in nDCG@10 and how much exposure it buys for a way to ship.
///
/// Every value is put in force on a throw-away node and the judged queries are asked. The first value is what the
/// others are compared with.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Catalogues that do not say how things ship can be given ways to ship by a hash of their ids (--constructed); the table
then says so.

Examples:
  sampan eval sweep --catalog p.jsonl --map p.map.toml --queries q.tsv --qrels r.tsv --region hk \\
      --key boosts.direct_mail --values 0,0.02,0.05,0.1 --set boosts.margin=0.2 --exposure direct-mail --svg sweep.svg")]
pub struct SweepArguments {
    #[command(flatten)]
    catalogue: CatalogueArguments,
    #[command(flatten)]
    judged: JudgedArguments,
    /// Key of the profile: a table and a name.
    #[arg(long, value_name = "TABLE.KEY")]
    key: String,
    /// Values, the first to compare the others with.
    #[arg(long, value_delimiter = ',', num_args = 1.., value_name = "NUMBERS")]
    values: Vec<f64>,
    /// Other keys, held at a value throughout; may be repeated.
    #[arg(long = "set", value_name = "TABLE.KEY=NUMBER")]
    held: Vec<String>,
    /// Way to ship whose share of the first ten hits is told.
    #[arg(long, value_enum)]
    exposure: ShipModeChoice,
    /// Give this share of the items that way to ship and the others consolidation, by a hash of their ids.
    #[arg(long, value_name = "SHARE")]
    constructed: Option<f64>,
    /// Words alone.
    #[arg(long)]
    lexical: bool,
    /// Write the curve.
    #[arg(long, value_name = "OUT.svg")]
    svg: Option<PathBuf>,
    /// Folder with dictionaries. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
    #[command(flatten)]
    model: ModelPlace,
}

pub fn run(arguments: &SweepArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let held = held_numbers(&arguments.held)?;
    let source = arguments
        .dictionaries
        .clone()
        .map_or(DictionarySource::Embedded, DictionarySource::Folder);
    let files = source.load()?;
    let mut catalogue = Catalogue::read(&arguments.catalogue.catalog, &arguments.catalogue.map)?;
    catalogue.sell_in(&arguments.judged.region)?;
    if let Some(share) = arguments.constructed {
        anyhow::ensure!((0.0..=1.0).contains(&share), "--constructed: want 0 to 1");
        catalogue.construct_ways_to_ship(share, arguments.exposure.into());
    }
    let queries = judgements::queries(&arguments.judged.queries)?;
    let judged = judgements::qrels(&arguments.judged.qrels)?;
    let (recall, model) = match arguments.lexical {
        true => (RecallMode::Lexical, None),
        false => (RecallMode::Hybrid, arguments.model.for_node()),
    };
    let node = ThrowAwayNode::build(&catalogue, arguments.dictionaries.as_deref(), model)?;
    let shoppers = node.shoppers_of(&arguments.judged.region, recall);
    let bar = ProgressBar::new(arguments.values.len() as u64);
    let mut points = Vec::new();
    for value in bar.wrap_iter(arguments.values.iter()) {
        let swept = Value::Float(*value);
        let numbers = held.iter().map(|(key, number)| (key.as_str(), number));
        let numbers: Vec<_> = numbers.chain([(arguments.key.as_str(), &swept)]).collect();
        let profile = profile_text::with_numbers(&files, &arguments.judged.region, &numbers)?;
        node.put_profile(&arguments.judged.region, &profile)?;
        let mode = arguments.exposure.into();
        points.push(sweep::point(*value, &shoppers, &queries, &judged, mode)?);
    }
    let title = format!(
        "{} for shoppers of {}",
        arguments.key, arguments.judged.region
    );
    write_file(arguments.svg.as_ref(), || {
        sweep::plot(&points, &title).svg()
    })?;
    if output.is_json() {
        output.value(
            &serde_json::json!({ "points": points, "constructed": arguments.constructed }),
        )?;
    } else {
        output.line(&swept::text(&points, &title, arguments.constructed, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn held_numbers(held: &[String]) -> anyhow::Result<Vec<(String, Value)>> {
    let number = |text: &String| {
        let (key, number) = text.split_once('=').context("want TABLE.KEY=NUMBER")?;
        let number: f64 = number.trim().parse().context("is no number")?;
        Ok::<_, anyhow::Error>((key.trim().to_owned(), Value::Float(number)))
    };
    held.iter()
        .map(|text| number(text).with_context(|| format!("--set {text}")))
        .collect()
}
