//! Boost: sold and delivered inside the region (本對本, L2L).

use super::Signal;
use crate::base::ship::ShipMode;

pub const SIGNAL: Signal = Signal {
    name: "local",
    range: "0 or 1",
    source: "Offer.ship_modes",
    value: |scored, _| f64::from(u8::from(scored.modes.has(ShipMode::Local))),
};
