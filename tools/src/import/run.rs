//! Imports files into a node: read and map on one thread, send on another, and after each acknowledged batch record
//! how far it went.

use std::{
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use sampan_proto::v1::catalog_service_client::CatalogServiceClient;
use tokio::sync::mpsc;

use super::{
    batch::{Batch, Batches},
    checkpoint::{Checkpoint, Position, import_key},
    item::{ItemMapper, UnknownRegion},
    map::ImportMap,
    map_section::MapError,
    read::{CatalogueFile, Progress, ReadError},
    rejects::Rejects,
    upload,
};
use crate::client::{ClientError, NodeChannel};

/// Batches that are ready while one is being sent.
const BATCHES_READY_MAX: usize = 2;

/// Why an import could not run, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{}: {source}", path.display())]
    Map { path: PathBuf, source: MapError },
    #[error("{}: {source}", path.display())]
    Region {
        path: PathBuf,
        source: UnknownRegion,
    },
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Node(#[from] ClientError),
    #[error(
        "{source} (imported up to line {line}; run the same command again to go on from there)"
    )]
    Interrupted { line: u64, source: ClientError },
}

/// What to import.
#[derive(Debug)]
pub struct ImportRequest<'a> {
    pub files: &'a [PathBuf],
    pub map: &'a Path,
    /// One rejects file for all; none: FILE.rejects.tsv beside each file, in the current folder where that cannot be.
    pub rejects: Option<&'a Path>,
    /// Start from the first line whatever an earlier import recorded.
    pub restart: bool,
    /// Part of the checkpoint's key.
    pub address: &'a str,
}

/// What became of one file.
#[derive(Debug, Clone)]
pub struct FileReport {
    pub path: PathBuf,
    /// Where its refusals are written.
    pub rejects: PathBuf,
    /// Totals, those of an interrupted run before included.
    pub position: Position,
    /// Line after which this run went on; 0: from the start.
    pub resumed_after: u64,
    /// Items accepted by this run.
    pub accepted_now: u64,
    pub elapsed: Duration,
}

/// Told how the import goes.
pub trait Watch {
    /// A file is about to be read.
    fn file(&self, path: &Path, progress: Progress);
    /// Items accepted and refused so far in this file.
    fn batch(&self, accepted: u64, refused: u64);
}

/// Imports every file, in order.
///
/// # Errors
/// Nothing could be read or sent, or the node went away. What was acknowledged before is recorded and stays.
pub async fn import(
    channel: NodeChannel,
    request: &ImportRequest<'_>,
    watch: &impl Watch,
) -> Result<Vec<FileReport>, ImportError> {
    let map_text = std::fs::read_to_string(request.map).map_err(|source| ImportError::Io {
        path: request.map.to_owned(),
        source,
    })?;
    let map = ImportMap::parse(&map_text).map_err(|source| ImportError::Map {
        path: request.map.to_owned(),
        source,
    })?;
    let node = upload::node_state(channel.clone()).await?;
    let mapper = ItemMapper::new(map, &node.regions).map_err(|source| ImportError::Region {
        path: request.map.to_owned(),
        source,
    })?;
    let mut run = Run {
        client: CatalogServiceClient::new(channel),
        mapper,
        sequence: node.sequence,
        restart: request.restart,
    };
    let mut reports = Vec::new();
    let mut finished = Vec::new();
    for path in request.files {
        let rejects = request.rejects.map_or_else(|| beside(path), Path::to_owned);
        let mut journal = Journal::open(request, &map_text, path, rejects, !reports.is_empty())?;
        reports.push(run.file(path, &mut journal, watch).await?);
        finished.push(journal.checkpoint);
    }
    for mut checkpoint in finished {
        checkpoint.remove().map_err(|source| ImportError::Io {
            path: request.map.to_owned(),
            source,
        })?;
    }
    Ok(reports)
}

/// FILE.rejects.tsv beside a file, or in the current folder when the file's own cannot be written to.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".rejects.tsv");
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Only trying tells: mounts and access lists decide beside the permission bits.
    match tempfile::tempfile_in(folder) {
        Ok(_) => path.with_file_name(name),
        Err(_) => PathBuf::from(name),
    }
}

/// Checkpoint and rejects of one file.
struct Journal {
    key: String,
    checkpoint: Checkpoint,
    rejects_path: PathBuf,
    /// True when an earlier file of the same command writes to the same rejects file.
    shared: bool,
}

impl Journal {
    fn open(
        request: &ImportRequest<'_>,
        map_text: &str,
        file: &Path,
        rejects_path: PathBuf,
        later: bool,
    ) -> Result<Self, ImportError> {
        let key =
            import_key(file, map_text, request.address).map_err(|source| ImportError::Io {
                path: file.to_owned(),
                source,
            })?;
        let checkpoint = Checkpoint::beside(&rejects_path);
        let shared = later && request.rejects.is_some();
        Ok(Self {
            key,
            checkpoint,
            rejects_path,
            shared,
        })
    }
}

/// What stays the same from file to file.
struct Run {
    client: CatalogServiceClient<NodeChannel>,
    mapper: ItemMapper,
    /// The node's last write when the import began.
    sequence: u64,
    restart: bool,
}

impl Run {
    async fn file(
        &mut self,
        path: &Path,
        journal: &mut Journal,
        watch: &impl Watch,
    ) -> Result<FileReport, ImportError> {
        let begun = Instant::now();
        let mut position = self.start(path, journal);
        let (resumed_after, accepted_before) = (position.line, position.accepted);
        if !position.complete {
            self.go_on(path, &mut position, journal, watch).await?;
        }
        Ok(FileReport {
            path: path.to_owned(),
            rejects: journal.rejects_path.clone(),
            accepted_now: position.accepted - accepted_before,
            position,
            resumed_after,
            elapsed: begun.elapsed(),
        })
    }

    /// Where to go on: the recorded position, unless the node has lost what was written until then.
    fn start(&self, path: &Path, journal: &Journal) -> Position {
        let known = journal
            .checkpoint
            .position(&journal.key)
            .filter(|_| !self.restart);
        let held = known.filter(|position| position.sequence <= self.sequence);
        held.cloned().unwrap_or_else(|| Position {
            file: path.display().to_string(),
            ..Position::default()
        })
    }

    async fn go_on(
        &mut self,
        path: &Path,
        position: &mut Position,
        journal: &mut Journal,
        watch: &impl Watch,
    ) -> Result<(), ImportError> {
        let io_error = |source| ImportError::Io {
            path: path.to_owned(),
            source,
        };
        let keep = match (position.line, journal.shared) {
            (0, true) => journal
                .rejects_path
                .metadata()
                .map_or(0, |metadata| metadata.len()),
            _ => position.rejects_bytes,
        };
        let mut rejects = Rejects::open(&journal.rejects_path, keep).map_err(io_error)?;
        let map = self.mapper.map();
        let file = CatalogueFile::open(path, map.columns.as_deref(), &map.paths, position.line)?;
        watch.file(path, file.progress());
        let mut batches = read_ahead(file, self.mapper.clone());
        while let Some(batch) = batches.recv().await {
            let batch = batch?;
            let line = batch.last_line;
            let unsold = batch
                .items
                .iter()
                .filter(|item| item.offers.is_empty())
                .count() as u64;
            let uploaded = upload::upload(&mut self.client, batch)
                .await
                .map_err(|source| ImportError::Interrupted {
                    line: position.line,
                    source,
                })?;
            rejects.add(path, &uploaded.refusals).map_err(io_error)?;
            position.line = line;
            position.accepted += uploaded.accepted;
            position.refused += uploaded.refusals.len() as u64;
            position.unsold += unsold;
            position.rejects_bytes = rejects.bytes();
            position.sequence = position.sequence.max(uploaded.sequence);
            journal
                .checkpoint
                .record(&journal.key, position.clone())
                .map_err(io_error)?;
            watch.batch(position.accepted, position.refused);
        }
        position.complete = true;
        journal
            .checkpoint
            .record(&journal.key, position.clone())
            .map_err(io_error)
    }
}

/// Reads and maps on a thread of its own, a few batches ahead of the sending.
fn read_ahead(file: CatalogueFile, mapper: ItemMapper) -> mpsc::Receiver<Result<Batch, ReadError>> {
    let (sender, receiver) = mpsc::channel(BATCHES_READY_MAX);
    tokio::task::spawn_blocking(move || {
        for batch in Batches::new(file, &mapper) {
            // The receiver is gone when the import has failed: nothing is left to do.
            if sender.blocking_send(batch).is_err() {
                return;
            }
        }
    });
    receiver
}
