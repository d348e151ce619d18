//! What can go wrong, and whose fault it is.

/// A dictionary file that cannot be used as it stands: the fault of whoever edited it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {column}: {reason}")]
pub struct DictionaryError {
    /// Path relative to `dictionaries/`.
    pub file: String,
    /// Line, from 1; 0 for the whole file.
    pub line: usize,
    /// Name of the column or key.
    pub column: String,
    pub reason: String,
}

/// A script conversion that could not be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// The caller named a configuration that OpenCC does not have.
    #[error("no conversion named {name:?}; one of: {known}")]
    UnknownConfiguration { name: String, known: String },
    /// The machine could not keep OpenCC's data where the library can read it.
    #[error("cannot unpack OpenCC's data into {folder}: {reason}")]
    Unpack { folder: String, reason: String },
    /// OpenCC itself refused.
    #[error("OpenCC: {reason}")]
    Library { reason: String },
}
