//! How often shoppers of the region put the item in the cart when it is shown; as `click_rate`.

use super::{Signal, click_rate};

pub const SIGNAL: Signal = Signal {
    name: "cart_rate",
    range: "0 to 1",
    source: "behaviour",
    value: |scored, context| click_rate::of(scored.rates.cart, context.mean_rates.cart),
};
