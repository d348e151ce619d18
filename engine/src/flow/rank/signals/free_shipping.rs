//! Boost: freight is in the price (包郵).

use super::Signal;
use crate::base::ship::ShipMode;

pub const SIGNAL: Signal = Signal {
    name: "free_shipping",
    range: "0 or 1",
    source: "Offer.ship_modes",
    value: |scored, _| f64::from(u8::from(scored.modes.has(ShipMode::FreeShipping))),
};
