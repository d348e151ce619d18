//! The tables as Markdown.

use sampan_benches::table::Table;

use crate::contestant::Contestant;
use crate::data::Dataset;
use crate::filters::{FORMS, FilteredPoint};
use crate::frontier::{Point, RECALLS};

/// One line an index.
pub fn searches(
    dataset: &Dataset,
    contestants: &[Contestant],
    points: &[[Option<Point>; RECALLS.len()]],
) -> String {
    let [low, high] = RECALLS.map(|recall| format!("µs at {recall} (ef)"));
    let mut table = Table::new([
        "index",
        &low,
        &high,
        "build s",
        "build CPU s",
        "bytes a vector",
        "load ms",
    ]);
    for (contestant, points) in contestants.iter().zip(points) {
        let [low, high] = points.map(|point| match point {
            Some(point) => format!("{:.1} ({:.0})", point.query_microseconds, point.beam_width),
            None => "not reached".to_owned(),
        });
        table.row([
            contestant.name.to_owned(),
            low,
            high,
            format!("{:.1}", contestant.build_wall.as_secs_f64()),
            format!("{:.1}", contestant.build_cpu.as_secs_f64()),
            format!("{:.0}", contestant.bytes_per_vector),
            format!("{:.1}", contestant.load.as_secs_f64() * 1e3),
        ]);
    }
    let (rows, dimensions) = (dataset.vectors.len(), dataset.dimensions);
    format!("\n### {rows} × {dimensions}\n\n{table}")
}

/// One line a share of eligible vectors.
pub fn filtered(dataset: &Dataset, points: &[FilteredPoint]) -> String {
    let [bits, bitmap, questions] =
        FORMS.map(|form| format!("µs, filter as {form} (times unfiltered)"));
    let mut table = Table::new(["eligible", "recall@10", &bits, &bitmap, &questions]);
    for point in points {
        let times = point
            .query_microseconds
            .iter()
            .zip(&points[0].query_microseconds);
        let times = times.map(|(time, free)| format!("{time:.1} ({:.1})", time / free));
        let share = format!("{} %", point.share * 100.0);
        let recall = format!("{:.4}", point.recall);
        table.row([share, recall].into_iter().chain(times));
    }
    let (rows, dimensions) = (dataset.vectors.len(), dataset.dimensions);
    format!("\n### Filters, {rows} × {dimensions}, default beam\n\n{table}")
}
