//! `EventService`.

use sampan_proto::v1::{self, event_service_server::EventService};
use tonic::{Request, Response, Status};

use super::Services;

#[tonic::async_trait]
impl EventService for Services {
    async fn record_events(
        &self,
        request: Request<v1::RecordEventsRequest>,
    ) -> Result<Response<v1::RecordEventsResponse>, Status> {
        let events = request.into_inner().events;
        self.call(move |node| {
            let outcome = node.record_events(events)?;
            let accepted = outcome
                .results
                .iter()
                .filter(|result| result.accepted)
                .count() as u64;
            Ok(v1::RecordEventsResponse {
                accepted,
                refused: outcome.results.len() as u64 - accepted,
                duplicates: outcome.duplicates,
                sequence: outcome.sequence,
                results: outcome.results,
            })
        })
        .await
    }

    async fn erase_user(
        &self,
        request: Request<v1::EraseUserRequest>,
    ) -> Result<Response<v1::EraseUserResponse>, Status> {
        let request = request.into_inner();
        self.call(move |node| node.erase_user(&request)).await
    }
}
