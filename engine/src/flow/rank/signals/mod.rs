//! Ranking signals: one file each, one registry. To add one: a file like `stock.rs`, a line in [`REGISTRY`], its name in
//! `config::profile::SIGNAL_NAMES`, and a weight in a profile.

pub mod behaviour;
pub mod brand_affinity;
pub mod brand_match;
pub mod cart_rate;
pub mod category_affinity;
pub mod category_match;
pub mod category_price;
pub mod click_rate;
pub mod coverage;
pub mod delivery;
pub mod direct_mail;
pub mod exactness;
pub mod feed_affinity;
pub mod free_shipping;
pub mod freight_affinity;
pub mod freshness;
pub mod full_match;
pub mod landed;
pub mod lexical;
pub mod local;
pub mod local_return;
pub mod order_rate;
pub mod pool;
pub mod preference;
pub mod price;
pub mod price_affinity;
pub mod quality;
pub mod rewritten;
pub mod rule;
pub mod sales;
pub mod seller_exposure;
pub mod ship_affinity;
pub mod ship_ways;
pub mod stock;
pub mod stock_depth;
pub mod title_match;
pub mod vector;

use super::{RankContext, Scored};

/// What a signal says of a candidate.
pub type SignalValue = fn(&Scored<'_>, &RankContext<'_>) -> f64;

/// A number that ranking may weigh.
pub struct Signal {
    /// Name in profiles, explanations and metrics.
    pub name: &'static str,
    /// Range of values.
    pub range: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    pub value: SignalValue,
}

/// All signals, in the order in which a score is summed.
pub const REGISTRY: &[Signal] = &[
    lexical::SIGNAL,
    coverage::SIGNAL,
    full_match::SIGNAL,
    brand_match::SIGNAL,
    vector::SIGNAL,
    behaviour::SIGNAL,
    feed_affinity::SIGNAL,
    quality::SIGNAL,
    sales::SIGNAL,
    freshness::SIGNAL,
    price::SIGNAL,
    preference::SIGNAL,
    stock::SIGNAL,
    delivery::SIGNAL,
    title_match::SIGNAL,
    exactness::SIGNAL,
    rewritten::SIGNAL,
    category_match::SIGNAL,
    click_rate::SIGNAL,
    cart_rate::SIGNAL,
    order_rate::SIGNAL,
    category_price::SIGNAL,
    landed::SIGNAL,
    stock_depth::SIGNAL,
    ship_ways::SIGNAL,
    seller_exposure::SIGNAL,
    brand_affinity::SIGNAL,
    category_affinity::SIGNAL,
    price_affinity::SIGNAL,
    ship_affinity::SIGNAL,
    freight_affinity::SIGNAL,
    direct_mail::SIGNAL,
    free_shipping::SIGNAL,
    local::SIGNAL,
    local_return::SIGNAL,
    pool::SIGNAL,
    rule::SIGNAL,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::profile::SIGNAL_NAMES;

    #[test]
    fn profiles_weigh_exactly_the_registered_signals_in_their_order() {
        let registered: Vec<&str> = REGISTRY.iter().map(|signal| signal.name).collect();
        let weighed: Vec<&str> = SIGNAL_NAMES.iter().map(|(name, _)| *name).collect();
        assert_eq!(registered, weighed);
    }
}
