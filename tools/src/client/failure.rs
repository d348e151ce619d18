//! What went wrong with a call, in one sentence with what to do next.

use tonic::{Code, Status};

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("\"{address}\" is no address of a node; write it like http://127.0.0.1:50051")]
    Address { address: String },
    #[error(
        "no node answers at {address}; start one with `sampan serve`, or name another with --address"
    )]
    Unreachable { address: String },
    #[error("{}", sentence(.0))]
    Refused(Box<Status>),
}

impl From<Status> for ClientError {
    fn from(status: Status) -> Self {
        Self::Refused(Box::new(status))
    }
}

/// A gRPC status as a sentence: the node's own words, then what helps.
fn sentence(status: &Status) -> String {
    let message = match status.message().trim_end_matches('.') {
        "" => "the node gave no reason",
        text => text,
    };
    let next = match status.code() {
        Code::InvalidArgument | Code::OutOfRange => "correct it and try again (see --help)",
        Code::NotFound => "check the id or name",
        Code::Aborted | Code::FailedPrecondition => {
            "what the request refers to has changed: read it again, then repeat"
        }
        Code::ResourceExhausted => "the node is busy: try again in a moment",
        Code::DeadlineExceeded | Code::Cancelled => "it took too long: try again",
        Code::Unavailable => "the node went away: see whether it runs, then try again",
        Code::Unauthenticated | Code::PermissionDenied => "the node does not let you do this",
        Code::Unimplemented => {
            "the node does not know this call: it may be older than this command"
        }
        _ => "the node failed; its log says more",
    };
    format!("{message}; {next}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_becomes_the_nodes_words_and_a_next_step() {
        let status = Status::invalid_argument("region: \"xx\" is not known; want one of hk, tw.");
        assert_eq!(
            ClientError::from(status).to_string(),
            "region: \"xx\" is not known; want one of hk, tw; correct it and try again (see --help)"
        );
        let silent = ClientError::from(Status::internal("")).to_string();
        assert_eq!(
            silent,
            "the node gave no reason; the node failed; its log says more"
        );
    }
}
