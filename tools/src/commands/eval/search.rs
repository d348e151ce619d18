//! `sampan eval search`

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::ValueEnum;
use sampan_analyzers::{Analyzer, DictionaryFiles};
use sampan_engine::encode::Encoder;
use sampan_proto::v1::RecallMode;

use crate::{
    commands::judged::{CatalogueArguments, JudgedArguments},
    evaluate::{
        baseline::Baseline,
        catalogue::Catalogue,
        exact_vectors::ExactVectors,
        judgements::{self, Query},
        metrics::Judged,
        node::{RegionShoppers, ThrowAwayNode},
        popularity,
        report::{self, Report, Row},
        run::Run,
        slices::{self, Dimension, Labels, Slice},
        trec,
    },
    model::place::ModelPlace,
    report::{
        ResultLine,
        built::{self, lists::KnownItems},
        files::ReportFiles,
    },
    terminal::Output,
};

/// Which rows to print beside the baseline's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    Lexical,
    Vector,
    Hybrid,
    /// Only the baseline
    Baseline,
}

impl Mode {
    fn recall(self) -> Option<RecallMode> {
        match self {
            Self::Lexical => Some(RecallMode::Lexical),
            Self::Vector => Some(RecallMode::Vector),
            Self::Hybrid => Some(RecallMode::Hybrid),
            Self::Baseline => None,
        }
    }
}

/// Build a throw-away node from a file, run judged queries through it, and print quality and latency beside a baseline.
///
/// The baseline is tantivy's BM25 over character 1- and 2-grams of titles and brand, both sides folded to Simplified.
/// Queries take the same path as in the gRPC service.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Queries are lines of id<TAB>text; judgements are TREC qrels (query 0 document grade). recall@k is hits ÷ min(k,
relevant). Queries without a relevant judgement are counted, and left out of the means.

Examples:
  sampan eval search --catalog products.jsonl --map products.map.toml \\
      --queries q.tsv --qrels r.tsv --region hk
  sampan eval search --catalog titles.tsv --map titles.map.toml --queries q.tsv --qrels r.tsv \\
      --region hk --mode lexical --titles-convert s2hk --run ours.trec --report ours.json
  sampan eval search --catalog … --map … --queries q.tsv --qrels r.tsv --region hk --also-from tw,sg \\
      --slice script,length,popularity,department --query-counts counts.tsv --html report.html")]
pub struct SearchArguments {
    #[command(flatten)]
    catalogue: CatalogueArguments,
    #[command(flatten)]
    judged: JudgedArguments,
    /// Hits a query.
    #[arg(long, default_value_t = 100)]
    depth: usize,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
    /// Recall sources of our row.
    #[arg(long, value_enum, default_value_t = Mode::Hybrid)]
    mode: Mode,
    /// Write our answers as a TREC run (the baseline's with --mode baseline).
    #[arg(long, value_name = "OUT.trec")]
    run: Option<PathBuf>,
    /// Write the figures as JSON.
    #[arg(long, value_name = "OUT.json")]
    report: Option<PathBuf>,
    /// Write the measures of each query.
    #[arg(long, value_name = "OUT.tsv")]
    per_query: Option<PathBuf>,
    /// Convert titles and brands before they are indexed (an OpenCC configuration: s2hk).
    #[arg(long, value_name = "CONFIG")]
    titles_convert: Option<String>,
    /// Convert queries before they are asked (an OpenCC configuration: s2t).
    #[arg(long, value_name = "CONFIG")]
    queries_convert: Option<String>,
    /// Measure our answers apart by kinds of queries; comma-separated.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KINDS")]
    slice: Vec<Dimension>,
    /// How often each text was asked, for `--slice popularity`: text<TAB>count.
    #[arg(long, value_name = "COUNTS.tsv")]
    query_counts: Option<PathBuf>,
    /// Ask the same queries from these regions too; comma-separated.
    #[arg(long, value_delimiter = ',', value_name = "REGIONS")]
    also_from: Vec<String>,
    /// Add a row of the sentence encoder alone: exact cosine with brand and title, without an index.
    #[arg(long)]
    encoder: bool,
    #[command(flatten)]
    files: ReportFiles,
    #[command(flatten)]
    model: ModelPlace,
}

/// Bytes of titles that match, by query and item.
type Highlights = HashMap<(String, String), Vec<(usize, usize)>>;

pub fn run(arguments: &SearchArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    let mut catalogue = Catalogue::read(&arguments.catalogue.catalog, &arguments.catalogue.map)?;
    for region in std::iter::once(&arguments.judged.region).chain(&arguments.also_from) {
        catalogue.sell_in(region)?;
    }
    catalogue.convert(&analyzer, arguments.titles_convert.as_deref())?;
    let mut queries = judgements::queries(&arguments.judged.queries)?;
    let converted_by = arguments.queries_convert.as_deref();
    judgements::convert(&mut queries, converted_by, &analyzer)?;
    let report = evaluate(arguments, &catalogue, &queries, &analyzer)?;
    if let Some(path) = &arguments.report {
        let json = serde_json::to_string_pretty(&report)?;
        std::fs::write(path, json).with_context(|| path.display().to_string())?;
    }
    if output.is_json() {
        output.value(&serde_json::to_value(&report)?)?;
    } else {
        output.line(&report::text(&report, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn evaluate(
    arguments: &SearchArguments,
    catalogue: &Catalogue,
    queries: &[Query],
    analyzer: &Analyzer,
) -> anyhow::Result<Report> {
    let judged = judgements::qrels(&arguments.judged.qrels)?;
    let depth = arguments.depth;
    let baseline = Baseline::build(catalogue, analyzer)?;
    let baseline = Run::of(&baseline, queries, &judged, depth)?;
    let mut refused = catalogue.refused;
    let mut elsewhere = Vec::new();
    let mut matching = Highlights::new();
    let ours = match arguments.mode.recall() {
        Some(mode) => {
            let model = match mode {
                RecallMode::Lexical => None,
                _ => arguments.model.for_node(),
            };
            let node = ThrowAwayNode::build(catalogue, arguments.dictionaries.as_deref(), model)?;
            refused += node.refused;
            let shoppers = node.shoppers_of(&arguments.judged.region, mode);
            for region in &arguments.also_from {
                let run = Run::of(&node.shoppers_of(region, mode), queries, &judged, depth)?;
                elsewhere.push((format!("from {region}"), run));
            }
            let run = Run::of(&shoppers, queries, &judged, depth)?;
            if arguments.files.are_wanted() {
                matching = highlights(&shoppers, queries)?;
            }
            Some(run)
        }
        None => None,
    };
    let mut runs: Vec<(&str, &Run)> = ours.iter().map(|run| ("sampan", run)).collect();
    runs.extend(elsewhere.iter().map(|(name, run)| (name.as_str(), run)));
    runs.push(("baseline", &baseline));
    let encoder = match arguments.encoder {
        true => Some(encoder_run(arguments, catalogue, queries, &judged)?),
        false => None,
    };
    runs.extend(encoder.iter().map(|run| ("encoder alone", run)));
    write_runs(arguments, &runs, |path| {
        report::write_per_query(path, &runs, &judged)
    })?;
    let slices = slices_of(arguments, runs[0].1, catalogue, &judged, analyzer)?;
    let held: HashSet<&str> = catalogue.items().map(|item| item.id.as_str()).collect();
    let relevant = queries
        .iter()
        .filter_map(|query| judged.get(&query.id))
        .flatten();
    let missing = relevant.filter(|(id, grade)| **grade > 0 && !held.contains(id.as_str()));
    let report = Report {
        region: arguments.judged.region.clone(),
        depth,
        items: held.len(),
        refused,
        queries: queries.len(),
        unjudged_queries: baseline.unjudged(),
        relevant_missing: missing.count(),
        rows: runs
            .iter()
            .map(|(name, run)| Row::of(&row_name(name, arguments.mode), run))
            .collect(),
        slices,
    };
    write_report(
        arguments,
        &report,
        &runs,
        &KnownItems::new(Some(catalogue), &judged),
        &matching,
    )?;
    Ok(report)
}

fn write_report(
    arguments: &SearchArguments,
    report: &Report,
    runs: &[(&str, &Run)],
    known: &KnownItems<'_>,
    matching: &Highlights,
) -> anyhow::Result<()> {
    if !arguments.files.are_wanted() {
        return Ok(());
    }
    let line = |of: usize, query: &Query, id: &str| {
        // The others do not say what matched.
        let matching = matching
            .get(&(query.id.clone(), id.to_owned()))
            .filter(|_| of == 0);
        ResultLine {
            highlights: matching.cloned().unwrap_or_default(),
            ..known.line(&query.id, id)
        }
    };
    arguments
        .files
        .write(&built::search::document(report, runs, &line))
}

/// What matched of the hits that a report shows.
fn highlights(shoppers: &RegionShoppers<'_>, queries: &[Query]) -> anyhow::Result<Highlights> {
    let mut found = Highlights::new();
    for query in queries {
        for hit in shoppers.first(&query.text, built::search::HITS)? {
            let ranges = hit.highlights.iter();
            let ranges = ranges.map(|range| (range.start as usize, range.end as usize));
            found.insert((query.id.clone(), hit.item_id), ranges.collect());
        }
    }
    Ok(found)
}

fn slices_of(
    arguments: &SearchArguments,
    run: &Run,
    catalogue: &Catalogue,
    judged: &HashMap<String, Judged>,
    analyzer: &Analyzer,
) -> anyhow::Result<Vec<Slice>> {
    let counts = arguments.query_counts.as_deref();
    let labels = Labels {
        analyzer,
        catalogue,
        judged,
        popularity: counts.map(popularity::read).transpose()?,
    };
    slices::of_run(run, &arguments.slice, &labels)
}

fn encoder_run(
    arguments: &SearchArguments,
    catalogue: &Catalogue,
    queries: &[Query],
    judged: &HashMap<String, Judged>,
) -> anyhow::Result<Run> {
    let path = arguments.model.path();
    let path = path.context("--encoder needs the encoder's file: --model")?;
    let encoder = Encoder::open(&path).context("`sampan model fetch` gets the file")?;
    let vectors = ExactVectors::build(catalogue, &encoder, queries);
    Run::of(&vectors, queries, judged, arguments.depth)
}

fn row_name(engine: &str, mode: Mode) -> String {
    match (engine, mode.to_possible_value()) {
        ("sampan", Some(mode)) => format!("sampan ({})", mode.get_name()),
        _ => engine.to_owned(),
    }
}

fn write_runs(
    arguments: &SearchArguments,
    runs: &[(&str, &Run)],
    per_query: impl Fn(&Path) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    if let (Some(path), Some((_, run))) = (&arguments.run, runs.first()) {
        trec::write(path, run).with_context(|| path.display().to_string())?;
    }
    if let Some(path) = &arguments.per_query {
        per_query(path).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
