//! Reads `<region>/freight.toml`: what it costs to send goods to that region, by ship mode, where they are sold or made,
//! and weight.
//!
//! `common/freight.toml` holds for every destination. For goods and a ship mode the first row that fits decides, those of
//! the destination's own file before those of `common`; a weight that it has no price for is an unknown freight, never 0.

mod read;

use std::num::NonZeroU32;

pub use read::read;

use super::validity::Validity;
use crate::base::{limits, money::CurrencyIndex, region::RegionIndex, ship::ModeSet};

/// Name of the file in a region's folder, or in `common`.
pub const FILE: &str = "freight.toml";

/// What some goods cost to send.
#[derive(Debug, Clone, PartialEq)]
pub struct FreightRow {
    pub id: String,
    /// Price list or contract that it follows.
    pub source: String,
    /// Regions that the goods go to.
    pub destinations: Vec<RegionIndex>,
    /// Regions that they are sold in; any when empty.
    pub regions: Vec<RegionIndex>,
    /// Countries that they come from, ISO 3166-1 alpha-2; any when empty.
    pub origins: Vec<[u8; 2]>,
    pub modes: ModeSet,
    pub currency: CurrencyIndex,
    pub price: FreightPrice,
    pub validity: Validity,
}

/// A price by weight, in minor units of the row's currency.
#[derive(Debug, Clone, PartialEq)]
pub enum FreightPrice {
    /// Whatever the weight, known or not.
    Flat {
        minor: i64,
    },
    /// Of the first band that is not too light; heavier goods have no price.
    Bands(Vec<Band>),
    Steps(Steps),
}

/// Goods of up to so many grams, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    pub up_to_grams: u32,
    pub minor: i64,
}

/// A first weight, and steps beyond it (首重續重): a step that is begun counts whole.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    pub first_grams: u32,
    pub first_minor: i64,
    pub step_grams: u32,
    pub step_minor: i64,
    /// Heavier goods have no price.
    #[serde(default = "heaviest")]
    pub up_to_grams: u32,
}

fn heaviest() -> u32 {
    limits::WEIGHT_GRAMS_MAX
}

impl FreightRow {
    /// Whether it is about goods that are sold in one region and go to another, now (seconds since 1970).
    pub fn serves(&self, region: RegionIndex, ship_to: RegionIndex, now: i64) -> bool {
        self.destinations.contains(&ship_to)
            && (self.regions.is_empty() || self.regions.contains(&region))
            && self.validity.holds(now)
    }

    /// Whether it is about goods from a country; zeros when that is unknown.
    pub fn takes_from(&self, origin: [u8; 2]) -> bool {
        self.origins.is_empty() || self.origins.contains(&origin)
    }
}

impl FreightPrice {
    /// The price of a weight in grams; `None` when there is none for it, or when it is needed and unknown.
    pub fn of(&self, weight: Option<NonZeroU32>) -> Option<i64> {
        match self {
            Self::Flat { minor } => Some(*minor),
            Self::Bands(bands) => {
                let grams = weight?.get();
                let band = bands.iter().find(|band| grams <= band.up_to_grams)?;
                Some(band.minor)
            }
            Self::Steps(steps) => {
                let grams = weight?.get();
                (grams <= steps.up_to_grams).then(|| steps.price(grams))
            }
        }
    }
}

impl Steps {
    fn price(&self, grams: u32) -> i64 {
        let beyond = grams.saturating_sub(self.first_grams);
        let steps = i64::from(beyond.div_ceil(self.step_grams));
        self.first_minor
            .saturating_add(steps.saturating_mul(self.step_minor))
    }
}
