//! Logs of what shoppers did, from files, in the shape that models learn from.

pub mod attributes;
pub mod sequences;
pub mod ta_feng;

use std::{io, path::PathBuf};

/// Why a log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum InteractionsError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}, line {line}: {reason}", path.display())]
    Line {
        path: PathBuf,
        line: u64,
        reason: String,
    },
    #[error("{}: {reason}", path.display())]
    Content { path: PathBuf, reason: String },
}
