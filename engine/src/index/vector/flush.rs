//! Making everything durable.

use std::fs;
use std::path::PathBuf;

use super::error::VectorError;
use super::freeze::{FrozenInput, Linking, freeze};
use super::manifest::{ListedSegment, Manifest, manifest_path, segment_path};
use super::writer::VectorWriter;
use crate::files::durable::sync_directory;

/// What the disk holds.
#[derive(Default)]
pub(super) struct Flushed {
    /// Sequence of the last flush.
    pub sequence: u64,
    /// File of the tail as of the last flush.
    pub tail_file: Option<u64>,
    /// True when the tail is no longer what that file holds.
    pub tail_changed: bool,
    /// Files of the last flush.
    pub files: Vec<PathBuf>,
    /// Files to remove once no manifest on disk lists them.
    pub obsolete: Vec<PathBuf>,
}

impl VectorWriter {
    /// Writes all that is not on disk yet, and then the manifest with `sequence`: after a crash the
    /// index opens as it is now. Does not wait for builds; their input is durable without them.
    ///
    /// # Errors
    /// The disk refuses; the index on disk is then still the one of the flush before.
    pub fn flush(&mut self, sequence: u64) -> Result<(), VectorError> {
        self.take_finished_build();
        if self.flushed.tail_changed {
            self.write_tail()?;
        }
        let segments: Vec<ListedSegment> = self
            .segments
            .iter()
            .map(|held| ListedSegment {
                file: held.file,
                dead: held.view.dead_ordinals(),
            })
            .collect();
        let manifest = Manifest {
            sequence,
            dimensions: self.dimensions,
            means: (*self.means).clone(),
            next_file: self.next_file,
            segments,
            tail: self.flushed.tail_file,
        };
        manifest.write(&self.directory)?;
        self.flushed.sequence = sequence;
        let files = manifest
            .segments
            .iter()
            .map(|segment| segment.file)
            .chain(manifest.tail);
        self.flushed.files = files
            .map(|file| segment_path(&self.directory, file))
            .collect();
        self.flushed.files.push(manifest_path(&self.directory));
        self.remove_obsolete()
    }

    /// The sequence of the last flush, 0 before the first; also right after `open`.
    pub fn flushed_sequence(&self) -> u64 {
        self.flushed.sequence
    }

    /// The files that make up the index as of the last flush. They stay until the next flush.
    pub fn files(&self) -> Vec<PathBuf> {
        self.flushed.files.clone()
    }

    fn write_tail(&mut self) -> Result<(), VectorError> {
        let Some(dimensions) = self.dimensions else {
            return Ok(());
        };
        let file = self.take_file_number();
        let path = segment_path(&self.directory, file);
        let input = FrozenInput {
            segments: Vec::new(),
            chunks: self.tail.chunks().to_vec(),
            recentring: None,
        };
        let written = freeze(&input, dimensions, Linking::None, &path)?;
        let old = std::mem::replace(&mut self.flushed.tail_file, written.map(|_| file));
        self.flushed
            .obsolete
            .extend(old.map(|file| segment_path(&self.directory, file)));
        self.flushed.tail_changed = false;
        Ok(())
    }

    fn remove_obsolete(&mut self) -> Result<(), VectorError> {
        for path in std::mem::take(&mut self.flushed.obsolete) {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    // It costs disk space only, and the next open removes it.
                    tracing::warn!(%error, path = %path.display(), "obsolete vector file");
                }
                _ => {}
            }
        }
        Ok(sync_directory(&self.directory)?)
    }
}
