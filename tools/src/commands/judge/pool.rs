//! `sampan judge pool`

use std::{collections::HashMap, path::PathBuf};

use crate::{
    evaluate::{
        catalogue::Catalogue,
        judgements,
        judging::pool::{lines, pool},
        trec,
    },
    terminal::Output,
};

/// Write what is to be judged: the first hits of several runs, in an order that says nothing of where they stood.
#[derive(Debug, clap::Args)]
pub struct PoolArguments {
    /// Queries: id<TAB>text.
    #[arg(long, value_name = "Q.tsv")]
    queries: PathBuf,
    /// TREC runs, as `sampan eval search --run` writes them; comma-separated.
    #[arg(long, value_delimiter = ',', required = true, value_name = "RUNS.trec")]
    runs: Vec<PathBuf>,
    /// Hits of each run.
    #[arg(long, default_value_t = 10)]
    depth: usize,
    /// Catalogue, for the titles.
    #[arg(long, value_name = "FILE", requires = "map")]
    catalog: Option<PathBuf>,
    /// Which column fills which field, as for `sampan import`.
    #[arg(long, value_name = "MAP.toml", requires = "catalog")]
    map: Option<PathBuf>,
}

pub fn run(arguments: &PoolArguments, output: &Output) -> anyhow::Result<()> {
    let queries = judgements::queries(&arguments.queries)?;
    let runs = arguments.runs.iter().map(|path| trec::read(path));
    let runs: Vec<_> = runs.collect::<anyhow::Result<_>>()?;
    let catalogue = match (&arguments.catalog, &arguments.map) {
        (Some(file), Some(map)) => Catalogue::read(file, map)?,
        _ => Catalogue::default(),
    };
    let titles: HashMap<&str, &str> = catalogue
        .items()
        .filter_map(|item| Some((item.id.as_str(), item.titles.first()?.text.as_str())))
        .collect();
    let pooled = pool(&queries, &runs, arguments.depth, &titles);
    Ok(output.line(lines(&pooled).trim_end())?)
}
