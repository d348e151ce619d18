//! What an encoder's file holds.

use std::path::Path;

use sampan_engine::encode::EncoderSummary;

use super::{
    Output,
    highlight::safe,
    table::{Align, table},
};

/// Bytes of a megabyte.
const MEGABYTE: f64 = 1e6;

/// The summary of a file as a table.
pub fn encoder_table(path: &Path, summary: &EncoderSummary, output: &Output) -> String {
    let rows = [
        ("name", summary.description.name.clone()),
        ("version", summary.description.version.clone()),
        ("from", summary.description.origin.clone()),
        ("dimensions", summary.dimensions.to_string()),
        ("pieces", summary.pieces.to_string()),
        ("forms of the unknown", summary.forms.to_string()),
        ("file", path.display().to_string()),
        ("size", format!("{:.1} MB", summary.bytes as f64 / MEGABYTE)),
        ("instructions", summary.instructions.to_owned()),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), safe(&value)]);
    table(
        &[("encoder", Align::Left), ("", Align::Left)],
        rows.to_vec(),
        output,
    )
}
