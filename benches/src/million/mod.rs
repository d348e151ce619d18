//! A node full of generated items: what importing costs, what it keeps in memory and on disk, how fast it answers, and
//! plain tantivy beside it on the same tokens.

pub mod arriving;
pub mod import;
pub mod items;
mod plain_tantivy;
mod queries;
mod report;
mod residence;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clap::Args;
use sampan_engine::{Node, config::NodeConfig};
use sampan_proto::v1;

use crate::{Outcome, memory::Resident, run_folder::RunFolder, store, texts};
use arriving::Arriving;
use import::Imported;
use plain_tantivy::PlainTantivy;
use queries::{OneByOne, TwoThreads};
pub use residence::reopen;
use residence::{Reopened, Residence};

/// Longest wait for merges and vocabulary after an import.
const SETTLED_WITHIN: Duration = Duration::from_secs(900);
/// Longest wait for the encoder: a million titles take ten minutes of one core.
const ENCODED_WITHIN: Duration = Duration::from_secs(3_600);
/// Segments have settled when they have stayed the same this long: a million items are merged into one in some ten
/// seconds, once nothing is written.
const SETTLED_AFTER: Duration = Duration::from_secs(20);

/// What to measure.
#[derive(Args)]
pub struct MillionOptions {
    /// Items to import.
    #[arg(long, default_value_t = 1_000_000)]
    pub items: u64,
    /// Queries, one a line. Default: the beginnings of generated titles.
    #[arg(long)]
    pub query_log: Option<PathBuf>,
    /// Queries asked, spread over the log.
    #[arg(long, default_value_t = 10_000)]
    pub queries: usize,
    /// Times that each query is asked; its best counts.
    #[arg(long, default_value_t = 3)]
    pub passes: usize,
    /// Queries a second that arrive whether or not the ones before have been answered.
    #[arg(long, default_value_t = 300)]
    pub rate: u32,
    /// The sentence encoder's file. Default: words alone.
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Folder for the node and the peer. Kept, and a node that is there is not imported again. Default: a temporary one.
    #[arg(long)]
    pub folder: Option<PathBuf>,
}

/// Everything a run found out.
pub struct Run {
    pub items: u64,
    /// None when the node was there before.
    pub imported: Option<Imported>,
    pub residence: Residence,
    pub status: v1::IndexStatusResponse,
    pub reopened: Reopened,
    /// Part of the node's folder and its bytes.
    pub disk: Vec<(&'static str, u64)>,
    pub peer_items: u64,
    pub peer_indexing: Duration,
    pub peer_segments: usize,
    pub peer_disk: u64,
    pub one_by_one: OneByOne,
    pub two_threads: TwoThreads,
    pub arriving: Arriving,
}

/// Measures, and writes the tables.
pub fn run(options: &MillionOptions) -> Outcome<String> {
    Ok(report::tables(&measure(
        options,
        &std::env::current_exe()?,
    )?))
}

/// Measures. `program` is the one with the `million-reopen` subcommand.
pub fn measure(options: &MillionOptions, program: &Path) -> Outcome<Run> {
    let run_folder = RunFolder::open(options.folder.as_deref())?;
    let folder = run_folder.path();
    let data = folder.join("node");
    let mut config = NodeConfig::new(&data);
    config.model = options.model.clone();
    let node = Node::open(&config)?;
    let file = folder.join("items");
    if !file.exists() {
        items::write(&node.generation().analyzer, options.items, &file)?;
    }
    let empty = Resident::now();
    let imported = fill(&node, &file, options.items)?;
    settle(&node)?;
    let status = node.status()?;
    let full = Resident::now();
    let columns = residence::columns(&node, &file)?;
    let queries = read_queries(options.query_log.as_deref(), options.queries, &file)?;
    let peer_folder = tempfile::tempdir_in(folder)?;
    let peer = PlainTantivy::build(&node.generation().analyzer, &file, peer_folder.path())?;
    let before_queries = Resident::now();
    let one_by_one = queries::one_by_one(&node, &peer, &queries, options.passes)?;
    let two_threads = queries::two_threads(&node, &queries)?;
    let arriving = arriving::ask(&node, &queries, options.rate)?;
    let after_queries = Resident::now();
    node.close();
    drop(node);
    Ok(Run {
        items: options.items,
        imported,
        residence: Residence {
            empty,
            full,
            columns,
            queries: after_queries.since(before_queries),
        },
        status,
        reopened: residence::reopen_in_new_process(program, &data)?,
        disk: disk(&data)?,
        peer_items: peer.items(),
        peer_indexing: peer.indexing,
        peer_segments: peer.segments()?,
        peer_disk: store::bytes_below(peer_folder.path())?,
        one_by_one,
        two_threads,
        arriving,
    })
}

/// Imports a file's items into a node that has none; `None` when they are there.
pub fn fill(node: &Node, file: &Path, items: u64) -> Outcome<Option<Imported>> {
    match node.generation().columns.len() as u64 {
        0 => import::import(node, file).map(Some),
        held if held == items => Ok(None),
        held => Err(format!("the node holds {held} items, not {items}").into()),
    }
}

/// Waits until all is encoded and background merges are over.
pub fn settle(node: &Node) -> Outcome<()> {
    let encoded_by = Instant::now() + ENCODED_WITHIN;
    while node.generation().vectors_waiting > 0 && Instant::now() < encoded_by {
        std::thread::sleep(Duration::from_millis(100));
    }
    let deadline = Instant::now() + SETTLED_WITHIN;
    let mut known = (Vec::new(), 0);
    let mut since = Instant::now();
    while since.elapsed() < SETTLED_AFTER && Instant::now() < deadline {
        let generation = node.generation();
        let segments = generation.lexical.segments().map(|(id, ..)| id);
        let now: (Vec<String>, usize) = (segments.collect(), generation.vectors.segments());
        if now != known {
            (known, since) = (now, Instant::now());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// `count` queries of a log, or of what `file`'s titles begin with.
pub fn read_queries(log: Option<&Path>, count: usize, file: &Path) -> Outcome<Vec<String>> {
    let all = match log {
        Some(log) => texts::read(log)?,
        None => title_beginnings(file)?,
    };
    let queries = texts::spread(all, count);
    if queries.is_empty() {
        return Err("no queries".into());
    }
    Ok(queries)
}

/// First characters of titles, two to nine of them: generated queries for where there is no log.
fn title_beginnings(file: &Path) -> Outcome<Vec<String>> {
    let mut beginnings = Vec::new();
    items::each_batch(file, 1_000, &mut |batch| {
        for item in batch {
            let length = 2 + beginnings.len() % 8;
            let title = item.titles.first().map_or("", |title| title.text.as_str());
            beginnings.push(title.chars().take(length).collect());
        }
        Ok(())
    })?;
    Ok(beginnings)
}

fn disk(data: &Path) -> Outcome<Vec<(&'static str, u64)>> {
    [
        ("store", "store"),
        ("lexical index", "index/lexical"),
        ("vector index", "index/vector"),
    ]
    .into_iter()
    .map(|(part, folder)| Ok((part, store::bytes_below(&data.join(folder))?)))
    .collect()
}
