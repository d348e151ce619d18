//! Reading a plan: a TOML file that says what is to be tried, and whose faults are told by file and field.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

/// Why a plan cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("{}: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: {source}", path.display())]
    Toml {
        path: PathBuf,
        source: Box<toml::de::Error>,
    },
    #[error("{}: {field}: {reason}", path.display())]
    Field {
        path: PathBuf,
        field: String,
        reason: String,
    },
}

/// Reads what a plan says.
///
/// # Errors
/// The file cannot be read, or is no TOML of that shape.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<T, PlanError> {
    toml::from_str(&text(path)?).map_err(|source| PlanError::Toml {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

/// The text of a plan, or of a file that it names.
///
/// # Errors
/// The file cannot be read.
pub fn text(path: &Path) -> Result<String, PlanError> {
    fs::read_to_string(path).map_err(|source| PlanError::Io {
        path: path.to_owned(),
        source,
    })
}
