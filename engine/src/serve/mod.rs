//! Floor 6: the gRPC services over a [`Node`]. The only async floor: every call hands its work to a blocking thread.

mod admin;
mod catalog;
mod events;
mod feed;
mod search;
pub mod status;

use std::{future::Future, sync::Arc, time::Duration};

use sampan_proto::{FILE_DESCRIPTOR_SET, v1};
use tokio::net::TcpListener;
use tonic::{
    Response, Status,
    transport::{Server, server::TcpIncoming},
};
use v1::{
    admin_service_server::AdminServiceServer, catalog_service_server::CatalogServiceServer,
    event_service_server::EventServiceServer, feed_service_server::FeedServiceServer,
    search_service_server::SearchServiceServer,
};

use crate::{
    Node,
    base::{
        error::{Result, SampanError},
        limits,
    },
};

/// Time that calls in flight have to end when the node is asked to stop. Answers take milliseconds; what is left after
/// this is a client that does not answer, and no client may keep the node from stopping.
const DRAINED_WITHIN: Duration = Duration::from_secs(5);

/// The services, all over one node.
#[derive(Clone)]
struct Services {
    node: Arc<Node>,
}

impl Services {
    /// Does a call's work on a blocking thread and maps its error.
    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Node) -> Result<T> + Send + 'static,
    ) -> std::result::Result<Response<T>, Status> {
        let node = self.node.clone();
        let done = tokio::task::spawn_blocking(move || work(&node)).await;
        match done {
            Ok(Ok(answer)) => Ok(Response::new(answer)),
            Ok(Err(error)) => Err(status::of(&error)),
            Err(panicked) => Err(status::of(&SampanError::internal(panicked))),
        }
    }
}

/// Serves until `shutdown`; then lets calls in flight end, for at most [`DRAINED_WITHIN`].
pub async fn serve(
    node: Arc<Node>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let services = Services { node };
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_serving::<SearchServiceServer<Services>>().await;
    health.set_serving::<FeedServiceServer<Services>>().await;
    health.set_serving::<CatalogServiceServer<Services>>().await;
    health.set_serving::<EventServiceServer<Services>>().await;
    health.set_serving::<AdminServiceServer<Services>>().await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()
        .map_err(SampanError::internal)?;
    macro_rules! limited {
        ($service:ident) => {
            $service::new(services.clone())
                .max_decoding_message_size(limits::MESSAGE_BYTES_MAX)
                .max_encoding_message_size(limits::MESSAGE_BYTES_MAX)
        };
    }
    let (asked, told) = tokio::sync::oneshot::channel();
    let shutdown = async {
        shutdown.await;
        // Nobody listens when the server has failed already.
        let _ = asked.send(());
    };
    // An answer goes out at once: without this the kernel keeps its last piece until the client has acknowledged the first,
    // which some clients do only after 40 ms (Nagle's algorithm, RFC 896, beside delayed acknowledgements, RFC 1122).
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let server = Server::builder()
        .add_service(health_service)
        .add_service(reflection)
        .add_service(limited!(SearchServiceServer))
        .add_service(limited!(FeedServiceServer))
        .add_service(limited!(CatalogServiceServer))
        .add_service(limited!(EventServiceServer))
        .add_service(limited!(AdminServiceServer))
        .serve_with_incoming_shutdown(incoming, shutdown);
    let out_of_patience = async {
        if told.await.is_ok() {
            tokio::time::sleep(DRAINED_WITHIN).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        served = server => served.map_err(SampanError::internal),
        () = out_of_patience => Ok(()),
    }
}
