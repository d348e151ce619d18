//! `sampan judge clicks`

use std::{collections::HashMap, path::PathBuf};

use anyhow::Context as _;

use crate::{
    evaluate::{
        judgements,
        judging::click_model::{ClickModel, IMPRESSIONS_MIN},
    },
    event_file,
    terminal::Output,
};

/// Take clicks for judgements: TREC qrels from a log, the chance that a place is looked at taken out.
///
/// These are guesses of a model (position-based), not judgements: they say what was clicked by those who looked, of what was
/// shown often enough at several places, and nothing of the rest.
#[derive(Debug, clap::Args)]
pub struct ClicksArguments {
    /// Events: impressions with query, request_id and position, and clicks.
    #[arg(value_name = "EVENTS.jsonl")]
    events: PathBuf,
    /// Queries whose ids the judgements bear: id<TAB>text.
    #[arg(long, value_name = "Q.tsv")]
    queries: PathBuf,
    /// Places of a list that are looked at.
    #[arg(long, default_value_t = 10)]
    places: usize,
}

pub fn run(arguments: &ClicksArguments, output: &Output) -> anyhow::Result<()> {
    let queries = judgements::queries(&arguments.queries)?;
    let events = event_file::read(&arguments.events)?;
    let model = ClickModel::learn(&events, arguments.places).with_context(|| {
        format!(
            "{}: there is no impression with query, request_id and position",
            arguments.events.display()
        )
    })?;
    let ids: HashMap<&str, &str> = queries
        .iter()
        .map(|query| (&*query.text, &*query.id))
        .collect();
    let qrels = model.qrels(&ids);
    let looks: Vec<String> = model
        .examination
        .chances()
        .iter()
        .map(|chance| format!("{chance:.2}"))
        .collect();
    eprintln!(
        "{} judged by clicks of {} items and queries (at least {IMPRESSIONS_MIN} impressions); places are looked at with {}",
        qrels.lines().count(),
        model.liked.len(),
        looks.join(", ")
    );
    Ok(output.line(qrels.trim_end())?)
}
