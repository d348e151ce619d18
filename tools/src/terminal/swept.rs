//! A sweep of one number as a table.

use super::{
    Output,
    table::{Align, table},
};
use crate::evaluate::sweep::SweepPoint;

/// A row a value, with its difference to the first.
pub fn text(
    points: &[SweepPoint],
    title: &str,
    constructed: Option<f64>,
    output: &Output,
) -> String {
    let columns = [
        (title, Align::Right),
        ("nDCG@10", Align::Right),
        ("lost", Align::Right),
        ("exposure@10", Align::Right),
        ("gained", Align::Right),
    ];
    let rows = points.iter().map(|point| {
        let first = points.first().unwrap_or(point);
        vec![
            point.value.to_string(),
            format!("{:.4}", point.ndcg_10),
            format!("{:+.4}", first.ndcg_10 - point.ndcg_10),
            format!("{:.2} %", point.exposure * 100.0),
            format!("{:+.2}", (point.exposure - first.exposure) * 100.0),
        ]
    });
    let mut text = table(&columns, rows.collect(), output);
    if let Some(share) = constructed {
        text.push_str(&format!(
            "\n\nWays to ship are constructed: {:.0} % of the items, by a hash of their ids.",
            share * 100.0
        ));
    }
    text
}
