//! `sampan eval typed`

use std::{path::PathBuf, process::ExitCode};

use anyhow::ensure;

use crate::{
    commands::dict::bar,
    evaluate::language::{
        regions::REGIONS,
        sets,
        typed::{self, LatinControls, TypedQuery},
    },
    terminal::{Output, heard},
};

/// Whether words that were typed by sound or on a wrong layout are understood, and Latin text is left alone.
///
/// A word is found when a rule of typed sounds puts it beside what was typed, in whatever script; words of the same sound
/// that stand before it count against it. The dictionaries alone are asked: a catalogue knows more of its own words.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Queries have the columns way, region, term and query, tab-separated; tools/typed_sounds.py makes them. A way is any name
(jyutping, zhuyin_keys). Controls are one a line: brands, model numbers, measures.

Examples:
  sampan eval typed tests/data/language/typed_sounds.tsv --controls tests/data/language/latin_controls.txt
  sampan eval typed ALL.tsv --show 50
  sampan eval typed --controls query_log.txt --regions hk")]
pub struct TypedArguments {
    /// Words and how they were typed.
    #[arg(value_name = "QUERIES.tsv")]
    queries: Vec<PathBuf>,
    /// Lines that mean themselves.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    controls: Vec<PathBuf>,
    /// Regions whose shoppers type the controls; comma-separated.
    #[arg(long, value_delimiter = ',', default_values_t = REGIONS.map(str::to_owned), value_name = "REGIONS")]
    regions: Vec<String>,
    /// Queries that were not understood, and harmed controls, that are shown.
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    show: usize,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
}

pub fn run(arguments: &TypedArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let (queries, controls) = (&arguments.queries, &arguments.controls);
    ensure!(
        !queries.is_empty() || !controls.is_empty(),
        "want QUERIES.tsv, or --controls, or both"
    );
    let analyzer = super::analyzer(arguments.dictionaries.as_deref())?;
    for region in &arguments.regions {
        let known = analyzer.region(region).is_some();
        ensure!(known, "--regions: \"{region}\" is not known");
    }
    let mut typed: Vec<TypedQuery> = Vec::new();
    for path in queries {
        typed.extend(typed::read(path)?);
    }
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for path in controls {
        lines.push((super::file_name(path), sets::lines(path, "line")?));
    }
    let bar = bar(typed.len());
    let report = typed::measure(&typed, &analyzer, &mut || bar.inc(1))?;
    bar.finish_and_clear();
    let of_file = |(file, lines): (String, Vec<String>)| {
        let controls = typed::controls(&lines, &arguments.regions, &analyzer);
        (file, controls)
    };
    let controls: Vec<(String, LatinControls)> = lines.into_iter().map(of_file).collect();
    if output.is_json() {
        output.value(&serde_json::json!({
            "queries": report,
            "controls": super::by_file(&controls)?,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut parts = Vec::new();
    if !typed.is_empty() {
        parts.push(heard::figures("typed", &report.ways, output));
        parts.push(heard::figures("characters", &report.lengths, output));
        parts.push(format!(
            "understanding such a query: p50 {} µs, p99 {} µs",
            report.p50_micros, report.p99_micros
        ));
        let shown = &report.missed[..arguments.show.min(report.missed.len())];
        if !shown.is_empty() {
            parts.push(heard::missed(shown, output));
        }
    }
    if !controls.is_empty() {
        parts.push(heard::controls(&controls, arguments.show, output));
    }
    output.line(&parts.join("\n\n"))?;
    Ok(ExitCode::SUCCESS)
}
