//! A map whose snapshots cost a pointer a shard: the writer copies only the shards it touches.

use sampan_analyzers::memory::map_bytes;
use std::{borrow::Borrow, hash::Hash, sync::Arc};

use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher as _;

/// Shards; of a million keys a shard holds about 250.
pub const SHARDS: usize = 4_096;

/// A sharded, copy-on-write map. Large values belong into an [`Arc`]: a shard is copied whole.
#[derive(Clone)]
pub struct Sharded<K, V> {
    shards: Vec<Arc<FxHashMap<K, V>>>,
}

impl<K, V> Default for Sharded<K, V> {
    fn default() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Arc::default()).collect(),
        }
    }
}

impl<K: Hash + Eq + Clone, V: Clone + Default> Sharded<K, V> {
    #[inline]
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.shards[shard(key)].get(key)
    }

    /// The value of a key, made when missing; when its shard then has its part of `most` keys, the one of least worth gives way.
    pub fn entry_of_at_most<W: PartialOrd>(
        &mut self,
        key: K,
        most: usize,
        worth: fn(&V) -> W,
    ) -> &mut V {
        let place = shard::<K>(&key);
        let shard = Arc::make_mut(&mut self.shards[place]);
        if shard.len() >= most / SHARDS && !shard.contains_key(&key) {
            let entries = shard.iter();
            let order = |a: &V, b: &V| worth(a).partial_cmp(&worth(b));
            let least =
                entries.min_by(|(_, a), (_, b)| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
            if let Some(least) = least.map(|(key, _)| key.clone()) {
                shard.remove(&least);
            }
        }
        shard.entry(key).or_default()
    }

    /// The value of a key, when there is one, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let shard = &mut self.shards[shard(key)];
        match shard.contains_key(key) {
            true => Arc::make_mut(shard).get_mut(key),
            false => None,
        }
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let shard = &mut self.shards[shard(key)];
        match shard.contains_key(key) {
            true => Arc::make_mut(shard).remove(key),
            false => None,
        }
    }

    /// Changes what is stale in the shard of a place, counted from 0 and round again; `keeps` answers what stays.
    pub fn retain_in_shard(
        &mut self,
        place: usize,
        is_stale: impl Fn(&K, &V) -> bool,
        mut keeps: impl FnMut(&K, &mut V) -> bool,
    ) {
        let shard = &mut self.shards[place % SHARDS];
        if shard.iter().any(|(key, value)| is_stale(key, value)) {
            let shard = Arc::make_mut(shard);
            shard.retain(|key, value| !is_stale(key, value) || keeps(key, value));
        }
    }

    /// Bytes of the maps, and of what `held` says of each value.
    pub fn heap_bytes(&self, held: impl Fn(&V) -> u64) -> u64 {
        let shards = self.shards.iter();
        shards
            .map(|shard| map_bytes(shard) + shard.values().map(&held).sum::<u64>())
            .sum()
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.len()).sum()
    }
}

#[inline]
fn shard<Q: Hash + ?Sized>(key: &Q) -> usize {
    (FxBuildHasher.hash_one(key) >> 32) as usize % SHARDS
}
