//! What goods cost a shopper at the door: price and freight in the display currency, each rounded once (`base/money`).
//!
//! Free shipping costs nothing to send. Else what the seller states counts, by whichever way; else the first row of the
//! destination's freight table that fits. What none of them says is unknown, which is not 0.

use crate::{
    base::{
        money::{CurrencyIndex, RateTable},
        ship::{ModeSet, ShipMode},
    },
    config::{Configuration, freight::FreightRow},
    flow::request::Market,
    index::columns::{OfferRow, Row},
};

/// Costs in one market, at one moment.
pub struct LandedCosts<'c> {
    rates: &'c RateTable,
    currency: CurrencyIndex,
    /// Rows in force for each way to ship; of those that fit, the first decides.
    rows: [Vec<&'c FreightRow>; ShipMode::ALL.len()],
}

/// A known freight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Freight<'c> {
    /// Minor units of the display currency.
    pub minor: i64,
    pub mode: ShipMode,
    /// The row of the table that says so; `None` when the seller does, or when it is free.
    pub row: Option<&'c FreightRow>,
}

impl<'c> LandedCosts<'c> {
    /// `now` is in seconds since 1970.
    pub fn new(configuration: &'c Configuration, market: Market, now: i64) -> Self {
        let serving = |mode: ShipMode| {
            let rows = configuration.freight.iter();
            let serves = |row: &&FreightRow| {
                row.modes.has(mode) && row.serves(market.region, market.ship_to, now)
            };
            rows.filter(serves).collect()
        };
        Self {
            rates: &configuration.rates,
            currency: market.currency,
            rows: ShipMode::ALL.map(serving),
        }
    }

    /// The ways for which freight tables do not say the same here.
    pub fn tables_that_differ(&self, other: &Self) -> ModeSet {
        let modes = ShipMode::ALL.into_iter();
        let differ = modes.filter(|mode| self.rows[*mode as usize] != other.rows[*mode as usize]);
        differ.fold(ModeSet::default(), ModeSet::with)
    }

    /// The price of an offer.
    #[inline]
    pub fn price(&self, offer: &OfferRow) -> i64 {
        self.rates
            .convert(offer.price_minor, offer.currency, self.currency)
    }

    /// The freight by one way; `None` when unknown.
    pub fn freight_by(&self, mode: ShipMode, row: &Row, offer: &OfferRow) -> Option<Freight<'c>> {
        if mode == ShipMode::FreeShipping {
            return Some(Freight {
                minor: 0,
                mode,
                row: None,
            });
        }
        let shown = |minor, currency| self.rates.convert(minor, currency, self.currency);
        if let Some(stated) = offer.freight_minor {
            return Some(Freight {
                minor: shown(stated, offer.currency),
                mode,
                row: None,
            });
        }
        let mut rows = self.rows[mode as usize].iter();
        let decides = rows.find(|table| table.takes_from(row.origin))?;
        Some(Freight {
            minor: shown(decides.price.of(row.weight)?, decides.currency),
            mode,
            row: Some(decides),
        })
    }

    /// The least of the known freights of some ways, of equal ones the first; `None` when none is known.
    pub fn freight(&self, row: &Row, offer: &OfferRow, modes: ModeSet) -> Option<Freight<'c>> {
        let known = modes
            .iter()
            .filter_map(|mode| self.freight_by(mode, row, offer));
        known.min_by_key(|freight| freight.minor)
    }

    /// Price and freight together; `None` when the freight is unknown.
    pub fn landed(&self, row: &Row, offer: &OfferRow, modes: ModeSet) -> Option<i64> {
        let freight = self.freight(row, offer, modes)?;
        Some(self.price(offer).saturating_add(freight.minor))
    }
}
