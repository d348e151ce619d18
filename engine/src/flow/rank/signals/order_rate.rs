//! How often shoppers of the region order the item when it is shown; as `click_rate`.

use super::{Signal, click_rate};

pub const SIGNAL: Signal = Signal {
    name: "order_rate",
    range: "0 to 1",
    source: "behaviour",
    value: |scored, context| click_rate::of(scored.rates.order, context.mean_rates.order),
};
