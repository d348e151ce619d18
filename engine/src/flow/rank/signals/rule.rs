//! Boost: how far merchandising rules lift (above 0) or lower (below 0) the item.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "rule",
    range: "-1 to 1",
    source: "rules.toml",
    value: |scored, _| scored.shift,
};
