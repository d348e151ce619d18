//! The connection to a node.

use std::time::Duration;

use tonic::transport::{Channel, Endpoint};

use super::ClientError;

/// How long to wait for a connection. A node on the same network answers in milliseconds.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What the generated clients are built on.
pub type NodeChannel = Channel;

/// Connects to the node at an address ("http://127.0.0.1:50051", or without the scheme).
///
/// # Errors
/// The address is none, or nothing answers there.
pub async fn connect(address: &str) -> Result<NodeChannel, ClientError> {
    let url = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let endpoint = Endpoint::from_shared(url.clone()).map_err(|_| ClientError::Address {
        address: address.to_owned(),
    })?;
    endpoint
        .connect_timeout(CONNECT_TIMEOUT)
        .connect()
        .await
        .map_err(|_| ClientError::Unreachable { address: url })
}
