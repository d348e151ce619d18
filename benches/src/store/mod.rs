//! fjall and redb under the node's write pattern: a batch goes into the log and into the state with one durable sync,
//! and pages read 20 items at random.

mod crash;
mod fjall;
mod measure;
mod redb;

use std::{path::Path, time::Duration};

use clap::{Args, ValueEnum};

use crate::{
    Outcome,
    latency::readable,
    machine,
    table::{Table, grouped, megabytes},
};
pub use crash::write_until_killed;
use measure::Figures;
pub use measure::bytes_below;

/// What to measure.
#[derive(Args)]
pub struct StoreOptions {
    /// Items written with each batch size.
    #[arg(long, default_value_t = 200_000)]
    pub items: usize,
    /// Items a batch.
    #[arg(long = "batch", default_values_t = [100, 1_000])]
    pub batches: Vec<usize>,
    /// Folder on the disk to measure. Default: the system's temporary folder.
    #[arg(long)]
    pub folder: Option<std::path::PathBuf>,
}

/// The databases, by the way they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Contender {
    /// As the node uses it: log synced, then state.
    Fjall,
    /// Log and state in one durable transaction.
    Redb,
    /// The same, each commit keeping what a repair needs.
    RedbQuickRepair,
}

impl Contender {
    const ALL: [Self; 3] = [Self::Fjall, Self::Redb, Self::RedbQuickRepair];

    fn name(self) -> &'static str {
        match self {
            Self::Fjall => "fjall 3.1",
            Self::Redb => "redb 4",
            Self::RedbQuickRepair => "redb 4, quick repair",
        }
    }

    fn open(self, folder: &Path) -> Outcome<Box<dyn Engine>> {
        Ok(match self {
            Self::Fjall => Box::new(fjall::Fjall::open(folder)?),
            Self::Redb => Box::new(redb::Redb::open(folder, false)?),
            Self::RedbQuickRepair => Box::new(redb::Redb::open(folder, true)?),
        })
    }
}

/// A database that holds a log and a state.
trait Engine: Send {
    /// Appends the values to the log and puts them into the state, durably. Sequences ascend from `first`.
    fn write(&mut self, first: u64, batch: &[(String, Vec<u8>)]) -> Outcome<()>;
    /// Value of a key in the state.
    fn read(&self, key: &str) -> Outcome<Option<Vec<u8>>>;
    /// Last sequence of the log.
    fn last(&self) -> Outcome<u64>;
}

/// Measures every contender and writes the table.
pub fn run(options: &StoreOptions) -> Outcome<String> {
    let rows = measure::rows(options.items)?;
    let bytes: usize = rows.iter().map(|(_, value)| value.len()).sum();
    let mut table = Table::new([
        "database",
        "batch",
        "items/s",
        "batch p50",
        "batch p99",
        "20 reads p50",
        "20 reads p99",
        "on disk",
        "reopened after a kill",
    ]);
    for batch in &options.batches {
        for contender in Contender::ALL {
            let scratch = scratch(options.folder.as_deref())?;
            let figures = measure::measure(contender, &rows, *batch, scratch.path())?;
            table.row(cells(contender, *batch, &figures));
        }
    }
    Ok(format!(
        "{}\n{} items of {} bytes on average, {} of values; what is on disk holds each twice (log and state).\n\n{table}",
        machine::describe(),
        grouped(rows.len() as u64),
        bytes / rows.len().max(1),
        megabytes(bytes as u64),
    ))
}

fn cells(contender: Contender, batch: usize, figures: &Figures) -> Vec<String> {
    let per_second = |time: Duration| (figures.items as f64 / time.as_secs_f64()) as u64;
    vec![
        contender.name().to_owned(),
        grouped(batch as u64),
        grouped(per_second(figures.writing)),
        readable(figures.batches.quantile(0.5)),
        readable(figures.batches.quantile(0.99)),
        readable(figures.reads.quantile(0.5)),
        readable(figures.reads.quantile(0.99)),
        megabytes(figures.disk_bytes),
        readable(figures.reopened),
    ]
}

fn scratch(folder: Option<&Path>) -> Outcome<tempfile::TempDir> {
    Ok(match folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    })
}
