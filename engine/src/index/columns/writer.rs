//! Keeps the columns up to date. Owned by the indexer; readers hold snapshots.

use std::{num::NonZeroU32, sync::Arc};

use sampan_analyzers::Analyzer;
use sampan_proto::v1;

use super::{
    CHUNK_ITEMS, Chunk, Columns,
    eligible::EligibleByMarket,
    names::{NameId, intern, intern_category},
    policy::{Policy, Rules},
    pools::{PoolsWriter, popular_items},
    row::{Hot, OfferRow, Row, attribute_hash, id_hash, selected_by},
};
use crate::{
    base::{
        Ordinal,
        region::RegionIndex,
        ship::{ModeSet, ShipMode},
    },
    behaviour::BehaviourSnapshot,
    config::Configuration,
};

/// The columns under construction.
#[derive(Default)]
pub struct ColumnsWriter {
    columns: Columns,
    /// Names when the policy was compiled: a new name may be one that a rule selects.
    names_at_policy: usize,
    pools: PoolsWriter,
    /// Names when the pools last looked at them.
    names_at_pools: usize,
    /// Stamp of the last change.
    stamp: u64,
}

impl ColumnsWriter {
    /// An immutable view of everything so far; costs a pointer a chunk.
    pub fn snapshot(&self) -> Columns {
        Columns {
            eligible: EligibleByMarket::default(),
            ..self.columns.clone()
        }
    }

    /// The same for many queries: what the markets of the last such view may be sold is at hand.
    pub fn publish(&mut self, now: i64) -> Columns {
        self.columns.pools = self.pools.publish(now);
        self.columns.eligible = self.columns.eligible.brought_to(&self.columns.chunks);
        self.columns.clone()
    }

    /// Sets the facts of an item, in the world of `configuration`.
    pub fn set(
        &mut self,
        ordinal: Ordinal,
        item: &v1::Item,
        configuration: &Configuration,
        analyzer: &Analyzer,
    ) {
        let key: &dyn Fn(&str) -> String = &|text| analyzer.fold_key(text);
        let mut hot = Hot {
            category: intern_category(&mut self.columns.names, &item.category_path, key),
            brand: intern(
                &mut self.columns.names,
                |names| &names.brands,
                |names| &mut names.brands,
                &item.brand,
                || key(&item.brand),
            ),
            seller: intern(
                &mut self.columns.names,
                |names| &names.sellers,
                |names| &mut names.sellers,
                &item.seller,
                || item.seller.clone(),
            ),
            id_hash: id_hash(&item.id),
            ..Hot::default()
        };
        let title = item.titles.first().map_or("", |title| title.text.as_str());
        let row = Row {
            product: analyzer.product_key(&item.brand, title),
            ..self.row(item, configuration, key)
        };
        for offer in &row.offers {
            hot.offered.add(offer.region, offer.modes);
            if offer.stock != Some(0) {
                hot.in_stock |= 1 << offer.region.0;
            }
        }
        self.put(ordinal, hot, Some(Arc::new(row)));
    }

    /// Removes an item.
    pub fn remove(&mut self, ordinal: Ordinal) {
        self.put(ordinal, Hot::default(), None);
    }

    /// Compiles the restrictions again when they or the names changed, and judges by them: the `touched` items, and with
    /// `everything` all that a rule selects which came, went, began or ended since all were judged.
    pub fn apply_policy(
        &mut self,
        configuration: &Configuration,
        touched: &[Ordinal],
        everything: bool,
        now: i64,
        key: &dyn Fn(&str) -> String,
    ) {
        let names = &self.columns.names;
        let count = names.categories.len() + names.brands.len() + names.tags.len();
        let old = self.columns.policy.clone();
        if everything || count != self.names_at_policy {
            self.names_at_policy = count;
            self.columns.policy = Arc::new(Policy::compile(
                &configuration.restrictions,
                names,
                key,
                now,
            ));
        }
        self.bar(touched.iter().copied(), now);
        if everything {
            let new = self.columns.policy.clone();
            let changed = Policy::changed((&old, self.columns.judged), (&new, now));
            self.bar(self.selected(&changed).into_iter(), now);
            self.columns.judged = now;
        }
    }

    /// Whether a rule began or ended after all items were judged.
    pub fn has_turned(&self, now: i64) -> bool {
        self.columns.policy.turned(self.columns.judged, now)
    }

    /// Items that some rules are about.
    fn selected(&self, rules: &Rules<'_>) -> Vec<Ordinal> {
        if rules.is_empty() {
            return Vec::new();
        }
        let is_selected = |ordinal: &Ordinal| {
            let row = self.columns.row(*ordinal);
            row.is_some_and(|row| rules.select(&self.columns.hot(*ordinal), row))
        };
        self.columns.ordinals().filter(is_selected).collect()
    }

    /// Judges the pools of the items that were `touched`; takes the pools of the configuration anew when they may be
    /// others.
    pub fn apply_pools(
        &mut self,
        configuration: &Configuration,
        touched: &[Ordinal],
        redefined: bool,
        key: &dyn Fn(&str) -> String,
    ) {
        let columns = &self.columns;
        let names = &columns.names;
        let count =
            names.categories.len() + names.brands.len() + names.tags.len() + names.sellers.len();
        if count != self.names_at_pools {
            self.names_at_pools = count;
            self.pools.take_names(names, key);
        }
        for ordinal in touched {
            let (hot, row) = (columns.hot(*ordinal), columns.row(*ordinal));
            self.pools.judge(*ordinal, &hot, row, &configuration.rates);
        }
        if redefined {
            self.pools.define(configuration, columns, key);
        }
    }

    /// Takes what is popular now; answers whether items joined or left a pool for it.
    pub fn take_popular(
        &mut self,
        behaviour: &BehaviourSnapshot,
        configuration: &Configuration,
    ) -> bool {
        let popular = popular_items(behaviour, configuration);
        let rates = &configuration.rates;
        self.pools.take_popular(popular, &self.columns, rates)
    }

    /// Whether a pool has begun or ended since the last view.
    pub fn pools_turned(&self, now: i64) -> bool {
        self.pools.turned(now)
    }

    /// The `count` newest items, newest first.
    pub fn newest(&self, count: usize) -> Vec<Ordinal> {
        let dated = self.columns.ordinals().filter_map(|ordinal| {
            self.columns
                .row(ordinal)
                .map(|row| (std::cmp::Reverse(row.created), ordinal))
        });
        let mut dated: Vec<_> = dated.collect();
        if dated.len() > count {
            dated.select_nth_unstable(count);
            dated.truncate(count);
        }
        dated.sort_unstable();
        dated.into_iter().map(|(_, ordinal)| ordinal).collect()
    }

    fn bar(&mut self, ordinals: impl Iterator<Item = Ordinal>, now: i64) {
        let policy = self.columns.policy.clone();
        for ordinal in ordinals {
            let Some(row) = self.columns.row(ordinal) else {
                continue;
            };
            let hot = self.columns.hot(ordinal);
            let barred = policy.barred(&hot, row, now);
            if barred != hot.barred {
                let (place, offset) = place_of(ordinal);
                let chunk: &mut Chunk = Arc::make_mut(&mut self.columns.chunks[place]);
                chunk.hot[offset].barred = barred;
                self.stamp += 1;
                chunk.stamp = self.stamp;
            }
        }
    }

    fn put(&mut self, ordinal: Ordinal, hot: Hot, row: Option<Arc<Row>>) {
        let (place, offset) = place_of(ordinal);
        while self.columns.chunks.len() <= place {
            self.columns.chunks.push(Arc::default());
        }
        let chunk: &mut Chunk = Arc::make_mut(&mut self.columns.chunks[place]);
        let rows = Arc::make_mut(&mut chunk.rows);
        if rows.len() <= offset {
            rows.resize(offset + 1, None);
            chunk.hot.resize(offset + 1, Hot::default());
        }
        self.stamp += 1;
        let (before, after) = (rows[offset].is_some(), row.is_some());
        chunk.alive = chunk.alive + usize::from(after) - usize::from(before);
        self.columns.items = self.columns.items + usize::from(after) - usize::from(before);
        rows[offset] = row;
        chunk.hot[offset] = hot;
        if chunk.alive == 0 {
            *chunk = Chunk::default();
        }
        chunk.stamp = self.stamp;
    }

    fn row(
        &mut self,
        item: &v1::Item,
        configuration: &Configuration,
        key: &dyn Fn(&str) -> String,
    ) -> Row {
        let tags = item.tags.iter().map(|tag| {
            intern(
                &mut self.columns.names,
                |names| &names.tags,
                |names| &mut names.tags,
                tag,
                || key(tag),
            )
        });
        // A label that a seller gave twice is one label: facets count items.
        let mut tags: Vec<NameId> = tags.collect();
        tags.sort_unstable();
        tags.dedup();
        let attributes = item.attributes.iter().flat_map(|(name, values)| {
            values
                .values
                .iter()
                .map(|value| attribute_hash(name, value))
        });
        let origin = item.origin_country.as_bytes();
        Row {
            id: item.id.as_str().into(),
            offers: item
                .offers
                .iter()
                .filter_map(|offer| offer_row(offer, configuration))
                .collect(),
            tags: tags.into(),
            attributes: attributes.collect(),
            created: item.created.map_or(0, |time| time.seconds),
            quality: item.quality_prior,
            weight: item.weight_grams.and_then(NonZeroU32::new),
            sales: u32::try_from(item.sales_prior).unwrap_or(u32::MAX),
            selected_by: selected_by(item),
            origin: [
                origin.first().copied().unwrap_or(0),
                origin.get(1).copied().unwrap_or(0),
            ],
            ..Row::default()
        }
    }
}

/// Chunk of an ordinal, and place in it.
fn place_of(ordinal: Ordinal) -> (usize, usize) {
    let ordinal = ordinal as usize;
    (ordinal / CHUNK_ITEMS, ordinal % CHUNK_ITEMS)
}

/// An offer as facts; `None` when its region or currency is no longer known, which makes it unsellable.
fn offer_row(offer: &v1::Offer, configuration: &Configuration) -> Option<OfferRow> {
    let region: RegionIndex = configuration.regions.find(&offer.region)?;
    let price = offer.price.as_ref()?;
    let modes = offer
        .ship_modes
        .iter()
        .filter_map(|mode| ShipMode::from_proto(*mode))
        .fold(ModeSet::NONE, ModeSet::with);
    Some(OfferRow {
        price_minor: price.minor,
        freight_minor: offer.freight_minor,
        stock: offer.stock,
        delivery_days: offer
            .delivery_days
            .map(|days| u16::try_from(days).unwrap_or(u16::MAX)),
        region,
        currency: configuration.rates.find(&price.currency)?,
        modes,
        local_return: offer.local_return,
    })
}
