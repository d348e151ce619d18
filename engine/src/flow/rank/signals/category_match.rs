//! How much of the query is the name of a level of the item's category.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "category_match",
    range: "0 to 1",
    source: "flow/named",
    value: |scored, context| {
        let levels = context.names.levels_of(scored.category);
        f64::from(context.asked.named.category(levels))
    },
};
