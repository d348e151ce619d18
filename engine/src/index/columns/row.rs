//! Facts of one item.

use std::{
    hash::{Hash as _, Hasher as _},
    num::NonZeroU32,
};

use sampan_analyzers::product::ProductKey;
use sampan_proto::v1;

use super::names::NameId;
use crate::base::{
    money::CurrencyIndex,
    region::RegionIndex,
    ship::{ModeSet, RegionModes, reachable},
};

/// Facts read for every candidate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hot {
    /// Modes of the offers, by region of sale.
    pub offered: RegionModes,
    /// Modes that restrictions take away, by destination.
    pub barred: RegionModes,
    /// A bit a region: the offer there is in stock (or not counted).
    pub in_stock: u32,
    pub category: NameId,
    pub brand: NameId,
    pub seller: NameId,
    /// [`id_hash`] of the item: a rule that names items need not look far into memory to see which it does not mean.
    pub id_hash: u32,
}

/// What becomes of an item on its way from a region to a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// These modes bring it there.
    Sold(ModeSet),
    /// Restrictions leave no way.
    Barred,
    /// Not offered, or not to that destination.
    Absent,
}

impl Hot {
    /// Where an item stands in a market; the one rule of who may be sold what.
    #[inline]
    pub fn standing(&self, region: RegionIndex, ship_to: RegionIndex) -> Standing {
        if self.offered.get(region).is_empty() {
            return Standing::Absent;
        }
        let modes = reachable(self.offered, self.barred, region, ship_to);
        if !modes.is_empty() {
            return Standing::Sold(modes);
        }
        let unbarred = reachable(self.offered, RegionModes::default(), region, ship_to);
        if unbarred.is_empty() {
            Standing::Absent
        } else {
            Standing::Barred
        }
    }
}

/// Seconds for which an item is new: 30 days.
const NEW_SECONDS: i64 = 30 * 24 * 3_600;

/// Whether an item that came into the catalogue at `created` is new at `seconds`, both in seconds since 1970.
pub fn is_new(created: i64, seconds: i64) -> bool {
    seconds - created < NEW_SECONDS
}

/// The other facts.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub id: Box<str>,
    pub offers: Box<[OfferRow]>,
    pub tags: Box<[NameId]>,
    /// [`attribute_hash`] of each name and value.
    pub attributes: Box<[u64]>,
    /// Seconds since 1970.
    pub created: i64,
    /// 0 to 1.
    pub quality: f32,
    /// Units sold elsewhere.
    pub sales: u32,
    /// Grams; `None`: unknown.
    pub weight: Option<NonZeroU32>,
    /// ISO 3166-1 alpha-2; zeros when unknown.
    pub origin: [u8; 2],
    /// [`selected_by`] of the item.
    pub selected_by: u64,
    /// What the first title says of the product.
    pub product: ProductKey,
}

/// An offer in one region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OfferRow {
    pub price_minor: i64,
    /// `None`: unknown, which is not 0.
    pub freight_minor: Option<i64>,
    /// `None`: not counted.
    pub stock: Option<u32>,
    /// `None`: unknown.
    pub delivery_days: Option<u16>,
    pub region: RegionIndex,
    pub currency: CurrencyIndex,
    pub modes: ModeSet,
    pub local_return: bool,
}

impl Row {
    /// Bytes that it points at.
    pub fn heap_bytes(&self) -> u64 {
        let bytes = self.id.len()
            + size_of_val(&*self.offers)
            + size_of_val(&*self.tags)
            + size_of_val(&*self.attributes);
        bytes as u64
    }

    /// The offer of a region.
    #[inline]
    pub fn offer(&self, region: RegionIndex) -> Option<&OfferRow> {
        self.offers.iter().find(|offer| offer.region == region)
    }
}

/// Stands for everything of an item that restrictions select by, its id aside: an item whose facts are still the ones
/// that were judged has the same.
pub fn selected_by(item: &v1::Item) -> u64 {
    let mut hash = rustc_hash::FxHasher::default();
    (
        &item.brand,
        &item.category_path,
        &item.tags,
        &item.origin_country,
    )
        .hash(&mut hash);
    // A map has no order of its own.
    let attributes = item.attributes.iter().flat_map(|(name, values)| {
        let values = values.values.iter();
        values.map(move |value| attribute_hash(name, value))
    });
    hash.write_u64(attributes.fold(0, u64::wrapping_add));
    hash.finish()
}

/// Stands for an item's id where those of the same hash are told apart afterwards.
pub fn id_hash(id: &str) -> u32 {
    let mut hash = rustc_hash::FxHasher::default();
    id.hash(&mut hash);
    (hash.finish() >> 32) as u32
}

/// Stands for an attribute and its value where only equality matters.
pub fn attribute_hash(name: &str, value: &str) -> u64 {
    let mut hash = rustc_hash::FxHasher::default();
    name.hash(&mut hash);
    value.hash(&mut hash);
    hash.finish()
}
