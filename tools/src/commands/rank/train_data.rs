//! `sampan rank train-data`

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context as _;
use indicatif::ProgressBar;
use sampan_proto::v1::RecallMode;

use crate::{
    commands::judged::{CatalogueArguments, JudgedArguments},
    evaluate::{
        catalogue::Catalogue,
        judgements,
        node::ThrowAwayNode,
        training::{TrainingRows, header},
    },
    model::place::ModelPlace,
    terminal::Output,
};

/// Write the signals of judged hits, as the ranking sees them, for a model to be trained on.
///
/// Every query is asked on a throw-away node; each hit is a row with its grade and the value of every signal, under the
/// names of the ranking profile. Rows of a query stand together, as a ranking objective wants them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Columns: query, item, label (0 for hits that nobody judged), then a column a signal.

Examples:
  sampan rank train-data --catalog products.jsonl --map products.map.toml \\
      --queries q.tsv --qrels r.tsv --region hk --out signals.csv
  python3 -c 'import lightgbm, pandas
d = pandas.read_csv(\"signals.csv\"); x = d.drop(columns=[\"query\", \"item\", \"label\"])
t = lightgbm.Dataset(x, d.label, group=d.groupby(\"query\", sort=False).size())
lightgbm.train({\"objective\": \"lambdarank\"}, t, 200).save_model(\"ranking.model.txt\")'")]
pub struct TrainDataArguments {
    #[command(flatten)]
    catalogue: CatalogueArguments,
    #[command(flatten)]
    judged: JudgedArguments,
    /// Hits a query.
    #[arg(long, default_value_t = 100)]
    depth: usize,
    /// Where the rows go.
    #[arg(long, value_name = "SIGNALS.csv")]
    out: PathBuf,
    /// Folder with dictionaries. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
    #[command(flatten)]
    model: ModelPlace,
}

pub fn run(arguments: &TrainDataArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let mut catalogue = Catalogue::read(&arguments.catalogue.catalog, &arguments.catalogue.map)?;
    catalogue.sell_in(&arguments.judged.region)?;
    let queries = judgements::queries(&arguments.judged.queries)?;
    let judged = judgements::qrels(&arguments.judged.qrels)?;
    let node = ThrowAwayNode::build(
        &catalogue,
        arguments.dictionaries.as_deref(),
        arguments.model.for_node(),
    )?;
    let shoppers = node.shoppers_of(&arguments.judged.region, RecallMode::Hybrid);
    let file = File::create(&arguments.out).with_context(|| arguments.out.display().to_string())?;
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    writer.write_record(header())?;
    let bar = ProgressBar::new(queries.len() as u64);
    let (mut rows, mut relevant, mut without) = (0, 0, 0);
    for query in bar.wrap_iter(queries.iter()) {
        let Some(judged) = judged.get(&query.id) else {
            without += 1;
            continue;
        };
        let hits = shoppers.explained(&query.text, arguments.depth)?;
        for row in TrainingRows::new(query, judged, &hits) {
            relevant += usize::from(row.label > 0);
            rows += 1;
            writer.write_record(row.cells())?;
        }
    }
    writer.flush()?;
    writer
        .into_inner()
        .map_err(|error| anyhow::anyhow!("{}: {error}", arguments.out.display()))?
        .flush()?;
    if output.is_json() {
        output.value(&serde_json::json!({
            "rows": rows, "relevant": relevant, "queries": queries.len(), "unjudged_queries": without,
        }))?;
    } else {
        output.line(&format!(
            "{rows} rows of {} queries ({without} without judgements), {relevant} of them relevant",
            queries.len()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
