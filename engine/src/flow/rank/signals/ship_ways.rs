//! How many ways bring the goods to the shopper, of the four.

use super::Signal;
use crate::base::ship::ShipMode;

pub const SIGNAL: Signal = Signal {
    name: "ship_ways",
    range: "1/4 to 1",
    source: "Offer.ship_modes",
    value: |scored, _| f64::from(scored.modes.0.count_ones()) / ShipMode::ALL.len() as f64,
};
