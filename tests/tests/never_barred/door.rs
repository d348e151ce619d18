//! How a shopper reaches the node: as the services call it, or over the wire.

use std::sync::Arc;

use sampan_engine::Node;
use sampan_proto::v1;
use sampan_tests::clients::Clients;
use tokio::runtime::Handle;

pub struct Door {
    pub engine: Arc<Node>,
    /// `None`: the services' own calls, which cost least.
    pub wire: Option<(Clients, Handle)>,
}

/// An answer, or what the node says of its failure.
type Answer<T> = Result<T, String>;

impl Door {
    /// The last write that every answer from now on has seen.
    pub fn seen(&self) -> u64 {
        self.engine.generation().sequence
    }

    pub fn search(&self, request: &v1::SearchRequest) -> Answer<v1::SearchResponse> {
        match &self.wire {
            None => said(self.engine.search(request)),
            Some((clients, runtime)) => said(runtime.block_on(clients.try_search(request.clone()))),
        }
    }

    pub fn suggest(&self, request: &v1::SuggestRequest) -> Answer<v1::SuggestResponse> {
        match &self.wire {
            None => said(self.engine.suggest(request)),
            Some((clients, runtime)) => {
                said(runtime.block_on(clients.try_suggest(request.clone())))
            }
        }
    }

    pub fn feed(&self, request: &v1::GetFeedRequest) -> Answer<v1::GetFeedResponse> {
        match &self.wire {
            None => said(self.engine.feed(request)),
            Some((clients, runtime)) => said(runtime.block_on(clients.try_feed(request.clone()))),
        }
    }

    pub fn similar(&self, request: &v1::SimilarItemsRequest) -> Answer<v1::SimilarItemsResponse> {
        match &self.wire {
            None => said(self.engine.similar(request)),
            Some((clients, runtime)) => {
                said(runtime.block_on(clients.try_similar(request.clone())))
            }
        }
    }
}

fn said<T>(answer: Result<T, impl ToString>) -> Answer<T> {
    answer.map_err(|error| error.to_string())
}
