//! What may have been: every state that an item was told to have, and every policy that was in force, with when.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, RwLock, RwLockReadGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sampan_proto::v1;
use sampan_tests::oracle::Rule;

/// How long after its end a rule may still be found in force: stricter is allowed, but not for ever.
const ENDS_WITHIN_SECONDS: i64 = 60;
/// How long a policy that an answer names may be unknown: its writer has yet to note it.
const NOTED_WITHIN: Duration = Duration::from_secs(60);

/// One state of an item.
pub struct Version {
    /// Another one for every state.
    pub number: u64,
    /// `None`: deleted.
    pub item: Option<v1::Item>,
}

/// A state that was told to the node.
struct Told {
    /// Before the call.
    at: Instant,
    /// Sequence of the write; unknown until it is acknowledged.
    sequence: Option<u64>,
    version: Arc<Version>,
}

/// The restrictions of all destinations, as one policy version.
pub struct Policy {
    pub number: u64,
    pub rules: Vec<Rule>,
    /// The same, each holding as long as the node may still find it in force.
    pub strict: Vec<Rule>,
}

/// States of an item, oldest first.
type States = BTreeMap<String, Vec<Told>>;

#[derive(Default)]
pub struct History {
    items: RwLock<States>,
    policies: RwLock<HashMap<String, Arc<Policy>>>,
    numbers: AtomicU64,
}

impl History {
    /// A number that nothing else has.
    pub fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// States that the node is about to be told, `None` for deletions.
    pub fn tell(&self, states: impl IntoIterator<Item = (String, Option<v1::Item>)>) {
        let at = Instant::now();
        let mut items = self.items.write().expect("a whole history");
        for (id, item) in states {
            let number = self.number();
            let version = Arc::new(Version { number, item });
            items.entry(id).or_default().push(Told {
                at,
                sequence: None,
                version,
            });
        }
    }

    /// The states told last, of items in their order, were written up to a sequence.
    pub fn acknowledge(&self, ids: &[String], last: u64) {
        let mut items = self.items.write().expect("a whole history");
        for (id, sequence) in ids.iter().rev().zip((0..=last).rev()) {
            let states = items.get_mut(id).expect("it was told");
            let state = states.last_mut().expect("it was told");
            state.sequence = Some(sequence);
        }
    }

    /// Forgets what no answer to come can show; to be called when the node shows all that it was told.
    pub fn settle(&self) {
        let mut items = self.items.write().expect("a whole history");
        for states in items.values_mut() {
            states.drain(..states.len() - 1);
        }
        items.retain(|_, states| states[0].version.item.is_some());
    }

    /// The newest states of all items that are not deleted.
    pub fn newest(&self) -> BTreeMap<String, v1::Item> {
        let items = self.items.read().expect("a whole history");
        let newest = items.iter().filter_map(|(id, states)| {
            let item = states.last()?.version.item.clone()?;
            Some((id.clone(), item))
        });
        newest.collect()
    }

    /// Notes the rules of a policy version.
    pub fn note(&self, version: &str, rules: Vec<Rule>) {
        let lasting = rules.iter().cloned().map(|rule| Rule {
            until: rule.until.map(|until| until + ENDS_WITHIN_SECONDS),
            ..rule
        });
        let policy = Policy {
            number: self.number(),
            strict: lasting.collect(),
            rules,
        };
        let mut policies = self.policies.write().expect("a whole history");
        policies
            .entry(version.to_owned())
            .or_insert_with(|| Arc::new(policy));
    }

    /// The policy of an answer; `None` when no such was ever put in force.
    pub fn policy(&self, version: &str) -> Option<Arc<Policy>> {
        let start = Instant::now();
        loop {
            let policies = self.policies.read().expect("a whole history");
            if let Some(policy) = policies.get(version) {
                return Some(policy.clone());
            }
            drop(policies);
            if start.elapsed() > NOTED_WITHIN {
                return None;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// What the catalogue may have been for an answer that had seen all writes up to a sequence and had come by a moment.
    pub fn between(&self, seen: u64, come: Instant) -> Between<'_> {
        Between {
            items: self.items.read().expect("a whole history"),
            seen,
            come,
        }
    }
}

/// The states that items may have had for one answer.
pub struct Between<'h> {
    items: RwLockReadGuard<'h, States>,
    seen: u64,
    come: Instant,
}

impl Between<'_> {
    /// States that an item may have had: the last that was surely seen, and those after it.
    pub fn versions(&self, id: &str) -> Vec<&Version> {
        self.items
            .get(id)
            .map_or_else(|| vec![&NOT_THERE], |states| self.of(states))
    }

    /// All items with the states that they may have had.
    pub fn items(&self) -> impl Iterator<Item = (&str, Vec<&Version>)> {
        let items = self.items.iter();
        items.map(|(id, states)| (id.as_str(), self.of(states)))
    }

    fn of<'s>(&self, states: &'s [Told]) -> Vec<&'s Version> {
        let is_seen = |told: &Told| told.sequence.is_some_and(|sequence| sequence <= self.seen);
        let first = states.iter().rposition(is_seen).unwrap_or(0);
        let possible = states[first..].iter().filter(|told| told.at <= self.come);
        let mut possible: Vec<&Version> = possible.map(|told| &*told.version).collect();
        // Before the first state that it was told, an item is not there.
        if possible.is_empty() || !states.iter().any(is_seen) {
            possible.push(&NOT_THERE);
        }
        possible
    }
}

/// State of an item that the node has not been told of.
static NOT_THERE: Version = Version {
    number: u64::MAX,
    item: None,
};
