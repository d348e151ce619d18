//! How often intervals held the truth.

use std::collections::BTreeMap;

use super::{
    Output,
    table::{Align, table},
};
use crate::evaluate::counterfactual::{
    coverage::{Coverage, World},
    estimate::Estimator,
};

/// Counts of one world.
pub type Counted<'w> = (&'w World, BTreeMap<Estimator, Coverage>);

/// Two tables: intervals that held the truth, and signs that were right.
pub fn text(counted: &[Counted<'_>], logs: u64, output: &Output) -> String {
    let held = |coverage: &Coverage| {
        (coverage.answered > 0).then(|| {
            let (value, effect) = (coverage.share() * 100.0, coverage.effect_share() * 100.0);
            format!("{value:.1} / {effect:.1}")
        })
    };
    let right = |coverage: &Coverage| {
        (coverage.clear > 0).then(|| {
            let right = coverage.right_side as f64 / coverage.clear as f64 * 100.0;
            format!("{right:.1} of {}", coverage.clear)
        })
    };
    let refused = |coverage: &Coverage| Some(coverage.refused.to_string());
    [
        format!(
            "{logs} logs a world. Of a hundred 95 % intervals, those that held the truth: of the plan / of plan − log"
        ),
        grid(counted, held, output),
        "Effects more than 2 standard errors from none, and of a hundred those on the right side".to_owned(),
        grid(counted, right, output),
        "Logs that were refused".to_owned(),
        grid(counted, refused, output),
        "In brackets: an assumption of the estimator does not hold there, and nothing is claimed.".to_owned(),
    ]
    .join("\n\n")
}

fn grid(
    counted: &[Counted<'_>],
    cell: impl Fn(&Coverage) -> Option<String>,
    output: &Output,
) -> String {
    let mut columns = vec![("", Align::Left)];
    columns.extend(counted.iter().map(|(world, _)| (world.name, Align::Right)));
    let rows = Estimator::ALL.into_iter().map(|estimator| {
        let mut cells = vec![estimator.name().to_owned()];
        cells.extend(counted.iter().map(|(world, counts)| {
            let text = counts
                .get(&estimator)
                .and_then(&cell)
                .unwrap_or_else(|| "–".to_owned());
            if world.is_claimed(estimator) {
                text
            } else {
                format!("({text})")
            }
        }));
        cells
    });
    table(&columns, rows.collect(), output)
}

/// The counts for programs.
///
/// # Errors
/// Never, for numbers that are finite.
pub fn json(counted: &[Counted<'_>]) -> serde_json::Result<serde_json::Value> {
    let worlds = counted.iter().map(|(world, counts)| {
        let estimators = counts.iter().map(|(estimator, coverage)| {
            serde_json::json!({
                "estimator": estimator,
                "claimed": world.is_claimed(*estimator),
                "coverage": coverage.share(),
                "effect_coverage": coverage.effect_share(),
                "counts": coverage,
            })
        });
        serde_json::json!({ "world": world.name, "estimators": estimators.collect::<Vec<_>>() })
    });
    serde_json::to_value(worlds.collect::<Vec<_>>())
}
