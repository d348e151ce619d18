//! A node in this process that keeps what it is sent, and goes away when it is told to.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use sampan_proto::v1::{
    self,
    admin_service_server::{AdminService, AdminServiceServer},
    catalog_service_server::{CatalogService, CatalogServiceServer},
};
use tokio::net::TcpListener;
use tokio_stream::{StreamExt as _, wrappers::TcpListenerStream};
use tonic::{Request, Response, Status, Streaming, transport::Server};

/// What the node has seen and how it is to behave.
#[derive(Debug, Default)]
pub struct State {
    /// How often each item was accepted.
    pub accepted: HashMap<String, u32>,
    /// The last offers of each item.
    pub offers: HashMap<String, Vec<v1::Offer>>,
    /// Batches that are still answered; then the node is unavailable. None: no end.
    pub batches_left: Option<u32>,
    pub sequence: u64,
}

#[derive(Clone, Default)]
pub struct FakeNode(Arc<Mutex<State>>);

impl FakeNode {
    /// Starts serving on a free port, for as long as the runtime lives.
    pub async fn start() -> (Self, String) {
        let node = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = Server::builder()
            .add_service(CatalogServiceServer::new(node.clone()))
            .add_service(AdminServiceServer::new(node.clone()))
            .serve_with_incoming(TcpListenerStream::new(listener));
        tokio::spawn(server);
        (node, address)
    }

    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }
}

#[tonic::async_trait]
impl CatalogService for FakeNode {
    /// Refuses items without a brand, as a stand-in for whatever a real node refuses.
    async fn upsert_items(
        &self,
        request: Request<Streaming<v1::UpsertItemsRequest>>,
    ) -> Result<Response<v1::UpsertItemsResponse>, Status> {
        let mut stream = request.into_inner();
        let mut response = v1::UpsertItemsResponse::default();
        while let Some(batch) = stream.next().await {
            for item in batch?.items {
                let accepted = !item.brand.is_empty();
                let said = |text: &str| {
                    if accepted {
                        String::new()
                    } else {
                        text.to_owned()
                    }
                };
                response.results.push(v1::ItemResult {
                    item_id: item.id.clone(),
                    accepted,
                    field: said("brand"),
                    reason: said("is empty"),
                    index: response.results.len() as u64,
                });
                if accepted {
                    response.accepted += 1;
                    self.with(|state| {
                        *state.accepted.entry(item.id.clone()).or_default() += 1;
                        state.offers.insert(item.id, item.offers);
                        state.sequence += 1;
                    });
                } else {
                    response.refused += 1;
                }
            }
        }
        response.sequence = self.with(|state| state.sequence);
        let answered = self.with(|state| match &mut state.batches_left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => true,
        });
        if !answered {
            // Items were written, but nobody is told: the harder of the two ways to go away.
            return Err(Status::unavailable("going away"));
        }
        Ok(Response::new(response))
    }

    async fn delete_items(
        &self,
        _: Request<v1::DeleteItemsRequest>,
    ) -> Result<Response<v1::DeleteItemsResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn update_offers(
        &self,
        _: Request<v1::UpdateOffersRequest>,
    ) -> Result<Response<v1::UpdateOffersResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn get_item(
        &self,
        request: Request<v1::GetItemRequest>,
    ) -> Result<Response<v1::GetItemResponse>, Status> {
        Err(Status::not_found(format!(
            "no item {}",
            request.into_inner().item_id
        )))
    }
}

#[tonic::async_trait]
impl AdminService for FakeNode {
    async fn index_status(
        &self,
        _: Request<v1::IndexStatusRequest>,
    ) -> Result<Response<v1::IndexStatusResponse>, Status> {
        let region = |code: &str, currency: &str| v1::RegionStatus {
            region: code.into(),
            currency: currency.into(),
            ..Default::default()
        };
        Ok(Response::new(v1::IndexStatusResponse {
            regions: vec![region("hk", "HKD"), region("tw", "TWD")],
            sequence_written: self.with(|state| state.sequence),
            sequence_visible: self.with(|state| state.sequence),
            ..Default::default()
        }))
    }

    async fn list_documents(
        &self,
        _: Request<v1::ListDocumentsRequest>,
    ) -> Result<Response<v1::ListDocumentsResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn get_document(
        &self,
        _: Request<v1::GetDocumentRequest>,
    ) -> Result<Response<v1::GetDocumentResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn put_document(
        &self,
        _: Request<v1::PutDocumentRequest>,
    ) -> Result<Response<v1::PutDocumentResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn list_pools(
        &self,
        _: Request<v1::ListPoolsRequest>,
    ) -> Result<Response<v1::ListPoolsResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn report_exposure(
        &self,
        _: Request<v1::ReportExposureRequest>,
    ) -> Result<Response<v1::ReportExposureResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn report_rates(
        &self,
        _: Request<v1::ReportRatesRequest>,
    ) -> Result<Response<v1::ReportRatesResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn list_changes(
        &self,
        _: Request<v1::ListChangesRequest>,
    ) -> Result<Response<v1::ListChangesResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn get_change(
        &self,
        _: Request<v1::GetChangeRequest>,
    ) -> Result<Response<v1::GetChangeResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn roll_back(
        &self,
        _: Request<v1::RollBackRequest>,
    ) -> Result<Response<v1::PutDocumentResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn snapshot(
        &self,
        _: Request<v1::SnapshotRequest>,
    ) -> Result<Response<v1::SnapshotResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }
}
