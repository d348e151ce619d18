//! Impressions parted by what the items have in common.

use std::{collections::BTreeMap, hash::Hash};

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use sampan_proto::v1;

use super::{Seen, Tally};
use crate::{
    base::{Ordinal, clock, limits::EXPOSURE_GROUPS_MAX, region::RegionIndex, ship::ShipMode},
    config::feed_profile::MinimumShare,
    exposure::Inequality,
    index::columns::{CATEGORY_SEPARATOR, Columns, Standing, is_new},
};

/// What was counted, and what could have been shown.
pub(super) struct Exposed<'a> {
    pub columns: &'a Columns,
    pub region: RegionIndex,
    /// Items that the region sells now.
    pub sold: RoaringBitmap,
    pub tally: Tally,
}

/// Groups by name.
type Groups = BTreeMap<String, v1::ExposedGroup>;

impl Exposed<'_> {
    /// Parted in every way.
    pub fn parts(&self) -> Vec<v1::ExposureBy> {
        let names = &self.columns.names;
        let seller = self.grouped(|ordinal| self.columns.hot(ordinal).seller);
        let seller = named(seller, |id| names.sellers.text(*id).to_string());
        let category = self.grouped(|ordinal| self.columns.hot(ordinal).category);
        let category = named(category, |id| {
            let path = names.categories.text(*id);
            let first = path.split(CATEGORY_SEPARATOR).next();
            first.unwrap_or_default().to_owned()
        });
        vec![
            self.by_item(),
            told("seller", seller, true),
            told("category", category, true),
            told("ship_mode", self.by_mode(), false),
            told("pool", self.by_pool(), false),
            told("age", self.by_age(), false),
            told("place", self.by_place(), false),
        ]
    }

    /// All items that could have been shown or were, in order.
    fn all(&self) -> RoaringBitmap {
        let mut all = self.sold.clone();
        all.extend(self.tally.items.keys());
        all
    }

    fn seen(&self, ordinal: Ordinal) -> Seen {
        self.tally.items.get(&ordinal).copied().unwrap_or_default()
    }

    /// Adds an item to its group, with so many of its impressions.
    fn count(&self, group: &mut v1::ExposedGroup, ordinal: Ordinal, impressions: u64) {
        let is_sold = self.sold.contains(ordinal);
        group.items += u64::from(is_sold);
        group.shown += u64::from(is_sold && impressions > 0);
        group.impressions += impressions;
    }

    fn grouped<K: Hash + Eq>(&self, key: impl Fn(Ordinal) -> K) -> FxHashMap<K, v1::ExposedGroup> {
        let mut groups: FxHashMap<K, v1::ExposedGroup> = FxHashMap::default();
        for ordinal in &self.all() {
            let group = groups.entry(key(ordinal)).or_default();
            self.count(group, ordinal, self.seen(ordinal).all);
        }
        groups
    }

    fn by_item(&self) -> v1::ExposureBy {
        let all = self.all();
        let amounts = all.iter().map(|ordinal| self.seen(ordinal).all as f64);
        let Inequality { gini, lorenz } = Inequality::of(amounts.collect());
        v1::ExposureBy {
            by: "item".to_owned(),
            groups: Vec::new(),
            groups_total: all.len(),
            gini,
            lorenz,
        }
    }

    fn by_mode(&self) -> Groups {
        let of_mode = |mode: ShipMode| {
            let mut group = v1::ExposedGroup::default();
            for ordinal in &self.all() {
                let hot = self.columns.hot(ordinal);
                let standing = hot.standing(self.region, self.region);
                if matches!(standing, Standing::Sold(modes) if modes.has(mode)) {
                    self.count(&mut group, ordinal, self.seen(ordinal).all);
                }
            }
            (mode.name().to_owned(), group)
        };
        let modes = ShipMode::ALL.into_iter().map(of_mode);
        modes.filter(|(_, group)| group.items > 0).collect()
    }

    fn by_pool(&self) -> Groups {
        let pools = self.columns.pools.of(self.region).iter();
        let pools = pools.map(|known| {
            let mut group = v1::ExposedGroup::default();
            let inside = self.all() & &*known.items;
            for ordinal in &inside {
                self.count(&mut group, ordinal, self.seen(ordinal).all);
            }
            (known.pool.id.clone(), group)
        });
        pools.collect()
    }

    fn by_age(&self) -> Groups {
        let now = clock::now_seconds();
        let (mut new, mut older) = (v1::ExposedGroup::default(), v1::ExposedGroup::default());
        for ordinal in &self.all() {
            let seen = self.seen(ordinal);
            let created = self.columns.row(ordinal).map_or(0, |row| row.created);
            let new_now = is_new(created, now);
            let is_sold = self.sold.contains(ordinal);
            let impressions = [seen.while_new, seen.all - seen.while_new];
            for (group, is_in, impressions) in [
                (&mut new, new_now, impressions[0]),
                (&mut older, !new_now, impressions[1]),
            ] {
                group.items += u64::from(is_sold && is_in);
                group.shown += u64::from(is_sold && is_in && impressions > 0);
                group.impressions += impressions;
            }
        }
        [("new".to_owned(), new), ("older".to_owned(), older)].into()
    }

    fn by_place(&self) -> Groups {
        // Any item may come to either.
        let items = self.sold.len();
        let (mut drawn, mut chosen) = (v1::ExposedGroup::default(), v1::ExposedGroup::default());
        for (ordinal, seen) in &self.tally.items {
            self.count(&mut drawn, *ordinal, seen.by_chance);
            self.count(&mut chosen, *ordinal, seen.all - seen.by_chance);
        }
        let groups = [("by chance", drawn), ("by rank", chosen)];
        let groups =
            groups.map(|(name, group)| (name.to_owned(), v1::ExposedGroup { items, ..group }));
        groups.into()
    }

    /// What a pool was promised, and what it had.
    pub fn promise(&self, promise: &MinimumShare) -> v1::PromisedExposure {
        let known = self.columns.pools.find(self.region, &promise.pool);
        let held = known.map_or(0, |known| {
            let items = self.tally.items.iter();
            let inside = items.filter(|(ordinal, _)| known.items.contains(**ordinal));
            inside.map(|(_, seen)| seen.all).sum()
        });
        let of = self.tally.impressions - self.tally.gone;
        v1::PromisedExposure {
            pool: promise.pool.clone(),
            promised: promise.share,
            held: if of == 0 {
                0.0
            } else {
                held as f64 / of as f64
            },
        }
    }
}

/// Groups by name; those of one name together.
fn named<K>(groups: FxHashMap<K, v1::ExposedGroup>, name: impl Fn(&K) -> String) -> Groups {
    let mut by_name = Groups::new();
    for (key, group) in groups {
        let known = by_name.entry(name(&key)).or_default();
        known.items += group.items;
        known.shown += group.shown;
        known.impressions += group.impressions;
    }
    by_name
}

/// Groups as the report has them. `with_spread`: also how evenly impressions are spread over them.
fn told(by: &str, groups: Groups, with_spread: bool) -> v1::ExposureBy {
    let amounts = groups.values().map(|group| group.impressions as f64);
    let spread = with_spread.then(|| Inequality::of(amounts.collect()));
    let (gini, lorenz) = spread.map_or_else(Default::default, |of| (of.gini, of.lorenz));
    let groups_total = groups.len() as u64;
    let mut groups: Vec<v1::ExposedGroup> = groups
        .into_iter()
        .map(|(name, group)| v1::ExposedGroup { name, ..group })
        .collect();
    groups.sort_by(|a, b| b.impressions.cmp(&a.impressions).then(a.name.cmp(&b.name)));
    groups.truncate(EXPOSURE_GROUPS_MAX);
    v1::ExposureBy {
        by: by.to_owned(),
        groups,
        groups_total,
        gini,
        lorenz,
    }
}
