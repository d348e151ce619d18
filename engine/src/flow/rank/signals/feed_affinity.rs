//! How likely the shopper is to take the item, by the feed's model, beside the other candidates: log-odds, 1 for the likeliest.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "feed_affinity",
    range: "0 to 1",
    source: "feed model",
    value: |scored, _| scored.candidate.affinity,
};
