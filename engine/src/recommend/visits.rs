//! Single events, in any order, into the visits that models learn from.

use std::collections::HashMap;

use sampan_proto::v1;

use super::{History, ItemIndex, Taken, Visit};
use crate::behaviour;

/// Shoppers' histories over a table of items.
#[derive(Debug, Clone, Default)]
pub struct InteractionLog {
    /// Ids by place in the table.
    pub items: Vec<String>,
    /// By shopper.
    pub histories: Vec<History>,
    /// Whether visits have their times.
    pub timed: bool,
}

impl InteractionLog {
    /// Number of visits of all shoppers.
    pub fn visits(&self) -> usize {
        self.histories.iter().map(Vec::len).sum()
    }

    /// Seconds of the last visit; 0 when there is none.
    pub fn until(&self) -> i64 {
        let last = self.histories.iter().filter_map(|history| history.last());
        last.map(|visit| visit.seconds).max().unwrap_or_default()
    }

    /// Number of things taken.
    pub fn taken(&self) -> usize {
        let visits = self.histories.iter().flatten();
        visits.map(|visit| visit.taken.len()).sum()
    }
}

/// Names in the order in which they came.
#[derive(Debug, Default)]
pub struct Places {
    pub names: Vec<String>,
    known: HashMap<String, u32>,
}

impl Places {
    /// The place of a name, from 0; a new one gets the next.
    pub fn of(&mut self, name: &str) -> u32 {
        if let Some(place) = self.known.get(name) {
            return *place;
        }
        let place = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.known.insert(name.to_owned(), place);
        place
    }
}

/// Gathers single events, in any order, into visits.
pub struct Gatherer {
    /// Seconds between two events of one visit at most.
    gap_seconds: i64,
    items: Places,
    shoppers: Places,
    events: Vec<Vec<(i64, ItemIndex, f32)>>,
}

impl Gatherer {
    /// Events that are no further apart than this belong to one visit.
    pub fn new(gap_seconds: i64) -> Self {
        Self {
            gap_seconds,
            items: Places::default(),
            shoppers: Places::default(),
            events: Vec::new(),
        }
    }

    /// Takes one event in; `strength` is above 0.
    pub fn add(&mut self, shopper: &str, item: &str, seconds: i64, strength: f32) {
        let shopper = self.shoppers.of(shopper) as usize;
        if shopper == self.events.len() {
            self.events.push(Vec::new());
        }
        let item = self.items.of(item);
        self.events[shopper].push((seconds, item, strength));
    }

    /// Takes an event in, as a node keeps it; one without a user counts for its session. What says nothing of taste
    /// (impressions, dislikes) is left out.
    pub fn add_event(&mut self, event: &v1::Event) {
        let strength =
            behaviour::strength(event.kind()) / behaviour::strength(v1::EventKind::Order);
        let keys = behaviour::keys(&event.user_id, &event.session_id);
        if let Some(shopper) = keys.first().filter(|_| strength > 0.0) {
            let seconds = event.time.as_ref().map_or(0, |time| time.seconds);
            self.add(shopper, &event.item_id, seconds, strength);
        }
    }

    /// Visits in the order of time. An item counts once a visit, by the strongest thing that was done with it.
    pub fn finish(self) -> InteractionLog {
        let gap = self.gap_seconds;
        let histories = self.events.into_iter().map(|mut events| {
            events.sort_by_key(|(seconds, ..)| *seconds);
            let mut history: History = Vec::new();
            let mut latest = i64::MIN;
            for (seconds, item, strength) in events {
                let taken = Taken { item, strength };
                match history.last_mut() {
                    Some(visit) if seconds - latest <= gap => visit.take(taken),
                    _ => history.push(Visit {
                        seconds,
                        taken: vec![taken],
                    }),
                }
                latest = seconds;
            }
            history
        });
        InteractionLog {
            histories: histories.collect(),
            items: self.items.names,
            timed: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_in_any_order_become_visits_and_an_item_counts_once() {
        let mut gatherer = Gatherer::new(600);
        gatherer.add("a", "tea", 10_000, 1.0);
        gatherer.add("b", "milk", 0, 1.0);
        gatherer.add("a", "milk", 100, 0.2);
        gatherer.add("a", "tea", 600, 0.2);
        gatherer.add("a", "milk", 1_200, 1.0);
        let log = gatherer.finish();
        assert_eq!(log.items, ["tea", "milk"]);
        assert_eq!((log.visits(), log.taken()), (3, 4));
        let first = &log.histories[0];
        assert_eq!((first[0].seconds, first[1].seconds), (100, 10_000));
        let milk = Taken {
            item: 1,
            strength: 1.0,
        };
        assert_eq!(first[0].taken[0], milk);
    }

    #[test]
    fn what_says_something_is_gathered_by_user_or_session() {
        let event = |kind: v1::EventKind, user: &str, session: &str| v1::Event {
            kind: kind.into(),
            user_id: user.into(),
            session_id: session.into(),
            item_id: "tea".into(),
            ..v1::Event::default()
        };
        let mut gatherer = Gatherer::new(behaviour::VISIT_PAUSE_SECONDS);
        for event in [
            event(v1::EventKind::Order, "u", "s"),
            event(v1::EventKind::Click, "", "s"),
            event(v1::EventKind::Impression, "v", ""),
            event(v1::EventKind::Click, "", ""),
        ] {
            gatherer.add_event(&event);
        }
        let log = gatherer.finish();
        assert_eq!(log.histories.len(), 2);
        let strengths: Vec<f32> = log
            .histories
            .iter()
            .map(|h| h[0].taken[0].strength)
            .collect();
        assert_eq!(strengths, [1.0, 0.2]);
    }
}
