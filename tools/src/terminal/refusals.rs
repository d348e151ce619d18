//! What a node refused of a batch.

use sampan_proto::v1;

use super::{
    Output,
    highlight::safe,
    table::{Align, table},
};

const COLUMNS: [(&str, Align); 4] = [
    ("place", Align::Right),
    ("item", Align::Left),
    ("field", Align::Left),
    ("reason", Align::Left),
];

/// The refused of the results, by place from 1.
pub fn refusal_table(results: &[v1::ItemResult], output: &Output) -> String {
    let refused = results.iter().filter(|result| !result.accepted);
    let rows = refused.map(|result| {
        let place = (result.index + 1).to_string();
        vec![
            place,
            safe(&result.item_id),
            safe(&result.field),
            safe(&result.reason),
        ]
    });
    table(&COLUMNS, rows.collect(), output)
}
