//! Boost: the goods can be mailed straight to the shopper (直郵).

use super::Signal;
use crate::base::ship::ShipMode;

pub const SIGNAL: Signal = Signal {
    name: "direct_mail",
    range: "0 or 1",
    source: "Offer.ship_modes",
    value: |scored, _| f64::from(u8::from(scored.modes.has(ShipMode::DirectMail))),
};
