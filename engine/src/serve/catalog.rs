//! `CatalogService`.

use sampan_proto::v1::{self, catalog_service_server::CatalogService};
use tonic::{Request, Response, Status, Streaming};

use super::Services;
use crate::base::limits;

#[tonic::async_trait]
impl CatalogService for Services {
    async fn upsert_items(
        &self,
        request: Request<Streaming<v1::UpsertItemsRequest>>,
    ) -> Result<Response<v1::UpsertItemsResponse>, Status> {
        let mut batches = request.into_inner();
        let mut answer = v1::UpsertItemsResponse::default();
        let mut taken = 0u64;
        while let Some(batch) = batches.message().await? {
            let outcome = self
                .call(move |node| node.upsert(batch.items))
                .await?
                .into_inner();
            answer.sequence = outcome.sequence;
            for mut result in outcome.results {
                result.index = taken;
                taken += 1;
                if result.accepted {
                    answer.accepted += 1;
                } else {
                    answer.refused += 1;
                }
                answer.results.push(result);
            }
            if answer.results.len() > limits::STREAM_RESULTS_MAX {
                answer.results.retain(|result| !result.accepted);
            }
        }
        Ok(Response::new(answer))
    }

    async fn delete_items(
        &self,
        request: Request<v1::DeleteItemsRequest>,
    ) -> Result<Response<v1::DeleteItemsResponse>, Status> {
        let ids = request.into_inner().item_ids;
        self.call(move |node| {
            let outcome = node.delete(ids)?;
            Ok(v1::DeleteItemsResponse {
                results: outcome.results,
                sequence: outcome.sequence,
            })
        })
        .await
    }

    async fn update_offers(
        &self,
        request: Request<v1::UpdateOffersRequest>,
    ) -> Result<Response<v1::UpdateOffersResponse>, Status> {
        let updates = request.into_inner().updates;
        self.call(move |node| {
            let outcome = node.update_offers(updates)?;
            Ok(v1::UpdateOffersResponse {
                results: outcome.results,
                sequence: outcome.sequence,
            })
        })
        .await
    }

    async fn get_item(
        &self,
        request: Request<v1::GetItemRequest>,
    ) -> Result<Response<v1::GetItemResponse>, Status> {
        let id = request.into_inner().item_id;
        self.call(move |node| {
            let item = Some(node.item(&id)?);
            Ok(v1::GetItemResponse { item })
        })
        .await
    }
}
