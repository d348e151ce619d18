//! What each user's events add up to.

use std::collections::HashMap;

use super::{
    definitions::{METRICS, MetricDefinition, Same},
    events::{ExperimentEvent, Kind},
};

/// Successes and chances of one figure.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Total {
    pub successes: f64,
    pub chances: f64,
}

/// One user.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// "": in none. Of a user with events of two arms, see [`Users::in_two_arms`].
    pub arm: String,
    /// Address of the first event in the file that has one.
    pub ship_to: String,
    /// Events before the start.
    pub events_before: usize,
    /// By figure, as in [`METRICS`], since the start.
    pub totals: [Total; METRICS.len()],
    /// The same before it.
    pub before: [Total; METRICS.len()],
}

/// All users that did something since the start.
#[derive(Debug, Default)]
pub struct Users {
    pub users: Vec<User>,
    /// Users whose events since the start are of two arms; they are left out.
    pub in_two_arms: usize,
    /// Users without an arm; they are left out.
    pub in_no_arm: usize,
}

/// Adds up events by user. `start`: when the experiment began, seconds since 1970; what came before tells users apart.
pub fn by_user(events: &[ExperimentEvent], start: Option<i64>) -> Users {
    let start = start.unwrap_or(i64::MIN);
    // In the order of the file, so that the same file gives the same numbers.
    let mut order: Vec<&str> = Vec::new();
    let mut of_users: HashMap<&str, Vec<&ExperimentEvent>> = HashMap::new();
    for event in events {
        let of_user = of_users.entry(&event.user).or_default();
        if of_user.is_empty() {
            order.push(&event.user);
        }
        of_user.push(event);
    }
    let mut all = Users::default();
    for events in order.iter().filter_map(|user| of_users.get(user)) {
        let (before, since): (Vec<&ExperimentEvent>, Vec<&ExperimentEvent>) =
            events.iter().copied().partition(|its| its.time < start);
        let mut arms = since
            .iter()
            .map(|its| its.arm.as_str())
            .filter(|arm| !arm.is_empty());
        let Some(arm) = arms.next() else {
            all.in_no_arm += usize::from(!since.is_empty());
            continue;
        };
        if arms.any(|its| its != arm) {
            all.in_two_arms += 1;
            continue;
        }
        let ship_to = events
            .iter()
            .map(|its| its.ship_to.as_str())
            .find(|its| !its.is_empty());
        all.users.push(User {
            arm: arm.to_owned(),
            ship_to: ship_to.unwrap_or_default().to_owned(),
            events_before: before.len(),
            totals: METRICS.each_ref().map(|metric| total(metric, &since)),
            before: METRICS.each_ref().map(|metric| total(metric, &before)),
        });
    }
    all
}

/// One figure of one user's events.
fn total(metric: &MetricDefinition, events: &[&ExperimentEvent]) -> Total {
    let successes = times(metric.same, metric.success, events);
    let Some(chance) = metric.chance else {
        return Total {
            successes: successes.len() as f64,
            chances: 1.0,
        };
    };
    let chances = times(metric.same, chance, events);
    let came_to = |key: &(&str, &str), times: &[i64]| {
        let follows = |success: &i64| {
            times
                .iter()
                .any(|time| (0..=metric.window).contains(&(success - time)))
        };
        successes
            .get(key)
            .is_some_and(|successes| successes.iter().any(follows))
    };
    Total {
        successes: chances
            .iter()
            .filter(|(key, times)| came_to(key, times))
            .count() as f64,
        chances: chances.len() as f64,
    }
}

/// When each thing of a kind happened.
fn times<'e>(
    same: Same,
    kind: Kind,
    events: &[&'e ExperimentEvent],
) -> HashMap<(&'e str, &'e str), Vec<i64>> {
    let mut times: HashMap<_, Vec<i64>> = HashMap::new();
    for event in events.iter().filter(|event| event.kind == kind) {
        let request = match same {
            Same::RequestAndItem => event.request.as_str(),
            Same::UserAndItem => "",
        };
        times
            .entry((request, event.item.as_str()))
            .or_default()
            .push(event.time);
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn event(kind: Kind, time: i64, item: &str, request: &str) -> ExperimentEvent {
        ExperimentEvent {
            user: "u".into(),
            kind,
            time,
            item: item.into(),
            arm: "a".into(),
            request: request.into(),
            ship_to: String::new(),
            team: String::new(),
        }
    }

    fn of(events: &[ExperimentEvent], start: Option<i64>, key: &str) -> (Total, Total) {
        let users = by_user(events, start);
        let place = METRICS.iter().position(|metric| metric.key == key).unwrap();
        (users.users[0].totals[place], users.users[0].before[place])
    }

    #[test]
    fn chances_and_successes_count_once() {
        let events = [
            event(Kind::Impression, 0, "1", "r1"),
            event(Kind::Impression, 5, "1", "r1"),
            event(Kind::Impression, 9, "1", "r2"),
            event(Kind::Click, 10, "1", "r1"),
            event(Kind::Click, 11, "1", "r1"),
            event(Kind::Order, 12, "1", ""),
            event(Kind::Order, 13, "1", ""),
        ];
        let total = |successes, chances| Total { successes, chances };
        assert_eq!(of(&events, None, "ctr").0, total(1.0, 2.0));
        assert_eq!(of(&events, None, "l_to_o").0, total(1.0, 1.0));
        assert_eq!(of(&events, None, "cvr").0, total(1.0, 1.0));
        assert_eq!(of(&events, None, "o_to_p").0, total(0.0, 1.0));
        assert_eq!(of(&events, None, "orders_a_user").0, total(1.0, 1.0));
    }

    #[test]
    fn a_success_counts_within_the_window_and_not_before_the_chance() {
        let ordered = |times: &[i64]| {
            let mut events = vec![event(Kind::Detail, 10 * DAY, "1", "")];
            events.extend(times.iter().map(|time| event(Kind::Order, *time, "1", "")));
            of(&events, None, "d_to_o").0.successes
        };
        assert_eq!(ordered(&[17 * DAY]), 1.0);
        assert_eq!(ordered(&[17 * DAY + 1]), 0.0);
        assert_eq!(ordered(&[10 * DAY - 1]), 0.0);
        assert_eq!(ordered(&[9 * DAY, 10 * DAY]), 1.0);
    }

    #[test]
    fn what_came_before_the_start_is_counted_apart() {
        let events = [
            event(Kind::Order, 5, "1", ""),
            event(Kind::Order, 10, "2", ""),
        ];
        let (since, before) = of(&events, Some(10), "orders_a_user");
        assert_eq!((since.successes, before.successes), (1.0, 1.0));
        assert_eq!(by_user(&events, Some(11)).users.len(), 0);
    }

    #[test]
    fn users_of_two_arms_or_none_are_left_out_and_counted() {
        let arm = |user: &str, arm: &str| ExperimentEvent {
            user: user.into(),
            arm: arm.into(),
            ..event(Kind::Click, 1, "1", "")
        };
        let events = [
            arm("u", "a"),
            arm("u", "b"),
            arm("v", ""),
            arm("w", "b"),
            arm("w", ""),
        ];
        let users = by_user(&events, None);
        assert_eq!(
            (users.in_two_arms, users.in_no_arm, users.users.len()),
            (1, 1, 1)
        );
    }
}
