//! A walk through a node that holds the demo catalogue: the same queries from several regions, a suggestion, and a
//! feed before and after a click. It calls the node like any other client.

use sampan_proto::v1::{
    self, event_service_client::EventServiceClient, feed_service_client::FeedServiceClient,
    search_service_client::SearchServiceClient,
};
use serde_json::{Value, json};

use crate::{
    client::{ClientError, NodeChannel},
    terminal::json::{self, JsonError},
};

/// What is searched, and the regions it is searched from.
pub const SEARCHES: [(&str, [&str; 3]); 4] = [
    ("雪櫃", ["hk", "tw", "sg"]),
    ("行動電源", ["tw", "hk", "us"]),
    ("连衣裙", ["sg", "hk", "au"]),
    ("奶粉", ["hk", "tw", "cn"]),
];

/// Hits of each search; the comparison between regions is over these.
pub const HITS: u32 = 10;

/// What is typed for the suggestion, and where.
pub const PREFIX: (&str, &str) = ("雪", "hk");

/// Where the feed is seen, by whom, and what that visitor looks for before clicking.
pub const FEED_REGION: &str = "hk";
pub const SESSION: &str = "demo-visit";
pub const CLICKED_QUERY: &str = "貓糧";

/// Cards of each feed.
const FEED_CARDS: u32 = 5;

/// One search from one region.
#[derive(Debug)]
pub struct RegionAnswer {
    pub region: &'static str,
    pub response: v1::SearchResponse,
}

/// Everything that was seen.
#[derive(Debug)]
pub struct Tour {
    /// By query, then by region.
    pub searches: Vec<(&'static str, Vec<RegionAnswer>)>,
    pub suggestions: v1::SuggestResponse,
    pub feed_before: v1::GetFeedResponse,
    /// What was clicked, when the search for it found anything.
    pub clicked: Option<v1::Hit>,
    pub feed_after: v1::GetFeedResponse,
}

impl Tour {
    /// Searches and suggestions, and the feed before the click.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn walk(channel: NodeChannel) -> Result<Self, ClientError> {
        let mut searcher = SearchServiceClient::new(channel.clone());
        let mut searches = Vec::new();
        for (query, regions) in SEARCHES {
            let mut answers = Vec::new();
            for region in regions {
                let request = search_request(query, region, HITS);
                let response = searcher.search(request).await?.into_inner();
                answers.push(RegionAnswer { region, response });
            }
            searches.push((query, answers));
        }
        let (prefix, region) = PREFIX;
        let request = v1::SuggestRequest {
            prefix: prefix.to_owned(),
            region: region.to_owned(),
            count: FEED_CARDS,
            ..Default::default()
        };
        let suggestions = searcher.suggest(request).await?.into_inner();
        let feed_before = feed(channel.clone()).await?;
        let found = searcher
            .search(search_request(CLICKED_QUERY, FEED_REGION, 1))
            .await?;
        let clicked = found.into_inner().hits.into_iter().next();
        Ok(Self {
            searches,
            suggestions,
            feed_after: feed_before.clone(),
            feed_before,
            clicked,
        })
    }

    /// Records the click and gives the sequence number after which the node must have seen it.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn click(&self, channel: NodeChannel) -> Result<u64, ClientError> {
        let Some(clicked) = &self.clicked else {
            return Ok(0);
        };
        let event = v1::Event {
            kind: v1::EventKind::Click.into(),
            session_id: SESSION.to_owned(),
            item_id: clicked.item_id.clone(),
            region: FEED_REGION.to_owned(),
            query: CLICKED_QUERY.to_owned(),
            ..Default::default()
        };
        let request = v1::RecordEventsRequest {
            events: vec![event],
        };
        Ok(EventServiceClient::new(channel)
            .record_events(request)
            .await?
            .into_inner()
            .sequence)
    }

    /// Looks at the feed again.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn look_again(&mut self, channel: NodeChannel) -> Result<(), ClientError> {
        self.feed_after = feed(channel).await?;
        Ok(())
    }

    /// Everything as one JSON value.
    ///
    /// # Errors
    /// Never for messages of this contract.
    pub fn json(&self) -> Result<Value, JsonError> {
        let mut searches = Vec::new();
        for (query, answers) in &self.searches {
            for answer in answers {
                let response = json::value("SearchResponse", &answer.response)?;
                searches.push(json!({
                    "text": query, "region": answer.region, "response": response,
                }));
            }
        }
        Ok(json!({
            "searches": searches,
            "suggestions": json::value("SuggestResponse", &self.suggestions)?,
            "feed_before": json::value("GetFeedResponse", &self.feed_before)?,
            "clicked_item_id": self.clicked.as_ref().map(|hit| hit.item_id.clone()),
            "feed_after": json::value("GetFeedResponse", &self.feed_after)?,
        }))
    }
}

fn search_request(text: &str, region: &str, page_size: u32) -> v1::SearchRequest {
    v1::SearchRequest {
        text: text.to_owned(),
        region: region.to_owned(),
        page_size,
        ..Default::default()
    }
}

async fn feed(channel: NodeChannel) -> Result<v1::GetFeedResponse, ClientError> {
    let request = v1::GetFeedRequest {
        region: FEED_REGION.to_owned(),
        user: Some(v1::UserContext {
            session_id: SESSION.to_owned(),
            ..Default::default()
        }),
        page_size: FEED_CARDS,
        ..Default::default()
    };
    Ok(FeedServiceClient::new(channel)
        .get_feed(request)
        .await?
        .into_inner())
}
