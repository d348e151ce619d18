//! Logs of what shoppers did, from files, in the shape that models learn from.

pub mod attributes;
pub mod events;
pub mod sequences;
pub mod ta_feng;

use std::{collections::HashMap, io, path::PathBuf};

use sampan_engine::recommend::{History, ItemIndex, Taken, Visit};

/// Why a log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum InteractionsError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}, line {line}: {reason}", path.display())]
    Line {
        path: PathBuf,
        line: u64,
        reason: String,
    },
    #[error("{}: {reason}", path.display())]
    Content { path: PathBuf, reason: String },
}

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

    /// Number of things taken.
    pub fn taken(&self) -> usize {
        let visits = self.histories.iter().flatten();
        visits.map(|visit| visit.taken.len()).sum()
    }
}

/// Names in the order in which they came.
#[derive(Default)]
struct Places {
    names: Vec<String>,
    known: HashMap<String, u32>,
}

impl Places {
    fn of(&mut self, name: &str) -> u32 {
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
                    Some(visit) if seconds - latest <= gap => take(visit, taken),
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

fn take(visit: &mut Visit, taken: Taken) {
    let known = visit
        .taken
        .iter_mut()
        .find(|known| known.item == taken.item);
    match known {
        Some(known) => known.strength = known.strength.max(taken.strength),
        None => visit.taken.push(taken),
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
}
