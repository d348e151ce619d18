//! Keeps pools up to date. Owned by the columns' writer; readers hold [`Pools`].

use std::sync::Arc;

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::{PoolMembers, Pools, PopularItems, members::RuleMembers};
use crate::{
    base::{Ordinal, money::RateTable, region::RegionIndex},
    config::{
        Configuration,
        pools::{PoolRule, PoolTables, RegionPool},
    },
    index::columns::{
        Columns,
        names::Names,
        row::{Hot, Row},
    },
};

/// Pools under construction.
#[derive(Default)]
pub struct PoolsWriter {
    tables: PoolTables,
    /// Each rule once, however many pools and regions have it.
    rules: Vec<RuleMembers>,
    /// By region and place in its table, the place of the pool's rule.
    places: Vec<Vec<Option<usize>>>,
    popular: PopularItems,
    /// The last view, until something changes.
    published: Option<Arc<Pools>>,
}

impl PoolsWriter {
    /// Goes on where a view is.
    pub fn resume(known: &Pools) -> Self {
        Self {
            rules: known.rules.clone(),
            popular: known.popular.clone(),
            ..Self::default()
        }
    }

    /// Takes the pools of a configuration. Rules that were known keep their items; the others are judged for every item.
    pub fn define(
        &mut self,
        configuration: &Configuration,
        columns: &Columns,
        key: &dyn Fn(&str) -> String,
    ) {
        self.published = None;
        self.tables = configuration.pools.clone();
        let (rules, places) = rules_of(&self.tables);
        self.places = places;
        let known = std::mem::take(&mut self.rules).into_iter();
        let mut known: FxHashMap<Arc<PoolRule>, RuleMembers> = known
            .map(|members| (members.rule.clone(), members))
            .collect();
        let mut unjudged = Vec::new();
        for (rule, regions) in rules {
            let mut members = known
                .remove(&rule)
                .unwrap_or_else(|| RuleMembers::new(rule, &columns.names, key));
            if let Some(first) = members.hold_in(&regions, &self.popular) {
                unjudged.push((self.rules.len(), first));
            }
            self.rules.push(members);
        }
        if unjudged.is_empty() {
            return;
        }
        let rates = &configuration.rates;
        for ordinal in columns.ordinals() {
            let Some(row) = columns.row(ordinal) else {
                continue;
            };
            let hot = columns.hot(ordinal);
            for (rule, first) in &unjudged {
                self.rules[*rule].gather(*first, ordinal, &hot, row, rates);
            }
        }
    }

    /// Finds what rules name among names that have come since.
    pub fn take_names(&mut self, names: &Names, key: &dyn Fn(&str) -> String) {
        for rule in &mut self.rules {
            rule.take_names(names, key);
        }
    }

    /// Judges an item anew; `None`: it is gone.
    pub fn judge(
        &mut self,
        ordinal: Ordinal,
        hot: &Hot,
        row: Option<&Arc<Row>>,
        rates: &RateTable,
    ) {
        for rule in &mut self.rules {
            if rule.judge(ordinal, hot, row, rates) {
                self.published = None;
            }
        }
    }

    /// Takes what is popular now; answers whether items joined or left a pool for it.
    pub fn take_popular(
        &mut self,
        popular: PopularItems,
        columns: &Columns,
        rates: &RateTable,
    ) -> bool {
        let mut changed = false;
        for rule in &mut self.rules {
            changed |= rule.take_popular(&popular, columns, rates);
        }
        self.popular = popular;
        if changed {
            self.published = None;
        }
        changed
    }

    /// Whether a pool has begun or ended since the last view.
    pub fn turned(&self, now: i64) -> bool {
        self.published
            .as_ref()
            .is_some_and(|known| known.turned(now))
    }

    /// An immutable view of everything so far.
    pub fn publish(&mut self, now: i64) -> Arc<Pools> {
        if let Some(known) = self.published.as_ref().filter(|known| !known.turned(now)) {
            return known.clone();
        }
        let tables = self.tables.by_region.iter().zip(&self.places);
        let by_region = tables.enumerate().map(|(region, (table, places))| {
            let region = RegionIndex(region as u8);
            let mut made: Vec<PoolMembers> = Vec::new();
            for (entry, place) in table.iter().zip(places) {
                let by_rule = place.and_then(|place| self.rules[place].items(region));
                made.push(combined(entry, by_rule, &made, now));
            }
            made
        });
        let by_region = by_region.collect();
        let published = Arc::new(Pools {
            version: self.tables.version.clone(),
            by_region,
            rules: self.rules.clone(),
            popular: self.popular.clone(),
        });
        self.published = Some(published.clone());
        published
    }
}

/// A pool out of the items that meet its rule and the pools that were made before it.
fn combined(
    entry: &RegionPool,
    by_rule: Option<&Arc<RoaringBitmap>>,
    made: &[PoolMembers],
    now: i64,
) -> PoolMembers {
    let in_force = entry.pool.validity.holds(now);
    let items = if in_force {
        let united = (!entry.union.is_empty()).then(|| {
            let sources = entry.union.iter().map(|place| &*made[*place].items);
            Arc::new(sources.fold(RoaringBitmap::new(), |sum, items| sum | items))
        });
        let intersected = entry
            .intersect
            .iter()
            .map(|place| made[*place].items.clone());
        let all = by_rule
            .cloned()
            .into_iter()
            .chain(united)
            .chain(intersected);
        let met = all.reduce(|met, items| Arc::new(&*met & &*items));
        let excepted = entry.without.iter().map(|place| &*made[*place].items);
        excepted.fold(met.unwrap_or_default(), |met, items| {
            Arc::new(&*met - items)
        })
    } else {
        Arc::default()
    };
    PoolMembers {
        pool: entry.pool.clone(),
        in_force,
        items,
    }
}

/// Each rule once with the regions that have it, and by region and place in its table the place of the pool's rule.
type Rules = (
    Vec<(Arc<PoolRule>, Vec<RegionIndex>)>,
    Vec<Vec<Option<usize>>>,
);

fn rules_of(tables: &PoolTables) -> Rules {
    let mut rules: Vec<(Arc<PoolRule>, Vec<RegionIndex>)> = Vec::new();
    let mut known: FxHashMap<Arc<PoolRule>, usize> = FxHashMap::default();
    let mut place_of = |rule: &Arc<PoolRule>, region: RegionIndex| {
        let place = *known.entry(rule.clone()).or_insert(rules.len());
        if place == rules.len() {
            rules.push((rule.clone(), Vec::new()));
        }
        // Two pools of a region may have one rule.
        if rules[place].1.last() != Some(&region) {
            rules[place].1.push(region);
        }
        place
    };
    let regions = tables.by_region.iter().enumerate();
    let places = regions.map(|(region, table)| {
        let rules = table.iter().map(|entry| entry.pool.rule.as_ref());
        rules
            .map(|rule| Some(place_of(rule?, RegionIndex(region as u8))))
            .collect()
    });
    let places = places.collect();
    (rules, places)
}
