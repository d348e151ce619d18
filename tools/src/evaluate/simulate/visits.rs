//! The visits of a log: what was searched and which feeds were seen, by whom and how often.

use std::collections::HashMap;

use sampan_proto::v1::Event;
use serde::Serialize;

/// What a visitor asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    Search(String),
    Feed,
}

/// Visits that are answered alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub asked: Asked,
    pub region: String,
    /// Whose feed it is; "": not known, and of searches.
    pub user: String,
    pub session: String,
    /// How often.
    pub times: u64,
    /// `request_id`s of the log; none of a log that only counts.
    pub requests: Vec<String>,
}

/// The visits of a log, the most frequent first.
#[derive(Debug, Default)]
pub struct Visits {
    pub visits: Vec<Visit>,
    /// Events that belong to no visit: without request and query, or without a region.
    pub stray_events: usize,
    /// Visits that were left out, because there are more than were asked for.
    pub left_out: u64,
}

impl Visits {
    /// The visits of events. Events of one `request_id` are of one visit: a search where one of them has a query, else a
    /// feed. Events without a request are a search each time their shopper has another query.
    ///
    /// A search is nobody's: the node knows what its shopper did after it, which must not be known before. A feed is nothing
    /// without its shopper.
    pub fn of_events(events: &[Event]) -> Self {
        let mut order: Vec<(&Event, bool)> = Vec::new();
        let mut known: HashMap<[&str; 4], usize> = HashMap::new();
        let mut stray_events = 0;
        for event in events {
            let has_request = !event.request_id.is_empty();
            if event.region.is_empty() || (!has_request && event.query.is_empty()) {
                stray_events += 1;
                continue;
            }
            let key = match has_request {
                true => [event.request_id.as_str(), "", "", ""],
                false => ["", &event.user_id, &event.session_id, &event.query],
            };
            let place = *known.entry(key).or_insert_with(|| {
                order.push((event, has_request));
                order.len() - 1
            });
            // A click need not repeat the query of its impression, nor an impression that of its click.
            if order[place].0.query.is_empty() && !event.query.is_empty() {
                order[place].0 = event;
            }
        }
        let visits = order.into_iter().map(|(event, has_request)| {
            let asked = match event.query.trim() {
                "" => Asked::Feed,
                query => Asked::Search(query.to_owned()),
            };
            let whose = |id: &String| match asked {
                Asked::Search(_) => String::new(),
                Asked::Feed => id.clone(),
            };
            Visit {
                region: event.region.clone(),
                user: whose(&event.user_id),
                session: whose(&event.session_id),
                times: 1,
                requests: Vec::from_iter(has_request.then(|| event.request_id.clone())),
                asked,
            }
        });
        Self {
            visits: together(visits),
            stray_events,
            left_out: 0,
        }
    }

    /// The visits of a log that counts texts, all from one region.
    pub fn of_counts(counts: Vec<(String, u64)>, region: &str) -> Self {
        let visits = counts.into_iter().filter(|(_, times)| *times > 0);
        let visits = visits.map(|(text, times)| Visit {
            asked: Asked::Search(text),
            region: region.to_owned(),
            user: String::new(),
            session: String::new(),
            times,
            requests: Vec::new(),
        });
        Self {
            visits: together(visits),
            ..Self::default()
        }
    }

    /// Only the most frequent visits.
    pub fn most(mut self, most: usize) -> Self {
        let rest = self.visits.split_off(most.min(self.visits.len()));
        self.left_out += rest.iter().map(|visit| visit.times).sum::<u64>();
        self
    }

    /// How many, each as often as it was made.
    pub fn times(&self) -> u64 {
        self.visits.iter().map(|visit| visit.times).sum()
    }

    /// Regions that they come from, that with the most first.
    pub fn regions(&self) -> Vec<&str> {
        let mut times: HashMap<&str, u64> = HashMap::new();
        for visit in &self.visits {
            *times.entry(&visit.region).or_default() += visit.times;
        }
        let mut regions: Vec<&str> = times.keys().copied().collect();
        regions.sort_by_key(|region| (std::cmp::Reverse(times[region]), *region));
        regions
    }
}

/// Visits that are answered alike become one; the most frequent first, then by what was asked.
fn together(visits: impl Iterator<Item = Visit>) -> Vec<Visit> {
    let mut all: HashMap<(Asked, String, String, String), Visit> = HashMap::new();
    for visit in visits {
        let key = (
            visit.asked.clone(),
            visit.region.clone(),
            visit.user.clone(),
            visit.session.clone(),
        );
        match all.get_mut(&key) {
            Some(known) => {
                known.times += visit.times;
                known.requests.extend(visit.requests);
            }
            None => {
                all.insert(key, visit);
            }
        }
    }
    let mut visits: Vec<Visit> = all.into_values().collect();
    visits.sort_by(|a, b| {
        let by_name = (&a.asked, &a.region, &a.user, &a.session)
            .cmp(&(&b.asked, &b.region, &b.user, &b.session));
        b.times.cmp(&a.times).then(by_name)
    });
    visits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(request: &str, query: &str, user: &str) -> Event {
        Event {
            request_id: request.into(),
            query: query.into(),
            user_id: user.into(),
            region: "hk".into(),
            ..Default::default()
        }
    }

    #[test]
    fn events_of_a_request_are_one_visit_and_equal_visits_are_counted() {
        let events = [
            event("r1", "", "u"),
            event("r1", "茶", "u"),
            event("r2", "茶", "u"),
            event("r3", "", "u"),
            event("", "茶", "v"),
            event("", "茶", "v"),
            event("", "", "v"),
            Event {
                region: String::new(),
                ..event("r4", "茶", "v")
            },
        ];
        let visits = Visits::of_events(&events);
        assert_eq!(visits.stray_events, 2);
        let told: Vec<(&Asked, &str, u64, usize)> = visits
            .visits
            .iter()
            .map(|its| (&its.asked, &*its.user, its.times, its.requests.len()))
            .collect();
        let tea = Asked::Search("茶".into());
        assert_eq!(told, [(&tea, "", 3, 2), (&Asked::Feed, "u", 1, 1)]);
        assert_eq!(visits.regions(), ["hk"]);
        let most = visits.most(1);
        assert_eq!((most.visits.len(), most.left_out, most.times()), (1, 1, 3));
    }

    #[test]
    fn a_log_that_counts_is_of_searches() {
        let counts =
            [("茶", 3), ("酒", 5), ("無", 0)].map(|(text, times)| (text.to_owned(), times));
        let visits = Visits::of_counts(counts.into(), "tw");
        assert_eq!((visits.visits.len(), visits.times()), (2, 8));
        assert_eq!(visits.visits[0].asked, Asked::Search("酒".into()));
    }
}
