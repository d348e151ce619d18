//! `sampan eval regions`

use std::{path::PathBuf, process::ExitCode};

use sampan_analyzers::{Analyzer, DictionaryFiles};

use super::write_file;
use crate::{
    evaluate::{
        baseline::Baseline,
        language::{
            regions::{self, REGIONS, RegionMatrix},
            sets::{self, RegionPair},
            shoppers::Shoppers,
        },
        node::ThrowAwayNode,
    },
    terminal::{
        Output,
        table::{Align, table},
    },
};

/// Whether each region's shoppers find what the other regions' sellers call by another word.
///
/// Every row of the set makes three titles, one a region: its word and the same few characters behind it. All are
/// sold in all three regions. Each region's word is asked there, and the titles of the row are looked for among the
/// first three. Hits of other rows whose title has the asked word in it (馬桶 in 馬桶刷) are right too, and take no
/// place. Two regions that share a word, in whatever script, count only for the diagonal.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The set has the columns id, hk, tw, cn and department, tab-separated.

Examples:
  sampan eval regions --pairs tests/data/language/region_pairs.tsv
  sampan eval regions --pairs region_pairs.tsv --dictionaries dictionaries --per-query missing.tsv")]
pub struct RegionsArguments {
    /// The set of regional words.
    #[arg(long, value_name = "PAIRS.tsv")]
    pairs: PathBuf,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
    /// Write the pairs that are not found.
    #[arg(long, value_name = "OUT.tsv")]
    per_query: Option<PathBuf>,
}

#[derive(Debug, serde::Serialize)]
struct Report {
    rows: usize,
    sampan: RegionMatrix,
    baseline: RegionMatrix,
}

pub fn run(arguments: &RegionsArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let report = evaluate(arguments)?;
    write_file(arguments.per_query.as_ref(), || missing(&report.sampan))?;
    if output.is_json() {
        output.value(&serde_json::to_value(&report)?)?;
    } else {
        output.line(&text(&report, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn evaluate(arguments: &RegionsArguments) -> anyhow::Result<Report> {
    let pairs: Vec<RegionPair> = sets::rows(&arguments.pairs)?;
    let catalogue = regions::catalogue(&pairs)?;
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    let baseline = Baseline::build(&catalogue, &analyzer)?;
    let node = ThrowAwayNode::build(&catalogue, arguments.dictionaries.as_deref(), None)?;
    let shoppers = Shoppers::of_node(&node, &REGIONS);
    Ok(Report {
        rows: pairs.len(),
        sampan: regions::measure(&pairs, &shoppers, &analyzer)?,
        baseline: regions::measure(&pairs, &Shoppers::all_alike(&baseline, &REGIONS), &analyzer)?,
    })
}

fn text(report: &Report, output: &Output) -> String {
    let mut columns = vec![("", Align::Left), ("asked in", Align::Left)];
    columns.extend(REGIONS.map(|region| (region, Align::Right)));
    columns.push(("worst ÷ diagonal", Align::Right));
    let mut lines = Vec::new();
    for (name, matrix) in [("sampan", &report.sampan), ("baseline", &report.baseline)] {
        for (asked, row) in REGIONS.iter().zip(&matrix.recall_3) {
            let mut cells = vec![name.to_owned(), (*asked).to_owned()];
            cells.extend(row.iter().map(|recall| format!("{recall:.4}")));
            let is_first = lines.len() % REGIONS.len() == 0;
            cells.push(if is_first {
                format!("{:.4}", matrix.worst_by_diagonal)
            } else {
                String::new()
            });
            lines.push(cells);
        }
    }
    let missing = report.sampan.missing.len();
    format!(
        "{}\n\n{} rows; recall@3 of the column's titles; {missing} pairs are not found",
        table(&columns, lines, output),
        report.rows
    )
}

fn missing(matrix: &RegionMatrix) -> String {
    let mut text = String::from("id\tdepartment\tasked_in\tasked\tsold_in\tword\tfirst_ids\n");
    for pair in &matrix.missing {
        let cells = [
            pair.id.as_str(),
            &pair.department,
            pair.asked_in,
            &pair.asked,
            pair.sold_in,
            &pair.word,
            &pair.first_ids.join(" "),
        ];
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}
