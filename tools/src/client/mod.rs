//! Calling a node over gRPC.

mod connect;
mod failure;

pub use connect::{NodeChannel, connect};
pub use failure::ClientError;
