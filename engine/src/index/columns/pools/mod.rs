//! Which items are in which pool of a region, as bits by ordinal. An immutable view; the writer judges again only what
//! changed.

mod members;
#[cfg(test)]
mod tests;
mod writer;

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::Columns;
use crate::{
    base::{Ordinal, region::RegionIndex},
    behaviour::BehaviourSnapshot,
    config::{Configuration, pools::Pool},
};
use members::RuleMembers;
pub use writer::PoolsWriter;

/// The most popular items of each region, by region index, most popular first.
pub type PopularItems = Arc<[Vec<Ordinal>]>;

/// A pool of a region with its items.
#[derive(Debug, Clone)]
pub struct PoolMembers {
    pub pool: Arc<Pool>,
    /// Whether it holds at the moment; its items are none when it does not.
    pub in_force: bool,
    /// The items that are in it; restrictions are not asked.
    pub items: Arc<RoaringBitmap>,
}

/// All pools of one moment.
#[derive(Debug, Clone, Default)]
pub struct Pools {
    /// Version of what the pools are read from, as answers state it.
    pub version: String,
    /// By region index; each after those that it is made out of.
    by_region: Vec<Vec<PoolMembers>>,
    rules: Vec<RuleMembers>,
    popular: PopularItems,
}

impl Pools {
    /// Bytes of the items of every pool, as they would be written.
    pub fn heap_bytes(&self) -> u64 {
        let pools = self.by_region.iter().flatten();
        let pools = pools.map(|pool| pool.items.serialized_size() as u64);
        pools.sum::<u64>() + self.rules.iter().map(RuleMembers::heap_bytes).sum::<u64>()
    }

    /// The pools of a region.
    pub fn of(&self, region: RegionIndex) -> &[PoolMembers] {
        self.by_region
            .get(region.0 as usize)
            .map_or(&[], Vec::as_slice)
    }

    /// The pool of an id.
    pub fn find(&self, region: RegionIndex, id: &str) -> Option<&PoolMembers> {
        self.of(region).iter().find(|known| known.pool.id == id)
    }

    /// The pools as they would be under another configuration, of the items of `columns`.
    pub fn tried(
        columns: &Columns,
        configuration: &Configuration,
        key: &dyn Fn(&str) -> String,
        now: i64,
    ) -> Arc<Self> {
        let mut writer = PoolsWriter::resume(&columns.pools);
        writer.define(configuration, columns, key);
        writer.publish(now)
    }

    /// Whether a pool has begun or ended.
    fn turned(&self, now: i64) -> bool {
        let mut pools = self.by_region.iter().flatten();
        pools.any(|known| known.pool.validity.holds(now) != known.in_force)
    }
}

/// The most popular items of every region.
pub fn popular_items(behaviour: &BehaviourSnapshot, configuration: &Configuration) -> PopularItems {
    let ordinals = |region: &str| {
        let popular = behaviour.popular(region).iter();
        popular.map(|(ordinal, _)| *ordinal).collect()
    };
    let regions = configuration.regions.iter();
    regions.map(|(_, region)| ordinals(&region.code)).collect()
}
