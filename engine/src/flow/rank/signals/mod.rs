//! Ranking signals: one file each, one registry. To add one: a file like `stock.rs`, a line in [`REGISTRY`], its name in
//! `config::profile::SIGNAL_NAMES`, and a weight in a profile.

pub mod behaviour;
pub mod brand_match;
pub mod coverage;
pub mod delivery;
pub mod direct_mail;
pub mod free_shipping;
pub mod freshness;
pub mod full_match;
pub mod lexical;
pub mod local;
pub mod pool;
pub mod preference;
pub mod price;
pub mod quality;
pub mod rule;
pub mod sales;
pub mod stock;
pub mod vector;

use super::{RankContext, Scored};

/// A number that ranking may weigh.
pub struct Signal {
    /// Name in profiles, explanations and metrics.
    pub name: &'static str,
    /// Range of values.
    pub range: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    pub value: fn(&Scored<'_>, &RankContext<'_>) -> f64,
}

/// All signals, in the order in which a score is summed.
pub const REGISTRY: &[Signal] = &[
    lexical::SIGNAL,
    coverage::SIGNAL,
    full_match::SIGNAL,
    brand_match::SIGNAL,
    vector::SIGNAL,
    behaviour::SIGNAL,
    quality::SIGNAL,
    sales::SIGNAL,
    freshness::SIGNAL,
    price::SIGNAL,
    preference::SIGNAL,
    stock::SIGNAL,
    delivery::SIGNAL,
    direct_mail::SIGNAL,
    free_shipping::SIGNAL,
    local::SIGNAL,
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
