//! How cheap the item is among the candidates: 1/2 at their median price, 1 at nothing; 1/2 when a price is unknown (0).

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "price",
    range: "0 to 1",
    source: "Offer.price",
    value: |scored, context| of(scored.price, context.median_price),
};

/// The signal of a price beside the median, both in the display currency's minor units.
pub fn of(price: i64, median: i64) -> f64 {
    if price <= 0 || median <= 0 {
        return 0.5;
    }
    1.0 / (1.0 + price as f64 / median as f64)
}
