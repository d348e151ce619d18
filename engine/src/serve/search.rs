//! `SearchService`.

use sampan_proto::v1::{self, search_service_server::SearchService};
use tonic::{Request, Response, Status};

use super::Services;

#[tonic::async_trait]
impl SearchService for Services {
    async fn search(
        &self,
        request: Request<v1::SearchRequest>,
    ) -> Result<Response<v1::SearchResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.search(&request)).await
    }

    async fn suggest(
        &self,
        request: Request<v1::SuggestRequest>,
    ) -> Result<Response<v1::SuggestResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.suggest(&request)).await
    }
}
