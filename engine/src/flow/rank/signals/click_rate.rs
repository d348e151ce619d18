//! How often shoppers of the region click the item when it is shown, beside all that is shown there: 1/2 as often, and when
//! nothing is known.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "click_rate",
    range: "0 to 1",
    source: "behaviour",
    value: |scored, context| of(scored.rates.click, context.mean_rates.click),
};

/// The signal of a rate beside the region's mean.
pub fn of(rate: f64, mean: f64) -> f64 {
    match rate + mean {
        sum if sum > 0.0 => rate / sum,
        _ => 0.5,
    }
}
