//! Words with the words that stand near them.

use sampan_analyzers::Neighbour;
use sampan_engine::index::expansion::MinedExpansions;
use serde_json::{Value, json};

use super::{
    Output,
    highlight::safe,
    table::{Align, table},
};

/// The first words with their neighbours, and a line with the numbers.
pub fn near_words(mined: &MinedExpansions, top: usize, output: &Output) -> String {
    let rows = mined.table().iter().take(top).map(|(word, neighbours)| {
        let near = neighbours.iter().map(|neighbour| {
            let Neighbour { text, weight } = neighbour;
            format!("{} {weight:.2}", safe(text))
        });
        vec![safe(word), near.collect::<Vec<_>>().join(", ")]
    });
    let shown = table(
        &[("word", Align::Left), ("near it, by weight", Align::Left)],
        rows.collect(),
        output,
    );
    format!(
        "{shown}\n\n{} words have {} neighbours",
        mined.table().len(),
        mined.neighbours()
    )
}

/// All of them.
pub fn json(mined: &MinedExpansions) -> Value {
    let words = mined.table().iter().map(|(word, neighbours)| {
        let near = neighbours
            .iter()
            .map(|neighbour| json!({ "neighbour": neighbour.text, "weight": neighbour.weight }));
        json!({ "word": word, "neighbours": near.collect::<Vec<Value>>() })
    });
    json!({ "encoder": mined.encoder(), "words": words.collect::<Vec<Value>>() })
}
