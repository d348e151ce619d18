//! `sampan eval parity`

use std::{collections::HashMap, path::PathBuf, process::ExitCode};

use sampan_proto::v1::RecallMode;

use super::write_file;
use crate::{
    commands::judged::CatalogueArguments,
    evaluate::{
        catalogue::Catalogue,
        judgements,
        node::ThrowAwayNode,
        parity::{Parity, measure_parity},
        scripts::Form,
    },
    model::place::ModelPlace,
    terminal::{
        Output,
        highlight::safe,
        table::{Align, table},
    },
};

/// Whether a query brings the same written in Simplified, Hong Kong, Taiwan or mixed characters.
///
/// Every query is converted to each form and asked. Lists are compared by rank-biased overlap (1: the same list), and by
/// nDCG@10 when there are judgements.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan eval parity --catalog products.jsonl --map products.map.toml --queries q.tsv --region hk
  sampan eval parity --catalog … --map … --queries q.tsv --qrels r.tsv --region tw --lexical --report parity.json")]
pub struct ParityArguments {
    #[command(flatten)]
    catalogue: CatalogueArguments,
    /// Queries: id<TAB>text.
    #[arg(long, value_name = "Q.tsv")]
    queries: PathBuf,
    /// Judgements: query 0 document grade.
    #[arg(long, value_name = "R.tsv")]
    qrels: Option<PathBuf>,
    /// Region that the queries come from.
    #[arg(long)]
    region: String,
    /// Hits a query.
    #[arg(long, default_value_t = 100)]
    depth: usize,
    /// Words alone.
    #[arg(long)]
    lexical: bool,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
    /// Write the figures as JSON.
    #[arg(long, value_name = "OUT.json")]
    report: Option<PathBuf>,
    #[command(flatten)]
    model: ModelPlace,
}

pub fn run(arguments: &ParityArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let queries = judgements::queries(&arguments.queries)?;
    let judged = match &arguments.qrels {
        Some(path) => judgements::qrels(path)?,
        None => HashMap::new(),
    };
    let mut catalogue = Catalogue::read(&arguments.catalogue.catalog, &arguments.catalogue.map)?;
    catalogue.sell_in(&arguments.region)?;
    let (mode, model) = match arguments.lexical {
        true => (RecallMode::Lexical, None),
        false => (RecallMode::Hybrid, arguments.model.for_node()),
    };
    let dictionaries = arguments.dictionaries.as_deref();
    let node = ThrowAwayNode::build(&catalogue, dictionaries, model)?;
    let shoppers = node.shoppers_of(&arguments.region, mode);
    let analyzer = super::analyzer(dictionaries)?;
    let found = measure_parity(&shoppers, &queries, &judged, arguments.depth, &analyzer)?;
    let json = serde_json::to_value(&found)?;
    write_file(arguments.report.as_ref(), || json.to_string())?;
    if output.is_json() {
        output.value(&json)?;
    } else {
        output.line(&text(&found, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text(found: &Parity, output: &Output) -> String {
    let mut columns = vec![
        ("", Align::Left),
        ("nDCG@10", Align::Right),
        ("recall@10", Align::Right),
        ("zero results", Align::Right),
    ];
    columns.extend(Form::ALL.map(|form| (form.name(), Align::Right)));
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.4}"));
    let rows = found
        .forms
        .iter()
        .zip(&found.overlap)
        .map(|(form, overlap)| {
            let mut cells = vec![
                form.form.name().to_owned(),
                number(form.ndcg_10),
                number(form.recall_10),
                number(Some(form.zero_result_rate)),
            ];
            cells.extend(overlap.iter().map(|shared| format!("{shared:.4}")));
            cells
        });
    let mut parts = vec![
        table(&columns, rows.collect(), output),
        format!(
            "{} queries differ by script ({} judged), {} do not and are not asked; behind zero results: rank-biased overlap \
             with each form\nnDCG@10 gap {}; least overlap of any two forms, mean over queries: {:.4}",
            found.queries,
            found.judged,
            found.same_in_all,
            number(found.ndcg_gap),
            found.least_overlap,
        ),
    ];
    if !found.worst.is_empty() {
        const WORST: [(&str, Align); 5] = [
            ("least alike", Align::Left),
            ("overlap", Align::Right),
            ("between", Align::Left),
            ("and", Align::Left),
            ("first hits", Align::Left),
        ];
        let row = |query: &crate::evaluate::parity::Disparate| {
            let mut first: Vec<&str> = query
                .first
                .iter()
                .map(|id| id.as_deref().unwrap_or("–"))
                .collect();
            first.dedup();
            vec![
                safe(&query.texts[0]),
                format!("{:.4}", query.least_overlap),
                query.between[0].name().to_owned(),
                query.between[1].name().to_owned(),
                safe(&first.join(" ")),
            ]
        };
        parts.push(table(&WORST, found.worst.iter().map(row).collect(), output));
    }
    parts.join("\n\n")
}
