//! `sampan eval`

mod ab;
mod compare;
mod counterfactual;
mod coverage;
pub mod feed;
mod gate;
mod interleaving;
mod learn;
mod parity;
mod regions;
mod search;
mod segment;
mod spell;
mod spoken;
mod suggest;
mod sweep;
mod traps;
mod typed;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use sampan_analyzers::Analyzer;
use sampan_engine::config::DictionarySource;

use crate::terminal::Output;

/// Measure search, completions, the feed and how text is understood; compare two configurations, learn or sweep a profile; ask
/// a log what a plan would have earned and an experiment what it shows; gate on written sets.
#[derive(Debug, clap::Args)]
pub struct EvalArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Search(search::SearchArguments),
    Suggest(suggest::SuggestArguments),
    Feed(feed::FeedEvalArguments),
    Segment(segment::SegmentArguments),
    Typed(typed::TypedArguments),
    Spell(spell::SpellArguments),
    Compare(compare::CompareArguments),
    Counterfactual(counterfactual::CounterfactualArguments),
    Coverage(coverage::CoverageArguments),
    Ab(ab::AbArguments),
    Interleaving(interleaving::InterleavingArguments),
    Gate(gate::GateArguments),
    Parity(parity::ParityArguments),
    Learn(learn::LearnArguments),
    Sweep(sweep::SweepArguments),
    Regions(regions::RegionsArguments),
    Traps(traps::TrapsArguments),
    Spoken(spoken::SpokenArguments),
}

pub fn run(arguments: EvalArguments, output: &Output) -> anyhow::Result<ExitCode> {
    match arguments.what {
        What::Search(arguments) => search::run(&arguments, output),
        What::Suggest(arguments) => suggest::run(&arguments, output),
        What::Feed(arguments) => feed::run(&arguments, output),
        What::Segment(arguments) => segment::run(&arguments, output),
        What::Typed(arguments) => typed::run(&arguments, output),
        What::Spell(arguments) => spell::run(&arguments, output),
        What::Compare(arguments) => compare::run(&arguments, output),
        What::Counterfactual(arguments) => counterfactual::run(&arguments, output),
        What::Coverage(arguments) => coverage::run(&arguments, output),
        What::Ab(arguments) => ab::run(&arguments, output),
        What::Interleaving(arguments) => interleaving::run(&arguments, output),
        What::Gate(arguments) => gate::run(&arguments, output),
        What::Parity(arguments) => parity::run(&arguments, output),
        What::Learn(arguments) => learn::run(&arguments, output),
        What::Sweep(arguments) => sweep::run(&arguments, output),
        What::Regions(arguments) => regions::run(&arguments, output),
        What::Traps(arguments) => traps::run(&arguments, output),
        What::Spoken(arguments) => spoken::run(&arguments, output),
    }
}

/// The analyser of a folder's dictionaries; without one, of those in this binary.
pub(super) fn analyzer(dictionaries: Option<&Path>) -> anyhow::Result<Analyzer> {
    let source = dictionaries.map_or(DictionarySource::Embedded, |folder| {
        DictionarySource::Folder(folder.to_owned())
    });
    Ok(Analyzer::build(&source.load()?)?)
}

/// A file's name, as tables call its rows.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Reports of files, each with the file's name as a field.
fn by_file<T: serde::Serialize>(reports: &[(String, T)]) -> anyhow::Result<serde_json::Value> {
    let of_file = |(file, report): &(String, T)| {
        let mut value = serde_json::json!({ "file": file });
        if let (Some(fields), serde_json::Value::Object(report)) =
            (value.as_object_mut(), serde_json::to_value(report)?)
        {
            fields.extend(report);
        }
        Ok(value)
    };
    let reports: anyhow::Result<Vec<serde_json::Value>> = reports.iter().map(of_file).collect();
    Ok(serde_json::Value::Array(reports?))
}

fn write_file(path: Option<&PathBuf>, text: impl FnOnce() -> String) -> anyhow::Result<()> {
    path.map_or(Ok(()), |path| {
        fs::write(path, text()).with_context(|| path.display().to_string())
    })
}
