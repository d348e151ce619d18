//! Errors that know whose fault they are. `serve::status` alone maps them to gRPC codes.

use std::fmt::Display;

/// Why the node could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SampanError {
    /// The caller's request is wrong; `field` is its path in the request.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    /// The caller asks for something that is not there.
    #[error("{what} {id:?} does not exist")]
    NotFound { what: &'static str, id: String },
    /// The caller's view is out of date; starting again helps.
    #[error("{0}")]
    Stale(String),
    /// A dictionary, profile or policy is wrong; `place` is file and line.
    #[error("{place}: {reason}")]
    Configuration { place: String, reason: String },
    /// The node is stopping or still starting.
    #[error("{0}")]
    Unavailable(String),
    /// Disk or file system: the operator's to mend.
    #[error("storage: {0}")]
    Storage(String),
    /// The node's own fault.
    #[error("internal: {0}")]
    Internal(String),
}

impl SampanError {
    /// A wrong field of the request.
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            reason: reason.into(),
        }
    }

    /// A failure of the store below.
    pub fn storage(error: impl Display) -> Self {
        Self::Storage(error.to_string())
    }

    /// A failure that should not be.
    pub fn internal(error: impl Display) -> Self {
        Self::Internal(error.to_string())
    }
}

/// What fallible calls of this crate return.
pub type Result<T, E = SampanError> = std::result::Result<T, E>;
