//! `FeedService`.

use sampan_proto::v1::{self, feed_service_server::FeedService};
use tonic::{Request, Response, Status};

use super::Services;

#[tonic::async_trait]
impl FeedService for Services {
    async fn get_feed(
        &self,
        request: Request<v1::GetFeedRequest>,
    ) -> Result<Response<v1::GetFeedResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.feed(&request)).await
    }

    async fn inspect_feed(
        &self,
        request: Request<v1::GetFeedRequest>,
    ) -> Result<Response<v1::InspectFeedResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.inspect_feed(&request)).await
    }

    async fn similar_items(
        &self,
        request: Request<v1::SimilarItemsRequest>,
    ) -> Result<Response<v1::SimilarItemsResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.similar(&request)).await
    }
}
