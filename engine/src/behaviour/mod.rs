//! Floor 2: what shoppers did, streamed from events: what each user took, was shown and dislikes, items that go together,
//! what is popular in each region and segment, what is chosen after queries, how often what is shown is clicked and bought, what is searched for. A view of the event
//! log; built again at every start.
//!
//! It is a function of the set of events, by their own times: what comes late, twice or out of order leaves the same state
//! ([`tests`]). Sums are exact or rounded before they are compared; lists keep the latest of each key ([`latest`]). Beyond
//! these bounds it follows the order of arrival, within what is lost: [`limits::SHOPPERS_MAX`] shoppers,
//! [`limits::QUERIES_LINKED_MAX`] queries, [`limits::SEGMENT_ITEMS_MAX`] items of a segment, and the counts that `response` keeps.

mod arms;
mod decay;
mod erase;
mod latest;
mod neighbours;
mod popular;
mod queries;
mod query_items;
mod reliability;
mod response;
mod searches;
mod segments;
mod sharded;
mod shopper;
mod shrinkage;
mod state;
#[cfg(test)]
mod tests;
mod writer;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use sampan_analyzers::memory::{ARC_BYTES, map_bytes};

#[cfg(doc)]
use crate::base::limits;
use crate::{base::Ordinal, config::experiments::ArmCounts};
use arms::ArmCountsByName;
use neighbours::ItemState;
use queries::QueryTimes;
use query_items::QueryChoices;
pub use query_items::QueryKey;
pub use reliability::{Bin, RateTrial, Reliability, Scope};
use response::Responses;
pub use response::{Counts, Goods, Rates, RegionResponse};
pub use searches::Search;
use segments::RegionSegments;
pub use segments::{SEGMENT_WORTH_MIN, SegmentTaste};
use sharded::Sharded;
use shopper::ShopperKey;
pub use shopper::keys;
pub use shrinkage::{GroupItem, shrunk};
pub use state::{RecentItem, ShownItem, UserState, VISIT_PAUSE_SECONDS, Visit, strength};
pub use writer::BehaviourWriter;

/// By region code.
type ByRegion<T> = FxHashMap<Box<str>, T>;

/// Items with decayed weights, most popular first.
type Ranked = Arc<[(Ordinal, f64)]>;

/// An immutable view of behaviour.
#[derive(Clone, Default)]
pub struct BehaviourSnapshot {
    shoppers: Sharded<ShopperKey, Arc<UserState>>,
    items: Sharded<Ordinal, Arc<ItemState>>,
    popular: Arc<ByRegion<Ranked>>,
    segments: RegionSegments,
    queries: Arc<ByRegion<Arc<QueryTimes>>>,
    choices: Sharded<QueryKey, Arc<QueryChoices>>,
    arms: Arc<ArmCountsByName>,
    responses: Responses,
    events: u64,
}

impl BehaviourSnapshot {
    /// What happened to the cards that an experiment's arm showed.
    pub fn arm(&self, experiment: &str, arm: &str) -> ArmCounts {
        self.arms.of(experiment, arm)
    }

    /// What is known of a user or session, by one of [`keys`]. A user's has what was done in the user's sessions before
    /// signing in.
    pub fn user(&self, key: &str) -> Option<Arc<UserState>> {
        let key = ShopperKey::of(key);
        let state = self.shoppers.get(&key)?;
        let sessions = state.links().filter(|_| !key.is_session());
        let sessions = sessions.filter_map(|key| self.shoppers.get(&key));
        let mut personal = sessions.filter(|session| session.is_personal()).peekable();
        if personal.peek().is_none() {
            return Some(state.clone());
        }
        let mut joined = (**state).clone();
        for session in personal {
            joined.join(session);
        }
        Some(Arc::new(joined))
    }

    /// Users and sessions that are remembered.
    pub fn shoppers(&self) -> usize {
        self.shoppers.len()
    }

    /// Popular items of a region, most popular first.
    pub fn popular(&self, region: &str) -> &[(Ordinal, f64)] {
        self.popular.get(region).map_or(&[], |items| items)
    }

    /// Queries of a region that led to events, with how often.
    pub fn queries(&self, region: &str) -> impl Iterator<Item = (&str, u32)> {
        let found = self.queries.get(region).into_iter();
        let found = found.flat_map(|queries| queries.iter());
        found.map(|(query, times)| (&**query, *times))
    }

    /// How a region's shoppers answer to what they are shown, at a moment (seconds since 1970).
    pub fn response<'s>(&'s self, region: &str, now: i64) -> RegionResponse<'s> {
        RegionResponse::new(&self.responses, region, now)
    }

    /// Bytes of what is known of shoppers.
    pub fn shoppers_bytes(&self) -> u64 {
        let state =
            |state: &Arc<UserState>| ARC_BYTES + size_of::<UserState>() as u64 + state.heap_bytes();
        self.shoppers.heap_bytes(state)
    }

    /// Bytes of who took each item.
    pub fn items_bytes(&self) -> u64 {
        let state =
            |state: &Arc<ItemState>| ARC_BYTES + size_of::<ItemState>() as u64 + state.heap_bytes();
        self.items.heap_bytes(state)
    }

    /// Bytes of how shoppers answer to what they are shown.
    pub fn responses_bytes(&self) -> u64 {
        self.responses.heap_bytes()
    }

    /// Bytes of the lists of what is popular.
    pub fn popular_bytes(&self) -> u64 {
        let items = self.popular.values();
        let items = items.map(|items| size_of_val(&**items) as u64);
        items.sum::<u64>() + self.segments_bytes()
    }

    /// Bytes of the queries, and of what was chosen after them.
    pub fn queries_bytes(&self) -> u64 {
        let queries = self.queries.values().map(|queries| {
            let texts = queries.keys().map(|text| ARC_BYTES + text.len() as u64);
            map_bytes(queries) + texts.sum::<u64>()
        });
        queries.sum::<u64>() + self.choices_bytes()
    }

    /// Events taken in.
    pub fn events(&self) -> u64 {
        self.events
    }
}
