//! A model's features as a folder of Parquet, so that another program can read them or compute them at larger scale.
//!
//! - `items.parquet`: `item_id` (UTF-8), `events`, `repeat_rate`, `interval_days` (float), `vector` (list of float).
//! - `neighbours.parquet`: `source` (`co_occurrence` or `swing`), `item_id`, `neighbour_id` (UTF-8), `weight` (float).
//! - `model.json`: what a model says of itself, with the weights of the sources.

pub mod read;
pub mod write;

use std::{io, path::PathBuf};

use sampan_engine::recommend::{Neighbours, file::NamedModel, source::Source};

pub const ITEMS_FILE: &str = "items.parquet";
pub const NEIGHBOURS_FILE: &str = "neighbours.parquet";
pub const MODEL_FILE: &str = "model.json";

/// Why features cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FeaturesFileError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Parquet {
        path: PathBuf,
        source: parquet::errors::ParquetError,
    },
    #[error("{}: {reason}", path.display())]
    Content { path: PathBuf, reason: String },
    #[error("{}, row {row}: {column}: {reason}", path.display())]
    Row {
        path: PathBuf,
        /// From 1.
        row: usize,
        column: &'static str,
        reason: String,
    },
}

/// Lists of a model by the name of their source.
fn lists(model: &NamedModel) -> [(&'static str, &Neighbours); 2] {
    [
        (Source::CoOccurrence.name(), &model.model.co_occurrence),
        (Source::Swing.name(), &model.model.swing),
    ]
}

#[cfg(test)]
mod tests;
