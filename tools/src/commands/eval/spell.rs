//! `sampan eval spell`

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::ensure;
use sampan_analyzers::Analyzer;
use sampan_engine::base::limits::SPELLING_QUERY_EVENTS_MIN;
use sampan_proto::v1::RecallMode;

use crate::{
    commands::dict::bar,
    demo,
    evaluate::{
        catalogue::Catalogue,
        language::{
            sets,
            typos::{self, CleanReport, Corrector, TitlePairs, Typo, TypoReport},
        },
        node::ThrowAwayNode,
        suggest::{
            learn::{Learnt, learn},
            log,
        },
    },
    import::batch::BATCH_ITEMS_MAX,
    terminal::{Output, corrected},
};

/// Whether typing mistakes are corrected towards what a catalogue holds, and clean queries are left alone.
///
/// A throw-away node is asked, as a shopper asks it: "first" is the likeliest of what its answer offers. A correction is
/// made (searched for beside what was typed) or only offered; both count, and are told apart.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Typos have the columns typed, right and, when there are several kinds, kind, tab-separated with a header;
tools/typing_mistakes.py makes them of real queries. Sentences are as in the SIGHAN bakeoffs: as written, a tab, as
corrected; they are cut at their marks, and a piece without a mistake counts as a clean query.

With --query-log the node is first told what others asked: each query of the log led to as many clicks as a node wants of one
before it goes by it (3), for each time that it was asked, on its first hit. What is tested is left out of it, with its mistakes,
in any script and case: a query that was learnt would be known, not corrected. A node keeps 10,000 queries of a region.

Examples:
  sampan eval spell --typos tests/data/language/typos.tsv                     # over the demo's items
  sampan eval spell --catalog titles.tsv --map titles.map.toml --region cn --typos typos.tsv --clean query_log.txt
  sampan eval spell --catalog … --map … --typos typos.tsv --query-log query_log.txt
  sampan eval spell --catalog … --map … --sentences sighan14.tsv --show 30")]
pub struct SpellArguments {
    /// Catalogue: .jsonl, .csv, .tsv (each also .gz) or .parquet. Default: the demo's items.
    #[arg(long, value_name = "FILE", requires = "map")]
    catalog: Option<PathBuf>,
    /// Which column fills which field, as for `sampan import`.
    #[arg(long, value_name = "MAP.toml", requires = "catalog")]
    map: Option<PathBuf>,
    /// Region of the shoppers.
    #[arg(long, default_value = "hk")]
    region: String,
    /// Queries with a mistake, and without.
    #[arg(long, value_name = "TYPOS.tsv", num_args = 1..)]
    typos: Vec<PathBuf>,
    /// Sentences, and the same corrected.
    #[arg(long, value_name = "FILE.tsv", num_args = 1..)]
    sentences: Vec<PathBuf>,
    /// Queries without a mistake, one a line.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    clean: Vec<PathBuf>,
    /// Queries that the node has answered before: one a line, or with a tab and how often it was asked.
    #[arg(long, value_name = "FILE")]
    query_log: Option<PathBuf>,
    /// Convert titles and brands before they are indexed (an OpenCC configuration: s2hk).
    #[arg(long, value_name = "CONFIG")]
    titles_convert: Option<String>,
    /// Mistakes that were not corrected, and clean queries that were doubted, that are shown.
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    show: usize,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
}

/// What is asked.
struct Cases {
    typos: Vec<Typo>,
    /// By file.
    clean: Vec<(String, Vec<String>)>,
    /// Sentences that could not be cut beside their corrections.
    left_out: usize,
}

impl Cases {
    /// Every query that is asked, and what is hoped for.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let typos = self.typos.iter();
        let typos = typos.flat_map(|typo| [&*typo.typed, &*typo.right]);
        let clean = self.clean.iter().flat_map(|(_, queries)| queries);
        typos.chain(clean.map(String::as_str))
    }
}

#[derive(serde::Serialize)]
struct Report {
    region: String,
    items: usize,
    sentences_left_out: usize,
    /// None without a log of queries.
    learnt: Option<Learnt>,
    /// None when no mistakes are given.
    typos: Option<TypoReport>,
    clean: serde_json::Value,
}

pub fn run(arguments: &SpellArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let cases = cases(arguments)?;
    let analyzer = super::analyzer(arguments.dictionaries.as_deref())?;
    let mut catalogue = match (&arguments.catalog, &arguments.map) {
        (Some(file), Some(map)) => Catalogue::read(file, map)?,
        _ => demo_catalogue()?,
    };
    catalogue.sell_in(&arguments.region)?;
    catalogue.convert(&analyzer, arguments.titles_convert.as_deref())?;
    let node = ThrowAwayNode::build(&catalogue, arguments.dictionaries.as_deref(), None)?;
    let learnt = match &arguments.query_log {
        Some(path) => Some(teach(&node, arguments, path, &cases, &analyzer)?),
        None => None,
    };
    let shoppers = node.shoppers_of(&arguments.region, RecallMode::Lexical);
    let (typos, clean) = measure(&cases, &shoppers, &catalogue, &analyzer)?;
    if output.is_json() {
        let report = Report {
            region: arguments.region.clone(),
            items: catalogue.items().count(),
            sentences_left_out: cases.left_out,
            learnt,
            typos,
            clean: super::by_file(&clean)?,
        };
        output.value(&serde_json::to_value(&report)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut parts = Vec::new();
    if let Some(typos) = &typos {
        parts.push(corrected::typos(typos, output));
        let shown = &typos.missed[..arguments.show.min(typos.missed.len())];
        if !shown.is_empty() {
            parts.push(corrected::missed(shown, output));
        }
    }
    if !clean.is_empty() {
        parts.push(corrected::clean(&clean, arguments.show, output));
    }
    let items = catalogue.items().count();
    parts.push(format!("{items} items, asked in {}", arguments.region));
    if let Some(Learnt {
        queries,
        clicks,
        without_hits,
        ..
    }) = learnt
    {
        parts.push(format!(
            "learnt {queries} queries of the log by {clicks} clicks; {without_hits} find nothing"
        ));
    }
    if cases.left_out > 0 {
        let left_out = cases.left_out;
        parts.push(format!(
            "{left_out} sentences are longer or shorter when corrected, and are left out"
        ));
    }
    output.line(&parts.join("\n\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Has the node learn a log of queries, without those that are tested.
fn teach(
    node: &ThrowAwayNode,
    arguments: &SpellArguments,
    path: &Path,
    cases: &Cases,
    analyzer: &Analyzer,
) -> anyhow::Result<Learnt> {
    let mut log = log::read(path)?;
    let tested = cases.texts().map(|text| analyzer.fold_key(text));
    let tested: HashSet<String> = tested.collect();
    log.retain(|(query, _)| !tested.contains(&analyzer.fold_key(query)));
    for (_, times) in &mut log {
        *times = times.saturating_mul(SPELLING_QUERY_EVENTS_MIN.into());
    }
    let bar = bar(log.len());
    let learnt = learn(node, &arguments.region, &log, &mut || bar.inc(1))?;
    bar.finish_and_clear();
    ensure!(
        learnt.refused == 0,
        "{} clicks of the log were refused",
        learnt.refused
    );
    Ok(learnt)
}

/// The demo's items.
fn demo_catalogue() -> anyhow::Result<Catalogue> {
    let items = demo::catalogue::items()?;
    Ok(Catalogue {
        batches: items.chunks(BATCH_ITEMS_MAX).map(<[_]>::to_vec).collect(),
        refused: 0,
    })
}

fn cases(arguments: &SpellArguments) -> anyhow::Result<Cases> {
    let mut cases = Cases {
        typos: Vec::new(),
        clean: Vec::new(),
        left_out: 0,
    };
    for path in &arguments.typos {
        cases.typos.extend(typos::read(path)?);
    }
    for path in &arguments.sentences {
        let pieces = typos::sentences(path)?;
        cases.typos.extend(pieces.mistakes);
        cases.clean.push((super::file_name(path), pieces.clean));
        cases.left_out += pieces.left_out;
    }
    for path in &arguments.clean {
        let queries = sets::lines(path, "query")?;
        cases.clean.push((super::file_name(path), queries));
    }
    ensure!(
        !cases.typos.is_empty() || !cases.clean.is_empty(),
        "want --typos, --sentences or --clean"
    );
    Ok(cases)
}

type Measured = (Option<TypoReport>, Vec<(String, CleanReport)>);

fn measure(
    cases: &Cases,
    corrector: &impl Corrector,
    catalogue: &Catalogue,
    analyzer: &Analyzer,
) -> anyhow::Result<Measured> {
    let clean: usize = cases.clean.iter().map(|(_, queries)| queries.len()).sum();
    let bar = bar(cases.typos.len() + clean);
    let mut each = || bar.inc(1);
    let titles = catalogue.items().flat_map(|item| &item.titles);
    let titles = TitlePairs::new(analyzer, titles.map(|title| title.text.as_str()));
    let typos = match cases.typos.is_empty() {
        false => Some(typos::measure(&cases.typos, corrector, &titles, &mut each)?),
        true => None,
    };
    let mut reports = Vec::new();
    for (file, queries) in &cases.clean {
        let report = typos::doubted(queries, corrector, &mut each)?;
        reports.push((file.clone(), report));
    }
    bar.finish_and_clear();
    Ok((typos, reports))
}
