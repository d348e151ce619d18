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
use crate::plot::{Plot, Point, Series};

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

/// The curve: exposure gained across, relevance lost upward, both against the first point, in points of a hundred. Values
/// stand beside their points.
pub fn plot(points: &[SweepPoint], title: &str) -> Plot {
    let moved = points.first().map(|first| {
        let moved = points.iter().map(|point| Point {
            across: (point.exposure - first.exposure) * 100.0,
            up: (first.ndcg_10 - point.ndcg_10) * 100.0,
            label: point.value.to_string(),
        });
        moved.collect()
    });
    Plot {
        title: title.to_owned(),
        across: "exposure gained, points of a hundred".to_owned(),
        up: "nDCG@10 lost, points of a hundred".to_owned(),
        logarithmic: false,
        series: vec![Series {
            name: String::new(),
            points: moved.unwrap_or_default(),
            is_joined: true,
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_starts_where_the_first_value_is() {
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
        let moved = plot(&points, "curve").series.remove(0).points;
        let moved: Vec<_> = moved
            .iter()
            .map(|point| (point.across.round(), point.up.round(), point.label.as_str()))
            .collect();
        assert_eq!(
            moved,
            [(0.0, 0.0, "0"), (10.0, 1.0, "0.05"), (40.0, 10.0, "0.1")]
        );
        assert_eq!(plot(&[], "none").svg(), "");
    }
}
