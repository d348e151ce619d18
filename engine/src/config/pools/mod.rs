//! Reads `<region>/pools.toml`: named sets of items, by rule, by list, or out of other sets.
//!
//! `common/pools.toml` holds in every region; a region's pool takes the place of the common one of the same id. An item
//! is in a pool of a region when it is offered there and meets all that the pool names.

mod order;
mod row;

use std::sync::Arc;

use sampan_analyzers::DictionaryFiles;

use super::{place, selector::Selector, validity::Validity};
use crate::base::{
    error::{Result, SampanError},
    money::{CurrencyIndex, RateTable},
    region::RegionTable,
    ship::ModeSet,
};
use order::{Defined, ordered};
use row::PoolRow;

/// A named set of items.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    pub id: String,
    /// For shoppers and merchandisers, in Traditional; may be empty.
    pub title: String,
    /// Outside of it the pool is empty.
    pub validity: Validity,
    /// What its items must be; none for a pool that is only made out of others.
    pub rule: Option<Arc<PoolRule>>,
    /// Folder of the file that defines it.
    pub folder: String,
}

/// What an item must be. Every part that is named must be met.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PoolRule {
    pub selector: Selector,
    /// Bounds of the price without freight; an unknown price meets none.
    pub price: Option<PriceBounds>,
    /// Any of these is among the modes of the offer; empty: any mode will do.
    pub modes: ModeSet,
    /// In stock (or not counted), or sold out.
    pub in_stock: Option<bool>,
    /// Among this many of the most popular items of the region.
    pub popular: Option<usize>,
}

/// Lowest and highest price, inclusive, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PriceBounds {
    pub low: i64,
    pub high: i64,
    pub currency: CurrencyIndex,
}

/// A pool among those of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionPool {
    pub pool: Arc<Pool>,
    /// Places in the table of pools of which its items are in any.
    pub union: Vec<usize>,
    /// Places of pools of which its items are in every one.
    pub intersect: Vec<usize>,
    /// Places of pools of which its items are in none.
    pub without: Vec<usize>,
}

/// The pools of a region. Each stands after those that it is made out of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PoolTable(Vec<RegionPool>);

impl PoolTable {
    pub fn iter(&self) -> impl Iterator<Item = &RegionPool> {
        self.0.iter()
    }

    /// True when the region has a pool of this id.
    pub fn has(&self, id: &str) -> bool {
        self.0.iter().any(|known| known.pool.id == id)
    }
}

/// The pools of all regions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PoolTables {
    /// Hash of everything they are read from.
    pub version: String,
    /// By region index.
    pub by_region: Vec<PoolTable>,
}

/// The pools of all regions; an error names file, line and pool.
pub fn read(
    files: &DictionaryFiles,
    regions: &RegionTable,
    rates: &RateTable,
) -> Result<PoolTables> {
    let mut hash = blake3::Hasher::new();
    let common = read_file(files, COMMON, None, rates, &mut hash)?;
    // What is common must hold without any region's own.
    ordered(&common)?;
    let mut by_region = Vec::new();
    for (_, region) in regions.iter() {
        let currency = rates.find(&region.currency);
        let own = read_file(files, &region.code, currency, rates, &mut hash)?;
        let is_replaced = |known: &&Defined| own.iter().any(|own| own.pool.id == known.pool.id);
        let kept = common.iter().filter(|known| !is_replaced(known)).cloned();
        by_region.push(ordered(&kept.chain(own.clone()).collect::<Vec<_>>())?);
    }
    Ok(PoolTables {
        version: hash.finalize().to_hex()[..12].to_owned(),
        by_region,
    })
}

/// Folder of what holds in every region.
const COMMON: &str = "common";

/// The pools of one file. `currency` is what its prices are in when they do not say.
fn read_file(
    files: &DictionaryFiles,
    folder: &str,
    currency: Option<CurrencyIndex>,
    rates: &RateTable,
    hash: &mut blake3::Hasher,
) -> Result<Vec<Defined>> {
    let path = format!("{folder}/pools.toml");
    let text = files.get(&path).unwrap_or_default();
    hash.update(folder.as_bytes());
    hash.update(text.as_bytes());
    let file: row::PoolsFile = place::parse(&path, text)?;
    let mut pools: Vec<Defined> = Vec::new();
    for row in file.pool {
        let offset = row.offset();
        let id = row.id().to_owned();
        let wrong = |(key, reason): (&str, String)| SampanError::Configuration {
            place: format!("{path}:{}", place::line_in_table(text, offset, key)),
            reason: format!("{id}: {key}: {reason}"),
        };
        if pools.iter().any(|known| known.pool.id == id) {
            return Err(wrong((
                "id",
                "is the id of another pool of this file".into(),
            )));
        }
        let references = row.references();
        let lines = PoolRow::REFERENCE_KEYS.map(|key| place::line_in_table(text, offset, key));
        let pool = row.into_pool(folder, currency, rates).map_err(wrong)?;
        pools.push(Defined {
            pool: Arc::new(pool),
            path: path.as_str().into(),
            line: place::line_at(text, offset),
            references,
            lines,
        });
    }
    Ok(pools)
}

#[cfg(test)]
mod tests;
