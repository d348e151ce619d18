//! Floor 2: what shoppers did, streamed from events: what each user took, was shown and dislikes, items that go together,
//! what is popular in each region, how often what is shown is clicked and bought, what is searched for. A view of the event
//! log; built again at every start.
//!
//! It is a function of the set of events, by their own times: what comes late, twice or out of order leaves the same state
//! ([`tests`]). Sums are exact or rounded before they are compared; lists keep the latest of each key ([`latest`]). Beyond
//! these bounds it follows the order of arrival, within what is lost: [`limits::SHOPPERS_MAX`] shoppers, and the counts that
//! `response` keeps.

mod arms;
mod decay;
mod erase;
mod latest;
mod neighbours;
mod popular;
mod queries;
mod response;
mod sharded;
mod shopper;
mod state;
#[cfg(test)]
mod tests;
mod writer;

use std::sync::Arc;

use rustc_hash::FxHashMap;

#[cfg(doc)]
use crate::base::limits;
use crate::{base::Ordinal, config::experiments::ArmCounts};
use arms::ArmCountsByName;
use neighbours::ItemState;
use queries::QueryTimes;
use response::Responses;
pub use response::{Goods, Rates, RegionResponse};
use sharded::Sharded;
use shopper::ShopperKey;
pub use shopper::keys;
pub use state::{RecentItem, ShownItem, UserState, VISIT_PAUSE_SECONDS, Visit, strength};
pub use writer::BehaviourWriter;

/// By region code.
type ByRegion<T> = FxHashMap<Box<str>, T>;

/// An immutable view of behaviour.
#[derive(Clone, Default)]
pub struct BehaviourSnapshot {
    shoppers: Sharded<ShopperKey, Arc<UserState>>,
    items: Sharded<Ordinal, Arc<ItemState>>,
    /// Items, most popular first, with decayed weights.
    popular: Arc<ByRegion<Arc<[(Ordinal, f64)]>>>,
    queries: Arc<ByRegion<Arc<QueryTimes>>>,
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

    /// Events taken in.
    pub fn events(&self) -> u64 {
        self.events
    }
}
