//! Floor 0: files that are whole or absent, and checked before they are read.
//!
//! - `durable`: written aside, synced, renamed.
//! - `sections`: a header with counts and a table of sections, each with its checksum.
//! - `mapped`: such a file in memory, every byte checked.
//!
//! A file never changes once it has its name, so a mapping of it stays valid when it is replaced or removed.

pub mod durable;
mod mapped;
mod sections;

pub use mapped::{MappedBytes, MappedSections};
pub use sections::{FileKind, SectionHeader};

use std::{
    io,
    path::{Path, PathBuf},
};

/// What can be wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Disk or file system: the operator's to mend.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
    /// Truncated, altered, of another kind or of another version.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What gave it away.
        reason: String,
    },
}

impl FileError {
    /// Turns an error of the file system into one that names the file.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// Says what is wrong with a file's bytes.
    pub fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}
