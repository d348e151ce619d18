//! Takes events in, and forgets what is too old.

use std::sync::Arc;

use sampan_proto::v1::{self, EventKind};

use super::{
    BehaviourSnapshot, ByRegion, Goods, decay,
    neighbours::ItemState,
    popular::Popularity,
    queries::QueryCounter,
    query_items::{Choice, QueryChoices, QueryKey},
    searches::Search,
    segments::SegmentCounter,
    sharded::SHARDS,
    shopper::{ShopperKey, keys},
    state::{Touch, UserState, strength},
};
use crate::base::{
    clock::DAY_SECONDS,
    limits::{ITEMS_TAKEN_MAX, QUERIES_LINKED_MAX, SESSION_DAYS_MAX, SHOPPERS_MAX, USER_DAYS_MAX},
};

/// Shards looked through each time for what is too old: all of them in a little over an hour, at one time a second.
const SWEPT_SHARDS: usize = 1;

/// Takes events in. Owned by the indexer.
#[derive(Default)]
pub struct BehaviourWriter {
    pub(super) snapshot: BehaviourSnapshot,
    pub(super) popularity: ByRegion<Popularity>,
    pub(super) popular_stale: bool,
    pub(super) segments: ByRegion<SegmentCounter>,
    pub(super) segments_stale: bool,
    pub(super) queries: QueryCounter,
    pub(super) queries_stale: bool,
    /// Shard that is looked through next.
    swept: usize,
}

impl BehaviourWriter {
    /// Bytes of what snapshots of popularity are made of.
    pub fn popularity_bytes(&self) -> u64 {
        let regions = self.popularity.values().map(Popularity::heap_bytes);
        let segments = self.segments.values().map(SegmentCounter::heap_bytes);
        regions.sum::<u64>() + segments.sum::<u64>()
    }

    /// Bytes of what snapshots of queries are made of.
    pub fn queries_bytes(&self) -> u64 {
        self.queries.heap_bytes()
    }

    /// Takes one event in; `goods` is what it is about: none when that is gone from the catalogue; `query`: what its query is
    /// compared by, when it has one.
    pub fn apply(&mut self, event: &v1::Event, goods: Option<Goods<'_>>, query: Option<QueryKey>) {
        self.snapshot.events += 1;
        let kind = EventKind::try_from(event.kind).unwrap_or_default();
        if !event.exposures.is_empty() {
            Arc::make_mut(&mut self.snapshot.arms).count(&event.exposures, kind, 1);
        }
        let typed = event.query.trim();
        if strength(kind) > 0.0 && !typed.is_empty() {
            self.queries.count(&event.region, typed);
            self.queries_stale = true;
        }
        let touch = goods.map(|goods| touch(event, kind, goods));
        let search = query.map(|query| search(event, query));
        let shopper = self.remember(event, touch, search);
        if let (Some(goods), Some(touch)) = (goods, touch) {
            self.snapshot.responses.count(event, goods, 1.0);
            self.count_taken(event, touch, query, shopper);
        }
    }

    /// Counts an event that says something of taste for the item, for what is popular, and for the query that led to it.
    fn count_taken(
        &mut self,
        event: &v1::Event,
        touch: Touch,
        query: Option<QueryKey>,
        shopper: Option<ShopperKey>,
    ) {
        let strength = touch.strength();
        if strength == 0.0 {
            return;
        }
        if let Some(shopper) = shopper {
            let idle = |item: &Arc<ItemState>| item.last_seconds();
            let items = &mut self.snapshot.items;
            let item = items.entry_of_at_most(touch.ordinal, ITEMS_TAKEN_MAX, idle);
            Arc::make_mut(item).note(strength, touch.seconds, shopper);
        }
        if let (Some(query), Some(shopper)) = (query, shopper) {
            let idle = |choices: &Arc<QueryChoices>| choices.last_seconds();
            let choices = &mut self.snapshot.choices;
            let choices = choices.entry_of_at_most(query, QUERIES_LINKED_MAX, idle);
            Arc::make_mut(choices).note(Choice::new(touch, shopper));
        }
        let (region, weight) = (event.region.as_str(), weight(touch));
        of_region(&mut self.popularity, region).add(touch.ordinal, weight);
        self.popular_stale = true;
        if !event.segment.is_empty() {
            let segments = of_region(&mut self.segments, region);
            segments.add(&event.segment, touch.ordinal, weight);
        }
        // Segments are told beside what is popular in their region.
        self.segments_stale |= self.segments.contains_key(region);
    }

    /// Brings what is told of segments up to the events; answers whether it may be another. It looks at everything that is
    /// popular, which is too much for every snapshot.
    pub fn tell_segments(&mut self) -> bool {
        if !std::mem::take(&mut self.segments_stale) {
            return false;
        }
        let segments = self.segments.iter_mut();
        let told = segments.map(|(region, segments)| {
            let popular = self.popularity.get_mut(region);
            let popular = popular.map_or_else(Arc::default, Popularity::listed);
            (region.clone(), segments.told(&popular))
        });
        self.snapshot.segments = Arc::new(told.collect());
        true
    }

    /// An immutable view of everything so far.
    pub fn snapshot(&mut self) -> BehaviourSnapshot {
        if std::mem::take(&mut self.popular_stale) {
            let popular = self.popularity.iter_mut();
            let popular = popular.map(|(region, items)| (region.clone(), items.listed()));
            self.snapshot.popular = Arc::new(popular.collect());
        }
        if std::mem::take(&mut self.queries_stale) {
            self.snapshot.queries = Arc::new(self.queries.all());
        }
        self.snapshot.clone()
    }

    /// Forgets what is too old at a moment (seconds since 1970), in a part of the memory each time.
    pub fn sweep(&mut self, now: i64) {
        for _ in 0..SWEPT_SHARDS {
            self.sweep_shard(self.swept, now);
            self.swept = (self.swept + 1) % SHARDS;
        }
    }

    /// Forgets all that is too old.
    pub fn sweep_all(&mut self, now: i64) {
        for shard in 0..SHARDS {
            self.sweep_shard(shard, now);
        }
    }

    fn sweep_shard(&mut self, shard: usize, now: i64) {
        let before = |key: &ShopperKey| {
            let days = match key.is_session() {
                true => SESSION_DAYS_MAX,
                false => USER_DAYS_MAX,
            };
            u32::try_from(now - days * DAY_SECONDS).unwrap_or(0)
        };
        self.snapshot.shoppers.retain_in_shard(
            shard,
            |key, state| state.is_older_than(before(key)),
            |key, state| Arc::make_mut(state).expire(before(key)),
        );
    }

    /// Notes an event, and the query that led to it, in the memory of its user and session; gives whose it is.
    fn remember(
        &mut self,
        event: &v1::Event,
        touch: Option<Touch>,
        search: Option<Search>,
    ) -> Option<ShopperKey> {
        if touch.is_none() && search.is_none() {
            return None;
        }
        let keys = keys(&event.user_id, &event.session_id);
        let keys: Vec<ShopperKey> = keys.iter().map(|key| ShopperKey::of(key)).collect();
        for key in &keys {
            if let Some(touch) = touch {
                self.state(*key).note(touch);
            }
        }
        // A user's words are nobody else's of the session: a reason quotes them.
        if let (Some(search), Some(key)) = (search, keys.first()) {
            self.state(*key).note_search(search);
        }
        if let [user, session] = keys[..] {
            let seconds = seconds(event);
            self.state(user).note_link(seconds, session);
            self.state(session).note_link(seconds, user);
        }
        keys.first().copied()
    }

    /// A shopper's memory; when there are too many shoppers, one who was away for long is forgotten for a new one.
    fn state(&mut self, key: ShopperKey) -> &mut UserState {
        let idle = |state: &Arc<UserState>| state.last_seconds();
        let shoppers = &mut self.snapshot.shoppers;
        Arc::make_mut(shoppers.entry_of_at_most(key, SHOPPERS_MAX, idle))
    }
}

/// What is kept of a region.
fn of_region<'m, T: Default>(map: &'m mut ByRegion<T>, region: &str) -> &'m mut T {
    map.entry(region.into()).or_default()
}

/// Seconds since 1970 of an event. Enough until 2106.
fn seconds(event: &v1::Event) -> u32 {
    let seconds = event.time.as_ref().map_or(0, |time| time.seconds);
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}

/// An event as a shopper's memory keeps it.
pub(super) fn touch(event: &v1::Event, kind: EventKind, goods: Goods<'_>) -> Touch {
    let nanos = event.time.as_ref().map_or(0, |time| time.nanos);
    Touch {
        seconds: seconds(event),
        millis: (nanos.clamp(0, 999_999_999) / 1_000_000) as u16,
        kind: i32::from(kind) as u8,
        named: !event.user_id.is_empty(),
        ordinal: goods.ordinal,
    }
}

/// An event's query as a shopper's memory keeps it.
pub(super) fn search(event: &v1::Event, query: QueryKey) -> Search {
    Search {
        seconds: seconds(event),
        key: query,
        text: event.query.trim().into(),
    }
}

/// What an event counts for what is popular: later and stronger ones more.
pub(super) fn weight(touch: Touch) -> f64 {
    f64::from(touch.strength()) * decay::weight(touch.seconds.into())
}
