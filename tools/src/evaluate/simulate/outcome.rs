//! What the lists of a replay are expected to come to, and what sending costs.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    rates::{Goods, LearntRates},
    replay::{Replay, Shown},
    visits::Visit,
};
use crate::evaluate::{
    examination::Examination,
    statistics::{Effect, effect},
};

/// What is expected of shoppers. The chance of an order is that of a look at the place times that of an order by one who
/// looks.
pub struct Model<'m> {
    pub examination: &'m Examination,
    /// None where no log told what shoppers do.
    pub rates: Option<&'m LearntRates>,
    pub goods: &'m (dyn Fn(&str) -> Option<Goods> + Sync),
}

/// Sums over visits, each as often as it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sums {
    visits: f64,
    empty: f64,
    shown: f64,
    looks: f64,
    details: f64,
    orders_of_details: f64,
    orders: f64,
    /// Freight where it is known, by looks and by orders; and these.
    freight: f64,
    freight_looks: f64,
    ordered_freight: f64,
    freight_orders: f64,
}

/// The figures of one side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Outcome {
    /// Share of the visits that are shown nothing.
    pub zero_results: f64,
    /// Orders of an item on a list; none where no log told.
    pub list_to_order: Option<f64>,
    /// Orders of an item that was opened; none where no log had details.
    pub detail_to_order: Option<f64>,
    pub orders_of_1000_visits: Option<f64>,
    /// Mean freight of what is looked at, and of what is ordered, minor units; of known freights.
    pub freight: Option<f64>,
    pub freight_of_order: Option<f64>,
    /// Share of the looks that fall on items whose freight is unknown.
    pub freight_unknown: f64,
}

/// Both sides, and what can be said of their difference.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outcomes {
    pub before: Outcome,
    pub after: Outcome,
    /// Plan − present of expected orders of 1,000 visits, over queries drawn anew: as if other shoppers asked, the model being
    /// right. None where no log told.
    pub orders_effect: Option<Effect>,
    /// By region.
    pub regions: Vec<(String, Outcome, Outcome)>,
}

/// Works out both sides.
pub fn outcomes(visits: &[Visit], [before, after]: [&Replay; 2], model: &Model<'_>) -> Outcomes {
    let mut regions: Vec<&str> = visits.iter().map(|visit| visit.region.as_str()).collect();
    regions.sort_unstable();
    regions.dedup();
    let side = |replay: &Replay, region: Option<&str>| {
        let of_region = replay
            .lists(visits)
            .filter(|(visit, _)| region.is_none_or(|its| its == visit.region));
        let sums = of_region.fold(Sums::default(), |sums, (visit, list)| {
            sums.with(visit, list, model)
        });
        sums.outcome(model.rates)
    };
    Outcomes {
        before: side(before, None),
        after: side(after, None),
        orders_effect: model
            .rates
            .and_then(|_| orders_effect(visits, [before, after], model)),
        regions: regions
            .into_iter()
            .map(|region| {
                (
                    region.to_owned(),
                    side(before, Some(region)),
                    side(after, Some(region)),
                )
            })
            .collect(),
    }
}

/// Differences by what was asked: visits of one query are not independent of each other.
fn orders_effect(
    visits: &[Visit],
    [before, after]: [&Replay; 2],
    model: &Model<'_>,
) -> Option<Effect> {
    let mut of_asked: HashMap<_, (f64, f64)> = HashMap::new();
    let mut order = Vec::new();
    for ((visit, old), new) in visits.iter().zip(&before.answers).zip(&after.answers) {
        let (Some(old), Some(new)) = (old, new) else {
            continue;
        };
        let orders = |list| Sums::default().with(visit, list, model).orders;
        let key = (&visit.asked, &visit.region);
        let sums = of_asked.entry(key).or_insert_with(|| {
            order.push(key);
            (0.0, 0.0)
        });
        sums.0 += orders(new) - orders(old);
        sums.1 += visit.times as f64;
    }
    let times: f64 = of_asked.values().map(|(_, times)| times).sum();
    let each = order.len() as f64 / times * 1_000.0;
    let differences: Vec<f64> = order.iter().map(|key| of_asked[key].0 * each).collect();
    effect(&differences)
}

impl Sums {
    fn with(mut self, visit: &Visit, list: &[Shown], model: &Model<'_>) -> Self {
        let times = visit.times as f64;
        self.visits += times;
        self.empty += if list.is_empty() { times } else { 0.0 };
        self.shown += times * list.len() as f64;
        for (place, shown) in list.iter().enumerate() {
            let looks = times * model.examination.at(place);
            let rates = model
                .rates
                .map(|rates| rates.of(&visit.region, &shown.item, (model.goods)(&shown.item)));
            let rates = rates.unwrap_or_default();
            let orders = looks * rates.order;
            self.looks += looks;
            self.details += looks * rates.detail;
            self.orders_of_details += looks * rates.detail * rates.order_of_detail;
            self.orders += orders;
            if let Some(freight) = shown.freight {
                self.freight += looks * freight as f64;
                self.freight_looks += looks;
                self.ordered_freight += orders * freight as f64;
                self.freight_orders += orders;
            }
        }
        self
    }

    fn outcome(&self, rates: Option<&LearntRates>) -> Outcome {
        let share = |part: f64, of: f64| (of > 0.0).then(|| part / of);
        let told = rates.is_some();
        let has_details = rates.is_some_and(|rates| rates.details > 0);
        Outcome {
            zero_results: share(self.empty, self.visits).unwrap_or_default(),
            list_to_order: share(self.orders, self.shown).filter(|_| told),
            detail_to_order: share(self.orders_of_details, self.details).filter(|_| has_details),
            orders_of_1000_visits: share(self.orders * 1_000.0, self.visits).filter(|_| told),
            freight: share(self.freight, self.freight_looks),
            freight_of_order: share(self.ordered_freight, self.freight_orders),
            freight_unknown: share(self.looks - self.freight_looks, self.looks).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use sampan_proto::v1::{Event, EventKind};

    use super::*;
    use crate::evaluate::simulate::visits::Visits;

    fn list(items: &[(&str, Option<i64>)]) -> Option<Vec<Shown>> {
        let shown = items.iter().map(|(item, freight)| Shown {
            item: (*item).into(),
            freight: *freight,
            ..Default::default()
        });
        Some(shown.collect())
    }

    #[test]
    fn an_item_that_sells_earns_more_where_it_is_looked_at() {
        let events: Vec<Event> = (0..2_000)
            .flat_map(|number: u32| {
                let event = |kind: EventKind, item: &str| Event {
                    kind: kind.into(),
                    user_id: format!("u{number}"),
                    item_id: item.into(),
                    region: "hk".into(),
                    position: Some(0),
                    ..Default::default()
                };
                let order = number
                    .is_multiple_of(10)
                    .then(|| event(EventKind::Order, "sells"));
                [
                    event(EventKind::Impression, "sells"),
                    event(EventKind::Impression, "lies"),
                ]
                .into_iter()
                .chain(order)
            })
            .collect();
        let examination = Examination::of(vec![1.0, 0.5]);
        let goods = |_: &str| Some(Goods::default());
        let rates = LearntRates::learn(&events, &examination, &goods);
        let visits = Visits::of_counts(vec![("茶".into(), 30), ("酒".into(), 10)], "hk").visits;
        let before = Replay {
            answers: vec![
                list(&[("lies", Some(100)), ("sells", Some(300))]),
                list(&[]),
            ],
            refusal: None,
        };
        let after = Replay {
            answers: vec![list(&[("sells", Some(300)), ("lies", None)]), list(&[])],
            refusal: None,
        };
        let model = Model {
            examination: &examination,
            rates: Some(&rates),
            goods: &goods,
        };
        let found = outcomes(&visits, [&before, &after], &model);
        let orders = |outcome: &Outcome| outcome.orders_of_1000_visits.unwrap();
        // 0.75 × 1,000 × about 0.1, at a half and at a whole look.
        assert!((orders(&found.after) - 74.0).abs() < 4.0, "{found:?}");
        assert!((orders(&found.before) - 37.0).abs() < 4.0, "{found:?}");
        let moved = found.orders_effect.unwrap();
        assert!((moved.mean - (orders(&found.after) - orders(&found.before))).abs() < 1e-9);
        assert_eq!(
            (found.before.zero_results, found.before.detail_to_order),
            (0.25, None)
        );
        assert!((found.before.freight.unwrap() - 500.0 / 3.0).abs() < 1e-9);
        assert!((found.after.freight_unknown - 1.0 / 3.0).abs() < 1e-9);
        assert!(found.before.freight_of_order.unwrap() > found.before.freight.unwrap());
        let untold = Model {
            rates: None,
            ..model
        };
        let found = outcomes(&visits, [&before, &after], &untold);
        assert_eq!(
            (found.after.list_to_order, found.orders_effect),
            (None, None)
        );
        assert_eq!(found.regions.len(), 1);
    }
}
