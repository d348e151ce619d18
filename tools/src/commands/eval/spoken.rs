//! `sampan eval spoken`

use std::{path::PathBuf, process::ExitCode};

use anyhow::ensure;
use sampan_analyzers::Analyzer;
use sampan_engine::base::limits;

use super::write_file;
use crate::{
    demo::catalogue::items,
    evaluate::{
        baseline::Baseline,
        catalogue::Catalogue,
        language::{
            false_alarms::{self, FalseAlarms},
            regions::REGIONS,
            sets::{self, Control, SetError, SpokenPair, titled},
            shoppers::Shoppers,
            spoken::{self, SpokenResult},
        },
        node::ThrowAwayNode,
    },
    terminal::{
        Output,
        table::{Align, table},
    },
};

/// Regions whose shoppers' spoken patterns must not fire on written text.
const CONTROL_REGIONS: [&str; 2] = ["hk", "tw"];

/// Whether spoken queries bring what the written form of the same want brings, and plain text is left alone.
///
/// Both forms are asked, in the region of the pair, of the demo's items and one title made of each written form. The ten
/// hits of the written form are the judgements, with gains 10 to 1: its own nDCG@10 is 1. The baseline is measured
/// against its own written hits. Controls, and written sentences, count when a rewrite of spoken queries fires in hk or tw.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Pairs have the columns id, region, spoken and written; controls the column text. Parallel sentences are plain text, one a
line, in the same order in both files; spaces between words are taken out. There the written sentences are the titles.

Examples:
  sampan eval spoken --pairs tests/data/language/spoken_pairs.tsv \\
      --controls tests/data/language/standard_controls.tsv --per-query spoken.tsv
  sampan eval spoken --pairs pairs.tsv --controls controls.tsv \\
      --spoken-sentences ud_cantonese_hk.txt --written-sentences ud_chinese_hk.txt")]
pub struct SpokenArguments {
    /// The set of spoken and written queries.
    #[arg(long, value_name = "PAIRS.tsv")]
    pairs: PathBuf,
    /// Written texts in which nothing is spoken.
    #[arg(long, value_name = "CONTROLS.tsv")]
    controls: PathBuf,
    /// Cantonese sentences.
    #[arg(long, value_name = "FILE", requires = "written_sentences")]
    spoken_sentences: Option<PathBuf>,
    /// The same sentences in written Chinese.
    #[arg(long, value_name = "FILE", requires = "spoken_sentences")]
    written_sentences: Option<PathBuf>,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
    /// Write the measures of each pair.
    #[arg(long, value_name = "OUT.tsv")]
    per_query: Option<PathBuf>,
}

#[derive(Debug, serde::Serialize)]
struct Report {
    items: usize,
    queries: Comparison,
    controls: FalseAlarms,
    /// None when no parallel sentences are given.
    sentences: Option<Comparison>,
    written_sentences: Option<FalseAlarms>,
}

#[derive(Debug, serde::Serialize)]
struct Comparison {
    sampan: SpokenResult,
    baseline: SpokenResult,
}

pub fn run(arguments: &SpokenArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let report = evaluate(arguments)?;
    let pairs = &report.queries.sampan;
    write_file(arguments.per_query.as_ref(), || per_query(pairs))?;
    if output.is_json() {
        output.value(&serde_json::to_value(&report)?)?;
    } else {
        output.line(&text(&report, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn evaluate(arguments: &SpokenArguments) -> anyhow::Result<Report> {
    let analyzer = super::analyzer(arguments.dictionaries.as_deref())?;
    let pairs: Vec<SpokenPair> = sets::rows(&arguments.pairs)?;
    let controls: Vec<Control> = sets::rows(&arguments.controls)?;
    let catalogue = sets::catalogue(items()?.into_iter().chain(titles(&pairs)))?;
    let alarms =
        |texts: &[&str]| false_alarms::count(texts.iter().copied(), &CONTROL_REGIONS, &analyzer);
    let controls: Vec<&str> = controls
        .iter()
        .map(|control| control.text.as_str())
        .collect();
    let parallel = parallel_sentences(arguments)?;
    let sentences = match &parallel {
        Some(pairs) => {
            let catalogue = sets::catalogue(titles(pairs))?;
            Some(compare(arguments, pairs, &catalogue, &analyzer)?)
        }
        None => None,
    };
    let written = parallel.as_ref().map(|pairs| {
        let texts: Vec<&str> = pairs.iter().map(|pair| pair.written.as_str()).collect();
        alarms(&texts)
    });
    Ok(Report {
        items: catalogue.items().count(),
        queries: compare(arguments, &pairs, &catalogue, &analyzer)?,
        controls: alarms(&controls),
        sentences,
        written_sentences: written,
    })
}

/// One item for each written form.
fn titles(pairs: &[SpokenPair]) -> impl Iterator<Item = sampan_proto::v1::Item> {
    pairs
        .iter()
        .map(|pair| titled(pair.id.clone(), &pair.written))
}

fn compare(
    arguments: &SpokenArguments,
    pairs: &[SpokenPair],
    catalogue: &Catalogue,
    analyzer: &Analyzer,
) -> anyhow::Result<Comparison> {
    let baseline = Baseline::build(catalogue, analyzer)?;
    let node = ThrowAwayNode::build(catalogue, arguments.dictionaries.as_deref(), None)?;
    ensure!(node.refused == 0, "{} items were refused", node.refused);
    Ok(Comparison {
        sampan: spoken::compare(pairs, &Shoppers::of_node(&node, &REGIONS))?,
        baseline: spoken::compare(pairs, &Shoppers::all_alike(&baseline, &REGIONS))?,
    })
}

/// Sentences as pairs of Hong Kong, by line number; without those that are too long for a query.
fn parallel_sentences(arguments: &SpokenArguments) -> Result<Option<Vec<SpokenPair>>, SetError> {
    let (Some(spoken_path), Some(written_path)) =
        (&arguments.spoken_sentences, &arguments.written_sentences)
    else {
        return Ok(None);
    };
    let (spoken, written) = (
        sets::sentences(spoken_path)?,
        sets::sentences(written_path)?,
    );
    if spoken.len() != written.len() {
        return Err(SetError::NotParallel {
            path: spoken_path.clone(),
            lines: spoken.len(),
            other: written_path.clone(),
            other_lines: written.len(),
        });
    }
    let numbered = spoken.into_iter().zip(written).zip(1..);
    let pairs = numbered.map(|((spoken, written), number)| SpokenPair {
        id: format!("sentence/{number}"),
        region: "hk".to_owned(),
        spoken,
        written,
    });
    let fits =
        |pair: &SpokenPair| pair.spoken.len().max(pair.written.len()) <= limits::QUERY_BYTES_MAX;
    Ok(Some(pairs.filter(fits).collect()))
}

fn text(report: &Report, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 6] = [
        ("", Align::Left),
        ("of", Align::Left),
        ("nDCG@10", Align::Right),
        ("recall@10", Align::Right),
        ("same first", Align::Right),
        ("pairs", Align::Right),
    ];
    let row = |name: &str, of: &str, result: &SpokenResult| {
        let shares = [result.ndcg_10, result.recall_10, result.same_first];
        let mut cells = vec![name.to_owned(), of.to_owned()];
        cells.extend(shares.map(|share| format!("{share:.4}")));
        cells.push(result.measured.to_string());
        cells
    };
    let mut rows = vec![
        row("sampan", "queries", &report.queries.sampan),
        row("baseline", "queries", &report.queries.baseline),
    ];
    if let Some(sentences) = &report.sentences {
        rows.push(row("sampan", "sentences", &sentences.sampan));
        rows.push(row("baseline", "sentences", &sentences.baseline));
    }
    let mut text = table(&COLUMNS, rows, output);
    text.push_str(&format!("\n\n{} items", report.items));
    let written = report.written_sentences.iter();
    let alarms = [("controls", &report.controls)]
        .into_iter()
        .chain(written.map(|alarms| ("written sentences", alarms)));
    for (name, alarms) in alarms {
        text.push_str(&format!(
            "\nrewrites fire on {:.2} % of {} {name}",
            alarms.share * 100.0,
            alarms.texts
        ));
        for alarm in &alarms.alarms {
            let taken = alarm.taken.join(" ");
            text.push_str(&format!("\n  {} ({}): {taken}", alarm.text, alarm.region));
        }
    }
    text
}

fn per_query(result: &SpokenResult) -> String {
    let mut text = String::from("id\tspoken\twritten\tndcg_10\trecall_10\n");
    for pair in &result.pairs {
        let (id, spoken, written) = (&pair.id, &pair.spoken, &pair.written);
        let (ndcg, recall) = (pair.ndcg_10, pair.recall_10);
        text.push_str(&format!(
            "{id}\t{spoken}\t{written}\t{ndcg:.4}\t{recall:.4}\n"
        ));
    }
    text
}
