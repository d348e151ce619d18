//! A map whose snapshots cost a pointer a shard: the writer copies only the shards it touches.

use std::{borrow::Borrow, hash::Hash, sync::Arc};

use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher as _;

/// Shards; with 100,000 users a shard holds about 100.
const SHARDS: usize = 1_024;

/// A sharded, copy-on-write map.
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
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.shards[shard(key)].get(key)
    }

    /// The value of a key, made when missing.
    pub fn entry(&mut self, key: K) -> &mut V {
        let place = shard::<K>(&key);
        Arc::make_mut(&mut self.shards[place])
            .entry(key)
            .or_default()
    }

    /// As [`Self::entry`]; when the key is new and its shard has its part of `most` keys, the one of least worth gives way.
    pub fn entry_of_at_most(&mut self, key: K, most: usize, worth: fn(&V) -> f64) -> &mut V {
        let place = shard::<K>(&key);
        let shard = Arc::make_mut(&mut self.shards[place]);
        if shard.len() >= most / SHARDS && !shard.contains_key(&key) {
            let entries = shard.iter();
            let least = entries.min_by(|(_, a), (_, b)| worth(a).total_cmp(&worth(b)));
            if let Some(least) = least.map(|(key, _)| key.clone()) {
                shard.remove(&least);
            }
        }
        shard.entry(key).or_default()
    }
}

fn shard<Q: Hash + ?Sized>(key: &Q) -> usize {
    (FxBuildHasher.hash_one(key) >> 32) as usize % SHARDS
}
