//! What can be wrong with an encoder's file.

use std::path::{Path, PathBuf};

use crate::files::FileError;

/// Why an encoder could not be opened or written. Encoding itself cannot fail.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    /// Disk or file system: the operator's to mend.
    #[error("{path}: {source}")]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The file is not an encoder, is of another version, or was altered: fetch it again.
    #[error("{path}: {reason}; `sampan model fetch` makes it again")]
    Damaged { path: PathBuf, reason: String },
    /// The parts of a model do not fit together: the fault of whoever builds the file.
    #[error("the model cannot be written: {0}")]
    Parts(String),
}

impl From<FileError> for EncoderError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Io { path, source } => Self::Io { path, source },
            FileError::Damaged { path, reason } => Self::Damaged { path, reason },
        }
    }
}

impl EncoderError {
    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}
