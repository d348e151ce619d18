//! What one number of a profile costs in relevance and buys in exposure, value by value.

use std::collections::HashMap;

use rayon::prelude::*;
use sampan_proto::v1;
use serde::Serialize;

use super::{
    judgements::Query,
    metrics::{Judged, Measures, mean, measure},
    node::RegionShoppers,
};

/// Hits that are looked at: a first screen.
const DEPTH: usize = 10;

/// What a value brought.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SweepPoint {
    pub value: f64,
    /// nDCG@10 over the judged queries.
    pub ndcg_10: f64,
    /// Share of the first ten hits of all queries that ship by the mode.
    pub exposure: f64,
}

/// Measures the profile in force.
///
/// # Errors
/// A query cannot be answered.
pub fn point(
    value: f64,
    shoppers: &RegionShoppers<'_>,
    queries: &[Query],
    judged: &HashMap<String, Judged>,
    mode: v1::ShipMode,
) -> anyhow::Result<SweepPoint> {
    let answers: Vec<(Option<Measures>, usize, usize)> = queries
        .par_iter()
        .map(|query| {
            let hits = shoppers.first(&query.text, DEPTH)?;
            let ids: Vec<&str> = hits.iter().map(|hit| hit.item_id.as_str()).collect();
            let judged = judged.get(&query.id);
            let measured = judged.and_then(|judged| measure(&ids, judged));
            let ships = |hit: &&v1::Hit| {
                let mut modes = hit.offer.iter().flat_map(v1::DisplayOffer::ship_modes);
                modes.any(|its| its == mode)
            };
            Ok((measured, hits.iter().filter(ships).count(), hits.len()))
        })
        .collect::<anyhow::Result<_>>()?;
    let measures: Vec<Measures> = answers.iter().filter_map(|answer| answer.0).collect();
    let (shown, all) = answers.iter().fold((0, 0), |(shown, all), answer| {
        (shown + answer.1, all + answer.2)
    });
    Ok(SweepPoint {
        value,
        ndcg_10: mean(measures.iter()).ndcg_10,
        exposure: shown as f64 / all.max(1) as f64,
    })
}

/// The curve as one SVG: exposure gained across, relevance lost down, both against the first point, in points of a
/// hundred. Values stand beside their points.
pub fn svg(points: &[SweepPoint], title: &str) -> String {
    const WIDTH: f64 = 640.0;
    const HEIGHT: f64 = 400.0;
    const EDGE: f64 = 64.0;
    let Some(first) = points.first() else {
        return String::new();
    };
    let moved: Vec<(f64, f64, f64)> = points
        .iter()
        .map(|point| {
            let gained = (point.exposure - first.exposure) * 100.0;
            (gained, (first.ndcg_10 - point.ndcg_10) * 100.0, point.value)
        })
        .collect();
    let reach = |of: &dyn Fn(&(f64, f64, f64)) -> f64| {
        let values = moved.iter().map(of);
        let (low, high) = values.fold((0.0f64, 0.0f64), |(low, high), v| (low.min(v), high.max(v)));
        // A curve that does not move still has a width.
        (low, if high - low > 1e-9 { high } else { low + 1.0 })
    };
    let ((left, right), (top, bottom)) = (reach(&|m| m.0), reach(&|m| m.1));
    let x = |gained: f64| EDGE + (gained - left) / (right - left) * (WIDTH - 2.0 * EDGE);
    let y = |lost: f64| EDGE + (lost - top) / (bottom - top) * (HEIGHT - 2.0 * EDGE);
    let path: Vec<String> = moved
        .iter()
        .map(|m| format!("{:.1},{:.1}", x(m.0), y(m.1)))
        .collect();
    let mut marks = String::new();
    for (gained, lost, value) in &moved {
        let (x, y) = (x(*gained), y(*lost));
        marks += &format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/><text x=\"{:.1}\" y=\"{:.1}\">{value}</text>\n",
            x + 7.0,
            y - 7.0
        );
    }
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    let axis = |at: f64| format!("{at:+.2}");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{EDGE}\" y=\"28\" font-size=\"15\">{title}</text>\n\
         <line x1=\"{EDGE}\" y1=\"{base}\" x2=\"{end}\" y2=\"{base}\" stroke=\"#888\"/>\n\
         <line x1=\"{EDGE}\" y1=\"{EDGE}\" x2=\"{EDGE}\" y2=\"{base}\" stroke=\"#888\"/>\n\
         <text x=\"{EDGE}\" y=\"{under}\">{left}</text><text x=\"{end}\" y=\"{under}\" text-anchor=\"end\">{right}</text>\n\
         <text x=\"{middle}\" y=\"{label}\" text-anchor=\"middle\">exposure gained, points of a hundred</text>\n\
         <text x=\"58\" y=\"{EDGE}\" text-anchor=\"end\">{top}</text><text x=\"58\" y=\"{base}\" text-anchor=\"end\">{bottom}</text>\n\
         <text x=\"20\" y=\"{half}\" transform=\"rotate(-90 20 {half})\" text-anchor=\"middle\">nDCG@10 lost</text>\n\
         <polyline points=\"{path}\" fill=\"none\" stroke=\"#c0392b\" stroke-width=\"2\"/>\n{marks}</svg>\n",
        base = HEIGHT - EDGE,
        end = WIDTH - EDGE,
        under = HEIGHT - EDGE + 18.0,
        label = HEIGHT - EDGE + 38.0,
        middle = WIDTH / 2.0,
        half = HEIGHT / 2.0,
        left = axis(left),
        right = axis(right),
        top = axis(top),
        bottom = axis(bottom),
        path = path.join(" "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_has_a_mark_for_each_value_inside_its_frame() {
        let point = |value, ndcg_10, exposure| SweepPoint {
            value,
            ndcg_10,
            exposure,
        };
        let points = [
            point(0.0, 0.8, 0.2),
            point(0.05, 0.79, 0.3),
            point(0.1, 0.7, 0.6),
        ];
        let text = svg(&points, "a < b");
        assert_eq!(text.matches("<circle").count(), 3);
        assert!(text.contains("a &lt; b") && text.contains("+40.00") && text.contains("+10.00"));
        let flat = svg(&[points[0], points[0]], "flat");
        assert!(!flat.contains("NaN") && !flat.contains("inf"), "{flat}");
        assert_eq!(svg(&[], "none"), "");
    }
}
