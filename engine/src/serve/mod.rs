//! Floor 6: the gRPC services over a [`Node`]. The only async floor: every call hands its work to a blocking thread.

mod admin;
mod catalog;
mod events;
mod feed;
mod search;
pub mod status;

use std::{future::Future, sync::Arc};

use sampan_proto::{FILE_DESCRIPTOR_SET, v1};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Response, Status, transport::Server};
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

/// Serves until `shutdown`; then lets calls in flight end.
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
    Server::builder()
        .add_service(health_service)
        .add_service(reflection)
        .add_service(limited!(SearchServiceServer))
        .add_service(limited!(FeedServiceServer))
        .add_service(limited!(CatalogServiceServer))
        .add_service(limited!(EventServiceServer))
        .add_service(limited!(AdminServiceServer))
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), shutdown)
        .await
        .map_err(SampanError::internal)
}
