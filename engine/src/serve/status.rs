//! The one place that maps errors to gRPC codes.

use tonic::{Code, Status};

use crate::base::error::SampanError;

/// The status of an error. The caller's faults say everything; the node's own say what the log has in full.
pub fn of(error: &SampanError) -> Status {
    let code = match error {
        SampanError::Invalid { .. } => Code::InvalidArgument,
        SampanError::NotFound { .. } => Code::NotFound,
        SampanError::Stale(_) => Code::Aborted,
        SampanError::Configuration { .. } => Code::FailedPrecondition,
        SampanError::Unavailable(_) => Code::Unavailable,
        SampanError::Storage(_) | SampanError::Internal(_) => {
            tracing::error!("{error}");
            Code::Internal
        }
    };
    Status::new(code, error.to_string())
}
