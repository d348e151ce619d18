//! How well the item answers a wish in the query that is no word to match (平靚正): the mean over the wishes, 0 when there is none.

use sampan_analyzers::plan::Preference;

use super::{Signal, freshness, price, quality, sales};
use crate::flow::rank::{RankContext, Scored};

pub const SIGNAL: Signal = Signal {
    name: "preference",
    range: "0 to 1",
    source: "query",
    value: |scored, context| of(scored, context),
};

fn of(scored: &Scored<'_>, context: &RankContext<'_>) -> f64 {
    if context.asked.preferences.is_empty() {
        return 0.0;
    }
    let wishes = context.asked.preferences.iter().map(|wish| match wish {
        Preference::Cheap => price::of(scored.price, context.median_price),
        Preference::Quality => quality::of(scored.row),
        Preference::Newest => freshness::of(scored.row, context.now),
        Preference::Popular => sales::of(scored.row),
    });
    wishes.sum::<f64>() / context.asked.preferences.len() as f64
}
