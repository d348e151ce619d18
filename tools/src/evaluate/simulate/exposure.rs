//! Who is seen: looks by way to ship, region, seller, department and item.
//!
//! A hit has as much exposure as its place is looked at, times the visits ("merit-blind" exposure of Singh and Joachims,
//! "Fairness of exposure in rankings", KDD 2018, with the same discount). Beside it stands the plain share of the first ten
//! places. An item that ships in several ways counts for each, so that ways can add up to more than 1.

use std::collections::BTreeMap;

use sampan_engine::exposure::gini;
use serde::Serialize;

use super::{
    replay::{Replay, Shown},
    visits::Visit,
};
use crate::evaluate::examination::Examination;

/// Places whose plain share is told.
pub const TOP: usize = 10;

/// What is parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    ShipMode,
    Region,
    Seller,
    Department,
    Item,
}

impl Dimension {
    pub const ALL: [Self; 5] = [
        Self::ShipMode,
        Self::Region,
        Self::Seller,
        Self::Department,
        Self::Item,
    ];

    /// As tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ShipMode => "way to ship",
            Self::Region => "region",
            Self::Seller => "seller",
            Self::Department => "department",
            Self::Item => "item",
        }
    }

    fn names(self, visit: &Visit, shown: &Shown) -> Vec<String> {
        let known = |name: &String| match name.as_str() {
            "" => vec!["(none)".to_owned()],
            name => vec![name.to_owned()],
        };
        match self {
            Self::ShipMode => shown
                .ways
                .iter()
                .map(|mode| mode.name().to_owned())
                .collect(),
            Self::Region => vec![visit.region.clone()],
            Self::Seller => known(&shown.seller),
            Self::Department => known(&shown.department),
            Self::Item => vec![shown.item.clone()],
        }
    }
}

/// Shares of all exposure, 0 to 1, before and under the plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Exposed {
    pub name: String,
    pub before: f64,
    pub after: f64,
    /// Shares of the first ten places.
    pub top_before: f64,
    pub top_after: f64,
}

impl Exposed {
    /// What it gains, in shares of all exposure.
    pub fn gain(&self) -> f64 {
        self.after - self.before
    }
}

/// Exposure of one dimension, the most exposed (before or after) first.
pub fn exposure(
    dimension: Dimension,
    visits: &[Visit],
    [before, after]: [&Replay; 2],
    examination: &Examination,
) -> Vec<Exposed> {
    let mut all: BTreeMap<String, Exposed> = BTreeMap::new();
    for (is_after, replay) in [(false, before), (true, after)] {
        let (mut looks, mut places) = (0.0, 0.0);
        let mut of_replay: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for (visit, list) in replay.lists(visits) {
            for (place, shown) in list.iter().enumerate() {
                let look = visit.times as f64 * examination.at(place);
                let top = if place < TOP { visit.times as f64 } else { 0.0 };
                looks += look;
                places += top;
                for name in dimension.names(visit, shown) {
                    let sums = of_replay.entry(name).or_default();
                    sums.0 += look;
                    sums.1 += top;
                }
            }
        }
        for (name, (look, top)) in of_replay {
            let exposed = all.entry(name.clone()).or_default();
            exposed.name = name;
            let shares = (look / looks, top / places);
            match is_after {
                false => (exposed.before, exposed.top_before) = shares,
                true => (exposed.after, exposed.top_after) = shares,
            }
        }
    }
    let mut all: Vec<Exposed> = all.into_values().collect();
    all.sort_by(|a, b| b.before.max(b.after).total_cmp(&a.before.max(a.after)));
    all
}

/// How unevenly exposure is spread over those of a dimension that were shown before or under the plan: Gini coefficients
/// before and under the plan, 0 (all alike) to nearly 1 (one has all). What was never shown is not counted.
pub fn unevenness(exposed: &[Exposed]) -> [f64; 2] {
    [
        gini(exposed.iter().map(|its| its.before).collect()),
        gini(exposed.iter().map(|its| its.after).collect()),
    ]
}

#[cfg(test)]
mod tests {
    use sampan_engine::base::ship::ShipMode;

    use super::*;
    use crate::evaluate::simulate::visits::Visits;

    fn shown(item: &str, ways: &[ShipMode]) -> Shown {
        Shown {
            item: item.into(),
            ways: ways.to_vec(),
            seller: "s".into(),
            ..Default::default()
        }
    }

    #[test]
    fn exposure_is_by_place_and_shares_are_of_what_was_answered() {
        let visits = Visits::of_counts(vec![("茶".into(), 3), ("酒".into(), 1)], "hk").visits;
        let mail = [ShipMode::DirectMail];
        let both = [ShipMode::DirectMail, ShipMode::Local];
        let before = Replay {
            answers: vec![Some(vec![shown("a", &mail), shown("b", &both)]), None],
            refusal: None,
        };
        let after = Replay {
            answers: vec![Some(vec![shown("b", &both)]), Some(vec![shown("b", &both)])],
            refusal: None,
        };
        let examination = Examination::of(vec![1.0, 0.5]);
        let of = |dimension| exposure(dimension, &visits, [&before, &after], &examination);
        let items = of(Dimension::Item);
        let told: Vec<(&str, f64, f64, f64)> = items
            .iter()
            .map(|its| (&*its.name, its.before, its.after, its.top_before))
            .collect();
        assert_eq!(
            told,
            [("b", 1.0 / 3.0, 1.0, 0.5), ("a", 2.0 / 3.0, 0.0, 0.5)]
        );
        let ways = of(Dimension::ShipMode);
        let local = ways.iter().find(|its| its.name == "local").unwrap();
        assert!((local.gain() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(
            ways.iter()
                .find(|its| its.name == "direct_mail")
                .unwrap()
                .before,
            1.0
        );
        assert_eq!(of(Dimension::Department)[0].name, "(none)");
    }
}
