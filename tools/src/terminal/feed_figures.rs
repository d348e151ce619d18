//! Figures of the feed, and what is in a model.

use std::{collections::BTreeMap, path::Path};

use sampan_engine::recommend::file::NamedModel;

use super::{
    Output,
    table::{Align, table},
};
use crate::evaluate::feed::{
    figures::Figures,
    reliability::CalibrationReport,
    report::{FEW_VISITS, FeedReport, SparseReport},
};

/// Tables of a run.
pub fn feed_report(report: &FeedReport, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 7] = [
        ("", Align::Left),
        ("recall@10", Align::Right),
        ("recall@10 of 10", Align::Right),
        ("hit@10", Align::Right),
        ("nDCG@10", Align::Right),
        ("recall@50", Align::Right),
        ("recall@10, little known", Align::Right),
    ];
    let rows = report.rows.iter().map(|row| {
        let Figures {
            recall_10,
            recall_10_of_reachable,
            hit_10,
            ndcg_10,
            recall_50,
            ..
        } = row.figures;
        let figures = [
            recall_10,
            recall_10_of_reachable,
            hit_10,
            ndcg_10,
            recall_50,
        ];
        let little_known = match row.of_few_visits.cases {
            0 => "–".to_owned(),
            _ => format!("{:.4}", row.of_few_visits.recall_10),
        };
        std::iter::once(row.name.to_owned())
            .chain(figures.map(|figure| format!("{figure:.4}")))
            .chain([little_known])
            .collect()
    });
    let mut text = table(&COLUMNS, rows.collect(), output);
    let cases = report.rows.first().map_or(0, |row| row.figures.cases);
    text.push_str(&format!(
        "\n\nlast visits of {cases} of {} shoppers, found among {} items; {} visits, {} taken",
        report.shoppers, report.items, report.visits, report.taken
    ));
    let few = report.rows.first().map_or(0, |row| row.of_few_visits.cases);
    text.push_str(&format!(
        "\nlittle known: {few} shoppers with {FEW_VISITS} visits or fewer before the last"
    ));
    text.push_str(&format!("\nweights: {}", weights(&report.weights)));
    text.push_str("\n\n");
    text.push_str(&calibration_table(&report.calibration, output));
    if let Some(sparse) = &report.sparse {
        text.push_str("\n\n");
        text.push_str(&sparse_table(sparse, output));
    }
    text
}

/// Whether what scores predict is observed, as they are and calibrated.
fn calibration_table(report: &CalibrationReport, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 7] = [
        ("given at least", Align::Left),
        ("by scores", Align::Right),
        ("predicted", Align::Right),
        ("observed", Align::Right),
        ("calibrated", Align::Right),
        ("predicted", Align::Right),
        ("observed", Align::Right),
    ];
    let rows = report.scores.bins.iter().zip(&report.calibrated.bins);
    let rows = rows.map(|(scores, calibrated)| {
        let figures = [scores, calibrated].map(|bin| {
            [
                bin.candidates.to_string(),
                format!("{:.0}", bin.predicted),
                format!("{:.0}", bin.observed),
            ]
        });
        let from = format!("{:.1} %", 100.0 * scores.from);
        std::iter::once(from).chain(figures.concat()).collect()
    });
    format!(
        "{}\n\n{} of the last visits took a candidate; of their choices {:.1} % are in another row than the scores predict, and \
         {:.1} % in another than predicted once they are calibrated; scores times {:.2} would fit the choices best",
        table(&COLUMNS, rows.collect(), output),
        report.choices,
        100.0 * report.scores.error,
        100.0 * report.calibrated.error,
        report.scale
    )
}

fn sparse_table(report: &SparseReport, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 5] = [
        ("sparse log", Align::Left),
        ("recall@10", Align::Right),
        ("nDCG@10", Align::Right),
        ("recall@50", Align::Right),
        ("sparse items' recall@50", Align::Right),
    ];
    let rows = [
        ("behaviour alone", &report.without_content),
        ("with content", &report.with_content),
    ];
    let rows = rows.map(|(name, figures)| {
        vec![
            name.to_owned(),
            format!("{:.4}", figures.all.recall_10),
            format!("{:.4}", figures.all.ndcg_10),
            format!("{:.4}", figures.all.recall_50),
            format!("{:.4}", figures.of_sparse_items.recall_50),
        ]
    });
    format!(
        "{}\n\n{} sparse items, which {} of the last visits took",
        table(&COLUMNS, rows.to_vec(), output),
        report.items,
        report.with_content.of_sparse_items.cases
    )
}

/// What is in a model.
pub fn feed_model(path: &Path, model: &NamedModel, output: &Output) -> String {
    let description = &model.description;
    let rows = [
        ("file", path.display().to_string()),
        ("made by", description.made_by.clone()),
        ("items", model.ids.len().to_string()),
        ("shoppers", description.shoppers.to_string()),
        ("visits", description.visits.to_string()),
        (
            "numbers a vector",
            model.model.factors.dimensions().to_string(),
        ),
        ("weights", weights(&description.weights)),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), value]);
    table(
        &[("", Align::Left), ("", Align::Left)],
        rows.to_vec(),
        output,
    )
}

fn weights(weights: &BTreeMap<String, f32>) -> String {
    let named = weights
        .iter()
        .map(|(name, weight)| format!("{name} {weight:.2}"));
    named.collect::<Vec<_>>().join(", ")
}
