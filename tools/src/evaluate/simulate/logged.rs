//! What the log itself says of the plan: the plan's lists against the impressions that the log drew, by the estimators of
//! `counterfactual`, which refuse where the log cannot support them. Only searches are asked about: a feed goes by what its
//! shopper did since, so that its replay is no list that the log could have drawn.

use std::{collections::HashSet, path::Path};

use sampan_proto::v1::{Event, EventKind};
use serde::Serialize;

use super::{
    replay::Replay,
    visits::{Asked, Visit},
};
use crate::evaluate::counterfactual::{
    join::join, policy::TargetPolicy, report::CounterfactualReport, shown_events,
};

/// What tells shoppers apart for the model of rewards: lists differ by it.
const CONTEXT: [&str; 2] = ["region", "query"];

/// The answer of the log.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoggedAnswer {
    Asked {
        /// What is counted.
        reward: &'static str,
        report: Box<CounterfactualReport>,
    },
    /// The log has no propensities, or is otherwise none that can be asked.
    CannotBeAsked(String),
}

/// What is asked of a log.
pub struct Question<'q> {
    /// The log's file, for errors.
    pub path: &'q Path,
    pub events: &'q [Event],
    pub reward: EventKind,
    /// Places of a list that are looked at.
    pub depth: usize,
}

impl Question<'_> {
    /// Asks the log of the lists that the plan makes for its visits.
    pub fn answer(&self, visits: &[Visit], plan: &Replay) -> LoggedAnswer {
        let searches = plan
            .lists(visits)
            .filter(|(visit, _)| visit.asked != Asked::Feed);
        let lists = searches.flat_map(|(visit, list)| {
            let items: Vec<&str> = list.iter().map(|shown| shown.item.as_str()).collect();
            let requests = visit.requests.iter();
            requests.map(move |request| (request.as_str(), items.clone()))
        });
        let lists: Vec<(&str, Vec<&str>)> = lists.collect();
        let replayed: HashSet<&str> = lists.iter().map(|(request, _)| *request).collect();
        if replayed.is_empty() {
            return LoggedAnswer::CannotBeAsked(
                "the log has no search with a request_id".to_owned(),
            );
        }
        let policy = TargetPolicy::of_lists(self.path, lists.iter().cloned(), self.depth);
        let context = CONTEXT.map(str::to_owned);
        let fields = [&policy.keys[..], &context].concat();
        let rows = match shown_events::rows(self.path, self.events, self.reward, &fields) {
            Ok(rows) => rows,
            Err(error) => return LoggedAnswer::CannotBeAsked(error.to_string()),
        };
        let is_replayed =
            |list: &Option<String>| list.as_deref().is_some_and(|its| replayed.contains(its));
        let rows = rows
            .into_iter()
            .filter(|row| is_replayed(&row.list) && (row.position as usize) < self.depth);
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return LoggedAnswer::CannotBeAsked(
                "the log has no impression of what was replayed".to_owned(),
            );
        }
        match join(&rows, &policy) {
            Ok(data) => LoggedAnswer::Asked {
                reward: match self.reward {
                    EventKind::Order => "orders",
                    EventKind::Cart => "carts",
                    EventKind::Detail => "detail views",
                    _ => "clicks",
                },
                report: Box::new(CounterfactualReport::of(&data)),
            },
            Err(error) => LoggedAnswer::CannotBeAsked(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

    use super::*;
    use crate::evaluate::{
        counterfactual::estimate::Estimator,
        simulate::{replay::Shown, visits::Visits},
    };

    /// Lists of two, in either order by a coin; the first item is clicked twice as often, wherever it is.
    fn log(with_propensities: bool) -> Vec<Event> {
        let mut random = StdRng::seed_from_u64(5);
        let mut events = Vec::new();
        for number in 0..4_000 {
            let order = if random.random::<bool>() {
                ["good", "bad"]
            } else {
                ["bad", "good"]
            };
            for (place, item) in (0..).zip(order) {
                let event = |kind: EventKind| Event {
                    kind: kind.into(),
                    user_id: format!("u{number}"),
                    request_id: format!("r{number}"),
                    query: "茶".into(),
                    region: "hk".into(),
                    item_id: item.into(),
                    position: Some(place),
                    propensity: with_propensities.then_some(0.5),
                    ..Default::default()
                };
                events.push(event(EventKind::Impression));
                let chance = if item == "good" { 0.4 } else { 0.2 } / f64::from(place + 1);
                events.extend((random.random::<f64>() < chance).then(|| event(EventKind::Click)));
            }
        }
        events
    }

    fn ask(events: &[Event], order: [&str; 2]) -> LoggedAnswer {
        let visits = Visits::of_events(events).visits;
        let list: Vec<Shown> = order
            .iter()
            .map(|item| Shown {
                item: (*item).into(),
                ..Default::default()
            })
            .collect();
        let plan = Replay {
            answers: vec![Some(list); visits.len()],
            refusal: None,
        };
        let path = Path::new("log.jsonl");
        Question {
            path,
            events,
            reward: EventKind::Click,
            depth: 10,
        }
        .answer(&visits, &plan)
    }

    #[test]
    fn a_log_that_drew_tells_what_the_plan_earns() {
        let LoggedAnswer::Asked { report, .. } = ask(&log(true), ["good", "bad"]) else {
            panic!("the log can be asked");
        };
        let estimate = report
            .outcome(Estimator::Ips)
            .and_then(|outcome| outcome.estimate())
            .copied()
            .unwrap();
        // A click of an impression: (0.4 + 0.1) ÷ 2; the log's: (0.3 + 0.15) ÷ 2.
        assert!(estimate.low < 0.25 && 0.25 < estimate.high, "{estimate:?}");
        assert!(
            estimate.effect_low < 0.025
                && 0.025 < estimate.effect_high
                && estimate.effect_low > 0.0
        );
    }

    #[test]
    fn what_the_log_cannot_say_is_not_said() {
        let reason = |answer| match answer {
            LoggedAnswer::CannotBeAsked(reason) => reason,
            LoggedAnswer::Asked { .. } => String::new(),
        };
        assert!(reason(ask(&log(false), ["good", "bad"])).contains("propensity: is missing"));
        let LoggedAnswer::Asked { report, .. } = ask(&log(true), ["new", "bad"]) else {
            panic!("the log can be asked");
        };
        assert!(report.is_refused(), "an item that was never shown");
    }
}
