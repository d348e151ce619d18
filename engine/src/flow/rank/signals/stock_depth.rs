//! How many are left, on a logarithmic scale: 1 at [`STOCK_FULL`] and above, 1/2 when they are not counted.

use super::Signal;

/// Units at which the signal is full: enough for a busy day.
const STOCK_FULL: f64 = 1_000.0;

pub const SIGNAL: Signal = Signal {
    name: "stock_depth",
    range: "0 to 1",
    source: "Offer.stock",
    value: |scored, _| {
        let depth = |stock: u32| ((1.0 + f64::from(stock)).ln() / (1.0 + STOCK_FULL).ln()).min(1.0);
        scored.offer.stock.map_or(0.5, depth)
    },
};
