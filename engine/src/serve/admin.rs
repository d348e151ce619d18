//! `AdminService`.

use sampan_proto::v1::{self, admin_service_server::AdminService};
use tonic::{Request, Response, Status};

use super::Services;

#[tonic::async_trait]
impl AdminService for Services {
    async fn list_documents(
        &self,
        request: Request<v1::ListDocumentsRequest>,
    ) -> Result<Response<v1::ListDocumentsResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| {
            let documents = node.documents().list(&request)?;
            Ok(v1::ListDocumentsResponse { documents })
        })
        .await
    }

    async fn get_document(
        &self,
        request: Request<v1::GetDocumentRequest>,
    ) -> Result<Response<v1::GetDocumentResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| {
            let document = Some(node.documents().get(&request)?);
            Ok(v1::GetDocumentResponse { document })
        })
        .await
    }

    async fn put_document(
        &self,
        request: Request<v1::PutDocumentRequest>,
    ) -> Result<Response<v1::PutDocumentResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.documents().put(&request)).await
    }

    async fn list_pools(
        &self,
        request: Request<v1::ListPoolsRequest>,
    ) -> Result<Response<v1::ListPoolsResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.pools(&request)).await
    }

    async fn report_exposure(
        &self,
        request: Request<v1::ReportExposureRequest>,
    ) -> Result<Response<v1::ReportExposureResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.exposure(&request)).await
    }

    async fn report_rates(
        &self,
        request: Request<v1::ReportRatesRequest>,
    ) -> Result<Response<v1::ReportRatesResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.rates(&request)).await
    }

    async fn list_changes(
        &self,
        request: Request<v1::ListChangesRequest>,
    ) -> Result<Response<v1::ListChangesResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.documents().changes(&request))
            .await
    }

    async fn get_change(
        &self,
        request: Request<v1::GetChangeRequest>,
    ) -> Result<Response<v1::GetChangeResponse>, Status> {
        let id = request.into_inner().id;
        self.call(move |node| {
            let change = Some(node.documents().change_of(id)?);
            Ok(v1::GetChangeResponse { change })
        })
        .await
    }

    async fn roll_back(
        &self,
        request: Request<v1::RollBackRequest>,
    ) -> Result<Response<v1::PutDocumentResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.documents().roll_back(&request))
            .await
    }

    async fn index_status(
        &self,
        _: Request<v1::IndexStatusRequest>,
    ) -> Result<Response<v1::IndexStatusResponse>, Status> {
        self.call(|node| node.status()).await
    }

    async fn snapshot(
        &self,
        _: Request<v1::SnapshotRequest>,
    ) -> Result<Response<v1::SnapshotResponse>, Status> {
        self.call(|node| {
            let published = node.snapshot()?;
            Ok(v1::SnapshotResponse {
                version: published.version,
                files: published.files,
                bytes: published.bytes,
                bytes_written: published.bytes_written,
            })
        })
        .await
    }
}
