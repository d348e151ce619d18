//! A second, naive opinion on what may be shown: written from the contract alone, item by item, with plain lists. Slow,
//! and so simple that one can see that it is right.

mod freight;
mod names;
mod rates;
mod rules;

use sampan_proto::v1::{self, ShipMode};

pub use freight::{FreightPrice, FreightRow, Landed, landed};
pub use names::same_name;
pub use rates::Rates;
pub use rules::{Attribute, Rule, mode_name, rules_of_dictionaries};

/// Where a shop is seen from and where goods go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Market<'a> {
    pub region: &'a str,
    pub ship_to: &'a str,
}

impl<'a> Market<'a> {
    /// Goods go where the shop is seen from.
    pub fn at_home(region: &'a str) -> Self {
        Self {
            region,
            ship_to: region,
        }
    }
}

/// Modes that bring an item to the shopper; empty when it may not be shown.
pub fn ways(item: &v1::Item, market: Market<'_>, rules: &[Rule], now: i64) -> Vec<ShipMode> {
    let Some(offer) = offer_in(item, market.region) else {
        return Vec::new();
    };
    let crosses = market.region != market.ship_to;
    let barred = |mode: ShipMode| {
        rules.iter().any(|rule| {
            rule.bars(mode) && rule.is_for(market.ship_to) && rule.holds(now) && rule.selects(item)
        })
    };
    let mut ways: Vec<ShipMode> = offer.ship_modes().collect();
    ways.retain(|mode| !(barred(*mode) || crosses && *mode == ShipMode::Local));
    ways.sort_unstable();
    ways.dedup();
    ways
}

/// The item's offer in a region.
pub fn offer_in<'i>(item: &'i v1::Item, region: &str) -> Option<&'i v1::Offer> {
    item.offers.iter().find(|offer| offer.region == region)
}

/// Whether an item passes all filters but those of price, given the modes that bring it.
pub fn passes(
    item: &v1::Item,
    ways: &[ShipMode],
    filters: &v1::Filters,
    market: Market<'_>,
) -> bool {
    let any_of =
        |asked: &[String], is: &dyn Fn(&String) -> bool| asked.is_empty() || asked.iter().any(is);
    let in_stock = offer_in(item, market.region).is_some_and(|offer| offer.stock != Some(0));
    item.category_path.starts_with(&filters.category_path)
        && any_of(&filters.brands, &|brand| same_name(brand, &item.brand))
        && any_of(&filters.sellers, &|seller| *seller == item.seller)
        && filters
            .tags
            .iter()
            .all(|tag| item.tags.iter().any(|own| same_name(own, tag)))
        && (filters.ship_modes.is_empty() || filters.ship_modes().any(|mode| ways.contains(&mode)))
        && (!filters.in_stock || in_stock)
}
