//! Arguments of the commands that ask judged queries.

use std::path::PathBuf;

/// The catalogue that is searched.
#[derive(Debug, clap::Args)]
pub struct CatalogueArguments {
    /// Catalogue: .jsonl, .csv, .tsv (each also .gz) or .parquet.
    #[arg(long, value_name = "FILE")]
    pub catalog: PathBuf,
    /// Which column fills which field, as for `sampan import`.
    #[arg(long, value_name = "MAP.toml")]
    pub map: PathBuf,
}

/// The queries, their judgements, and whose they are.
#[derive(Debug, clap::Args)]
pub struct JudgedArguments {
    /// Queries: id<TAB>text.
    #[arg(long, value_name = "Q.tsv")]
    pub queries: PathBuf,
    /// Judgements: query 0 document grade.
    #[arg(long, value_name = "R.tsv")]
    pub qrels: PathBuf,
    /// Region that the queries come from.
    #[arg(long)]
    pub region: String,
}
