//! What can go wrong in the vector index, and whose fault it is.

use std::path::PathBuf;

use thiserror::Error;

use crate::files::FileError;

use super::options::{DIMENSIONS_MAX, MEAN_LENGTH_MAX, RESULTS_MAX};

/// Every failure of this room. Nothing is changed by a call that returns one.
#[derive(Debug, Error)]
pub enum VectorError {
    /// The caller sent no numbers at all.
    #[error("the vector is empty")]
    Empty,
    /// The caller sent more numbers than the index takes.
    #[error("the vector has {got} dimensions, more than the limit of {DIMENSIONS_MAX}")]
    TooManyDimensions {
        /// Dimensions of the refused vector.
        got: usize,
    },
    /// The caller's vector does not fit the vectors that are already there.
    #[error("the vector has {got} dimensions, the index has {expected}")]
    WrongDimension {
        /// Dimensions of the index.
        expected: usize,
        /// Dimensions of the refused vector.
        got: usize,
    },
    /// The caller sent NaN or an infinity.
    #[error("component {position} of the vector is {value}, not a finite number")]
    NotFinite {
        /// Zero-based position of the first such component.
        position: usize,
        /// The component.
        value: f32,
    },
    /// All components are zero, so the vector has no direction and no cosine.
    #[error("the vector has length zero, so it has no direction")]
    ZeroLength,
    /// The caller's mean is not that of vectors of length 1 that differ.
    #[error("the mean has length {length}, more than the limit of {MEAN_LENGTH_MAX}")]
    MeanTooLong {
        /// Length of the refused mean.
        length: f32,
    },
    /// The caller asked for more results than a search gives.
    #[error("{got} results were asked for, more than the limit of {RESULTS_MAX}")]
    TooManyResults {
        /// Results asked for.
        got: usize,
    },
    /// A file is not what this version of the index wrote: truncated, altered or of another version.
    #[error("{}: {reason}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What gave it away.
        reason: String,
    },
    /// The disk refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// The thread pool of the background builds could not be started.
    #[error("background build threads: {0}")]
    Threads(String),
    /// A background build stopped; its rows stay where they were and stay searchable.
    #[error("background build of {rows} rows failed: {reason}")]
    Build {
        /// Rows that the build was to freeze.
        rows: usize,
        /// Panic message or error.
        reason: String,
    },
}

impl From<FileError> for VectorError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Io { path, source } => Self::Io { path, source },
            FileError::Damaged { path, reason } => Self::Corrupt { path, reason },
        }
    }
}

impl VectorError {
    /// True when the caller's vector is at fault, false when the node or its disk is.
    pub fn is_callers_fault(&self) -> bool {
        matches!(
            self,
            Self::Empty
                | Self::TooManyDimensions { .. }
                | Self::WrongDimension { .. }
                | Self::NotFinite { .. }
                | Self::ZeroLength
                | Self::MeanTooLong { .. }
                | Self::TooManyResults { .. }
        )
    }

    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    pub(super) fn corrupt(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::Corrupt {
            path: path.into(),
            reason: reason.into(),
        }
    }
}
