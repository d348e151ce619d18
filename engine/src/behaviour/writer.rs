//! Takes events in, and forgets what is too old.

use std::sync::Arc;

use sampan_proto::v1::{self, EventKind};

use super::{
    BehaviourSnapshot, ByRegion, Goods, decay,
    neighbours::ItemState,
    popular::Popularity,
    queries::QueryCounter,
    sharded::SHARDS,
    shopper::{ShopperKey, keys},
    state::{Touch, UserState, strength},
};
use crate::base::limits::{ITEMS_TAKEN_MAX, SESSION_DAYS_MAX, SHOPPERS_MAX, USER_DAYS_MAX};

/// Shards looked through each time for what is too old: all of them in a little over an hour, at one time a second.
const SWEPT_SHARDS: usize = 1;
const DAY_SECONDS: i64 = 86_400;

/// Takes events in. Owned by the indexer.
#[derive(Default)]
pub struct BehaviourWriter {
    pub(super) snapshot: BehaviourSnapshot,
    pub(super) popularity: ByRegion<Popularity>,
    pub(super) popular_stale: bool,
    pub(super) queries: QueryCounter,
    pub(super) queries_stale: bool,
    /// Shard that is looked through next.
    swept: usize,
}

impl BehaviourWriter {
    /// Bytes of what snapshots of popularity are made of.
    pub fn popularity_bytes(&self) -> u64 {
        self.popularity.values().map(Popularity::heap_bytes).sum()
    }

    /// Bytes of what snapshots of queries are made of.
    pub fn queries_bytes(&self) -> u64 {
        self.queries.heap_bytes()
    }

    /// Takes one event in; `goods` is what it is about: none when that is gone from the catalogue.
    pub fn apply(&mut self, event: &v1::Event, goods: Option<Goods<'_>>) {
        self.snapshot.events += 1;
        let kind = EventKind::try_from(event.kind).unwrap_or_default();
        if !event.exposures.is_empty() {
            Arc::make_mut(&mut self.snapshot.arms).count(&event.exposures, kind, 1);
        }
        let query = event.query.trim();
        if strength(kind) > 0.0 && !query.is_empty() {
            self.queries.count(&event.region, query);
            self.queries_stale = true;
        }
        if let Some(goods) = goods {
            self.apply_to(event, kind, goods);
        }
    }

    /// Counts an event for what it is about, and remembers it.
    fn apply_to(&mut self, event: &v1::Event, kind: EventKind, goods: Goods<'_>) {
        self.snapshot.responses.count(event, goods, 1.0);
        let touch = touch(event, kind, goods);
        let shopper = self.remember(event, touch);
        let strength = strength(kind);
        if strength == 0.0 {
            return;
        }
        if let Some(shopper) = shopper {
            let idle = |item: &Arc<ItemState>| item.last_seconds();
            let items = &mut self.snapshot.items;
            let item = items.entry_of_at_most(goods.ordinal, ITEMS_TAKEN_MAX, idle);
            Arc::make_mut(item).note(strength, touch.seconds, shopper);
        }
        let weight = f64::from(strength) * decay::weight(touch.seconds.into());
        let region = event.region.as_str();
        if !self.popularity.contains_key(region) {
            self.popularity.insert(region.into(), Popularity::default());
        }
        if let Some(popularity) = self.popularity.get_mut(region) {
            popularity.add(goods.ordinal, weight);
            self.popular_stale = true;
        }
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

    /// Notes an event in the memory of its user and session; gives whose it is.
    fn remember(&mut self, event: &v1::Event, touch: Touch) -> Option<ShopperKey> {
        let keys = keys(&event.user_id, &event.session_id);
        let keys: Vec<ShopperKey> = keys.iter().map(|key| ShopperKey::of(key)).collect();
        for key in &keys {
            self.state(*key).note(touch);
        }
        if let [user, session] = keys[..] {
            self.state(user).note_link(touch.seconds, session);
            self.state(session).note_link(touch.seconds, user);
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

/// An event as a shopper's memory keeps it.
pub(super) fn touch(event: &v1::Event, kind: EventKind, goods: Goods<'_>) -> Touch {
    let time = event.time.unwrap_or_default();
    Touch {
        // Enough until 2106.
        seconds: u32::try_from(time.seconds.max(0)).unwrap_or(u32::MAX),
        millis: (time.nanos.clamp(0, 999_999_999) / 1_000_000) as u16,
        kind: i32::from(kind) as u8,
        named: !event.user_id.is_empty(),
        ordinal: goods.ordinal,
    }
}
