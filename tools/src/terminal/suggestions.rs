//! Completions.

use sampan_proto::v1;

use super::{
    Output,
    highlight::{highlighted, safe},
    table::{Align, table},
};

const COLUMNS: [(&str, Align); 4] = [
    ("suggestion", Align::Left),
    ("kind", Align::Left),
    ("items", Align::Right),
    ("score", Align::Right),
];

pub fn suggestion_table(response: &v1::SuggestResponse, output: &Output) -> String {
    let rows = response.suggestions.iter().map(|suggestion| {
        vec![
            highlighted(&suggestion.text, &suggestion.highlights, output.is_styled()),
            safe(&suggestion.kind),
            suggestion.items.to_string(),
            format!("{:.3}", suggestion.score),
        ]
    });
    table(&COLUMNS, rows.collect(), output)
}
