//! gRPC clients of a node, and the few calls that every test makes.

use std::time::Duration;

use sampan_proto::v1::{
    self, admin_service_client::AdminServiceClient, catalog_service_client::CatalogServiceClient,
    event_service_client::EventServiceClient, feed_service_client::FeedServiceClient,
    search_service_client::SearchServiceClient,
};
use tonic::{Status, transport::Channel};

use crate::wait::until_true;

/// Messages the node may send back: as large as it allows in.
const MESSAGE_BYTES_MAX: usize = 32 << 20;
/// Time in which a write must be indexed before a test goes on that is not about that time.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// A client of every service, over one connection.
#[derive(Clone)]
pub struct Clients {
    pub channel: Channel,
    pub search: SearchServiceClient<Channel>,
    pub feed: FeedServiceClient<Channel>,
    pub catalog: CatalogServiceClient<Channel>,
    pub events: EventServiceClient<Channel>,
    pub admin: AdminServiceClient<Channel>,
}

impl Clients {
    /// Connects to `http://host:port`.
    ///
    /// # Panics
    /// When nothing listens there.
    pub async fn connect(address: &str) -> Self {
        let endpoint = Channel::from_shared(address.to_owned()).expect("an address");
        let channel = endpoint.connect().await.expect("the node listens");
        Self {
            search: SearchServiceClient::new(channel.clone())
                .max_decoding_message_size(MESSAGE_BYTES_MAX),
            feed: FeedServiceClient::new(channel.clone())
                .max_decoding_message_size(MESSAGE_BYTES_MAX),
            catalog: CatalogServiceClient::new(channel.clone())
                .max_decoding_message_size(MESSAGE_BYTES_MAX),
            events: EventServiceClient::new(channel.clone())
                .max_decoding_message_size(MESSAGE_BYTES_MAX),
            admin: AdminServiceClient::new(channel.clone())
                .max_decoding_message_size(MESSAGE_BYTES_MAX),
            channel,
        }
    }

    /// Sends batches in one stream.
    pub async fn try_upsert(
        &self,
        batches: Vec<Vec<v1::Item>>,
    ) -> Result<v1::UpsertItemsResponse, Status> {
        let requests = batches
            .into_iter()
            .map(|items| v1::UpsertItemsRequest { items });
        let stream = tokio_stream::iter(requests.collect::<Vec<_>>());
        let answer = self.catalog.clone().upsert_items(stream).await?;
        Ok(answer.into_inner())
    }

    /// Sends one batch; all of it must be accepted. Does not wait for the index.
    pub async fn upsert(&self, items: Vec<v1::Item>) -> v1::UpsertItemsResponse {
        let answer = self
            .try_upsert(vec![items])
            .await
            .expect("the batch is taken");
        let refused: Vec<_> = answer.results.iter().filter(|r| !r.accepted).collect();
        assert!(refused.is_empty(), "{refused:?}");
        answer
    }

    /// Puts items into the catalogue and waits until search sees them.
    pub async fn stock(&self, items: Vec<v1::Item>) {
        for batch in items.chunks(1_000) {
            let answer = self.upsert(batch.to_vec()).await;
            self.settle(answer.sequence).await;
        }
    }

    /// Waits until search sees a write.
    pub async fn settle(&self, sequence: u64) {
        until_true(SETTLED_WITHIN, "the index follows", || async {
            self.status().await.sequence_visible >= sequence
        })
        .await;
    }

    pub async fn status(&self) -> v1::IndexStatusResponse {
        let answer = self
            .admin
            .clone()
            .index_status(v1::IndexStatusRequest {})
            .await;
        answer.expect("the status").into_inner()
    }

    pub async fn try_search(
        &self,
        request: v1::SearchRequest,
    ) -> Result<v1::SearchResponse, Status> {
        let answer = self.search.clone().search(request).await?;
        Ok(answer.into_inner())
    }

    pub async fn search(&self, request: v1::SearchRequest) -> v1::SearchResponse {
        self.try_search(request).await.expect("an answer")
    }

    /// All pages of a search, first to last.
    pub async fn search_pages(&self, mut request: v1::SearchRequest) -> Vec<v1::SearchResponse> {
        let mut pages = Vec::new();
        loop {
            let page = self.search(request.clone()).await;
            request.page_token = page.next_page_token.clone();
            pages.push(page);
            if request.page_token.is_empty() {
                return pages;
            }
        }
    }

    /// The hits of all pages of a search.
    pub async fn search_all(&self, mut request: v1::SearchRequest) -> Vec<v1::Hit> {
        request.page_size = 100;
        let pages = self.search_pages(request).await;
        pages.into_iter().flat_map(|page| page.hits).collect()
    }

    pub async fn try_suggest(
        &self,
        request: v1::SuggestRequest,
    ) -> Result<v1::SuggestResponse, Status> {
        let answer = self.search.clone().suggest(request).await?;
        Ok(answer.into_inner())
    }

    pub async fn suggest(&self, prefix: &str, region: &str) -> Vec<v1::Suggestion> {
        let request = v1::SuggestRequest {
            prefix: prefix.to_owned(),
            region: region.to_owned(),
            ..Default::default()
        };
        let answer = self.try_suggest(request).await;
        answer.expect("suggestions").suggestions
    }

    pub async fn try_feed(
        &self,
        request: v1::GetFeedRequest,
    ) -> Result<v1::GetFeedResponse, Status> {
        let answer = self.feed.clone().get_feed(request).await?;
        Ok(answer.into_inner())
    }

    pub async fn feed(&self, request: v1::GetFeedRequest) -> v1::GetFeedResponse {
        self.try_feed(request).await.expect("a feed")
    }

    /// All cards of a visit, page after page.
    pub async fn feed_all(&self, mut request: v1::GetFeedRequest) -> Vec<v1::Card> {
        let mut cards = Vec::new();
        loop {
            let page = self.feed(request.clone()).await;
            cards.extend(page.cards);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return cards;
            }
        }
    }

    pub async fn try_similar(
        &self,
        request: v1::SimilarItemsRequest,
    ) -> Result<v1::SimilarItemsResponse, Status> {
        let answer = self.feed.clone().similar_items(request).await?;
        Ok(answer.into_inner())
    }

    pub async fn similar(&self, item_id: &str, region: &str) -> Vec<v1::Card> {
        let request = v1::SimilarItemsRequest {
            item_id: item_id.to_owned(),
            region: region.to_owned(),
            ..Default::default()
        };
        let answer = self.try_similar(request).await;
        answer.expect("similar items").cards
    }

    pub async fn try_get_item(&self, item_id: &str) -> Result<v1::Item, Status> {
        let request = v1::GetItemRequest {
            item_id: item_id.to_owned(),
        };
        let answer = self.catalog.clone().get_item(request).await?;
        Ok(answer.into_inner().item.expect("an item"))
    }

    pub async fn try_delete(&self, ids: &[&str]) -> Result<v1::DeleteItemsResponse, Status> {
        let request = v1::DeleteItemsRequest {
            item_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        };
        let answer = self.catalog.clone().delete_items(request).await?;
        Ok(answer.into_inner())
    }

    pub async fn try_update_offers(
        &self,
        updates: Vec<v1::OfferUpdate>,
    ) -> Result<v1::UpdateOffersResponse, Status> {
        let request = v1::UpdateOffersRequest { updates };
        let answer = self.catalog.clone().update_offers(request).await?;
        Ok(answer.into_inner())
    }

    pub async fn try_record(
        &self,
        events: Vec<v1::Event>,
    ) -> Result<v1::RecordEventsResponse, Status> {
        let request = v1::RecordEventsRequest { events };
        let answer = self.events.clone().record_events(request).await?;
        Ok(answer.into_inner())
    }

    /// Records events; all must be accepted. Does not wait for the feed.
    pub async fn record(&self, events: Vec<v1::Event>) -> v1::RecordEventsResponse {
        let answer = self.try_record(events).await.expect("the events are taken");
        assert_eq!(answer.refused, 0, "{answer:?}");
        answer
    }

    pub async fn try_put(
        &self,
        request: v1::PutDocumentRequest,
    ) -> Result<v1::PutDocumentResponse, Status> {
        let answer = self.admin.clone().put_document(request).await?;
        Ok(answer.into_inner())
    }

    /// Puts a region's restrictions in force. Does not wait for the index.
    pub async fn put_restrictions(&self, region: &str, toml: &str) -> v1::PutDocumentResponse {
        self.put(v1::DocumentKind::Restrictions, region, toml).await
    }

    /// Puts a region's pools in force. Does not wait for the index.
    pub async fn put_pools(&self, region: &str, toml: &str) -> v1::PutDocumentResponse {
        self.put(v1::DocumentKind::Pools, region, toml).await
    }

    /// What is in each pool of a region.
    pub async fn pools(&self, region: &str) -> Vec<v1::PoolStatus> {
        let request = v1::ListPoolsRequest {
            region: region.to_owned(),
        };
        let answer = self.admin.clone().list_pools(request).await;
        answer.expect("pools").into_inner().pools
    }

    /// Puts a region's ranking profile in force. Does not wait for the index.
    pub async fn put_profile(&self, region: &str, toml: &str) -> v1::PutDocumentResponse {
        self.put(v1::DocumentKind::RankingProfile, region, toml)
            .await
    }

    /// Puts a destination's freight table in force.
    pub async fn put_freight(&self, destination: &str, toml: &str) -> v1::PutDocumentResponse {
        self.put(v1::DocumentKind::Freight, destination, toml).await
    }

    async fn put(
        &self,
        kind: v1::DocumentKind,
        region: &str,
        toml: &str,
    ) -> v1::PutDocumentResponse {
        let request = v1::PutDocumentRequest {
            kind: kind.into(),
            region: region.to_owned(),
            toml: toml.to_owned(),
            ..Default::default()
        };
        self.try_put(request).await.expect("the document is taken")
    }

    pub async fn try_get_document(
        &self,
        kind: v1::DocumentKind,
        region: &str,
    ) -> Result<v1::Document, Status> {
        let request = v1::GetDocumentRequest {
            kind: kind.into(),
            region: region.to_owned(),
        };
        let answer = self.admin.clone().get_document(request).await?;
        Ok(answer.into_inner().document.expect("a document"))
    }
}

/// A search for a text in a region; the rest is default.
pub fn query(text: &str, region: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        text: text.to_owned(),
        region: region.to_owned(),
        ..Default::default()
    }
}

/// Ids of hits, in their order.
pub fn ids(hits: &[v1::Hit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.item_id.as_str()).collect()
}

/// Ids of cards, in their order.
pub fn card_ids(cards: &[v1::Card]) -> Vec<&str> {
    let hits = cards.iter().filter_map(|card| card.hit.as_ref());
    hits.map(|hit| hit.item_id.as_str()).collect()
}
