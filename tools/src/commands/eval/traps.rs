//! `sampan eval traps`

use std::{path::PathBuf, process::ExitCode};

use crate::{
    evaluate::{
        baseline::Baseline,
        language::{
            regions::{self, REGIONS},
            sets::{self, RegionPair, Trap},
            shoppers::Shoppers,
            traps::{self, Sprung, TrapResult},
        },
        node::ThrowAwayNode,
    },
    terminal::{
        Output,
        table::{Align, table},
    },
};

/// Whether words that only look alike (麵 and 面膜, 后 and 後) are kept apart.
///
/// Every trap is a query, a title that must not come into the first three, and one that must. All titles of the set are
/// searched together; `--among` adds the titles of a set of regional words. A wrong merge is a wrong title among the
/// first three or before the right one, also when the answer says that it matches only in part.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The set has the columns id, query, region, wrong_title and right_title, tab-separated.

Examples:
  sampan eval traps --traps tests/data/language/traps.tsv --among tests/data/language/region_pairs.tsv")]
pub struct TrapsArguments {
    /// The set of traps.
    #[arg(long, value_name = "TRAPS.tsv")]
    traps: PathBuf,
    /// A set of regional words, whose titles are searched too (see `sampan eval regions`).
    #[arg(long, value_name = "PAIRS.tsv")]
    among: Option<PathBuf>,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
}

#[derive(Debug, serde::Serialize)]
struct Report {
    traps: usize,
    titles: usize,
    sampan: TrapResult,
    baseline: TrapResult,
}

pub fn run(arguments: &TrapsArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let traps: Vec<Trap> = sets::rows(&arguments.traps)?;
    let others: Vec<RegionPair> = match &arguments.among {
        Some(path) => sets::rows(path)?,
        None => Vec::new(),
    };
    let titles = traps::titles(&traps).chain(regions::titles(&others));
    let catalogue = sets::catalogue(titles)?;
    let analyzer = super::analyzer(None)?;
    let baseline = Baseline::build(&catalogue, &analyzer)?;
    let node = ThrowAwayNode::build(&catalogue, arguments.dictionaries.as_deref(), None)?;
    let shoppers = Shoppers::of_node(&node, &REGIONS);
    let report = Report {
        traps: traps.len(),
        titles: catalogue.items().count(),
        sampan: traps::measure(&traps, &shoppers)?,
        baseline: traps::measure(&traps, &Shoppers::all_alike(&baseline, &REGIONS))?,
    };
    if output.is_json() {
        output.value(&serde_json::to_value(&report)?)?;
    } else {
        output.line(&text(&report, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text(report: &Report, output: &Output) -> String {
    const COUNTS: [(&str, Align); 3] = [
        ("", Align::Left),
        ("wrong merges", Align::Right),
        ("right title not in first 3", Align::Right),
    ];
    const SPRUNG: [(&str, Align); 6] = [
        ("trap", Align::Left),
        ("query", Align::Left),
        ("wrong at", Align::Right),
        ("wrong title", Align::Left),
        ("right at", Align::Right),
        ("right title", Align::Left),
    ];
    let counts = [("sampan", &report.sampan), ("baseline", &report.baseline)].map(|(name, of)| {
        vec![
            name.to_owned(),
            of.wrong_merges.to_string(),
            of.right_missing.to_string(),
        ]
    });
    let place = |place: Option<usize>| place.map_or("–".to_owned(), |place| place.to_string());
    let sprung = |trap: &Sprung| {
        vec![
            trap.id.clone(),
            trap.query.clone(),
            place(trap.wrong_place),
            trap.wrong_title.clone(),
            place(trap.right_place),
            trap.right_title.clone(),
        ]
    };
    let mut text = table(&COUNTS, counts.to_vec(), output);
    text.push_str(&format!(
        "\n\n{} traps among {} titles",
        report.traps, report.titles
    ));
    if !report.sampan.sprung.is_empty() {
        let rows = report.sampan.sprung.iter().map(sprung).collect();
        text.push_str("\n\n");
        text.push_str(&table(&SPRUNG, rows, output));
    }
    text
}
