//! Floor 2: what shoppers did, streamed from events: recent items and dislikes of each user, items that go together,
//! what is popular in each region, what is searched for. A view of the event log; built again at every start.

mod arms;
mod sharded;
mod state;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use sampan_proto::v1;

use crate::{
    base::{Ordinal, limits::POPULAR_ITEMS_MAX},
    config::experiments::ArmCounts,
};
use arms::ArmCountsByName;
use sharded::Sharded;
pub use state::{RecentItem, UserState, strength};

/// Items that a user's state remembers.
const RECENT_MAX: usize = 50;
/// Dislikes that a user's state remembers.
const DISLIKES_MAX: usize = 200;
/// Neighbours kept an item.
const NEIGHBOURS_MAX: usize = 64;
/// Recent items that a new event is joined with.
const JOINED_RECENT: usize = 10;
/// Days in which popularity halves.
const HALF_LIFE_DAYS: f64 = 14.0;
/// Queries kept a region.
const QUERIES_MAX: usize = 10_000;

/// By region code.
type ByRegion<T> = FxHashMap<Box<str>, T>;

/// An immutable view of behaviour.
#[derive(Clone, Default)]
pub struct BehaviourSnapshot {
    users: Sharded<Box<str>, UserState>,
    neighbours: Sharded<Ordinal, Vec<(Ordinal, f32)>>,
    weights: Sharded<Ordinal, f32>,
    /// By region code: items, most popular first, with decayed weights.
    popular: Arc<ByRegion<Vec<(Ordinal, f64)>>>,
    /// By region code: query and times it led to an event.
    queries: Arc<ByRegion<FxHashMap<Box<str>, u32>>>,
    arms: Arc<ArmCountsByName>,
    events: u64,
}

impl BehaviourSnapshot {
    /// What happened to the cards that an experiment's arm showed.
    pub fn arm(&self, experiment: &str, arm: &str) -> ArmCounts {
        self.arms.of(experiment, arm)
    }

    /// What is known of a user or session.
    pub fn user(&self, key: &str) -> Option<&UserState> {
        self.users.get(key)
    }

    /// Items that go with an item, with cosine-normalised strength (0 to 1), strongest first.
    pub fn neighbours(&self, ordinal: Ordinal) -> Vec<(Ordinal, f32)> {
        let Some(found) = self.neighbours.get(&ordinal) else {
            return Vec::new();
        };
        let own = self.weights.get(&ordinal).copied().unwrap_or(1.0);
        let mut strengths: Vec<(Ordinal, f32)> = found
            .iter()
            .map(|(other, together)| {
                let others = self.weights.get(other).copied().unwrap_or(1.0);
                let strength = together / (own * others).sqrt().max(f32::MIN_POSITIVE);
                (*other, strength.min(1.0))
            })
            .collect();
        strengths.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        strengths
    }

    /// Popular items of a region, most popular first.
    pub fn popular(&self, region: &str) -> &[(Ordinal, f64)] {
        self.popular.get(region).map_or(&[], Vec::as_slice)
    }

    /// Queries of a region that led to events, with how often.
    pub fn queries(&self, region: &str) -> impl Iterator<Item = (&str, u32)> {
        let found = self.queries.get(region).into_iter().flatten();
        found.map(|(query, times)| (&**query, *times))
    }

    /// Events taken in.
    pub fn events(&self) -> u64 {
        self.events
    }
}

/// Keys under which a user context's behaviour is kept: the user's, then the session's.
pub fn keys(user_id: &str, session_id: &str) -> Vec<String> {
    let user = (!user_id.is_empty()).then(|| format!("u:{user_id}"));
    let session = (!session_id.is_empty()).then(|| format!("s:{session_id}"));
    user.into_iter().chain(session).collect()
}

/// Takes events in. Owned by the indexer.
#[derive(Default)]
pub struct BehaviourWriter {
    snapshot: BehaviourSnapshot,
    popularity: ByRegion<FxHashMap<Ordinal, f64>>,
    popular_stale: bool,
}

impl BehaviourWriter {
    /// Takes one event in; `ordinal` is its item's.
    pub fn apply(&mut self, event: &v1::Event, ordinal: Ordinal) {
        self.snapshot.events += 1;
        let kind = v1::EventKind::try_from(event.kind).unwrap_or_default();
        let seconds = event.time.as_ref().map_or(0, |time| time.seconds);
        if !event.exposures.is_empty() {
            Arc::make_mut(&mut self.snapshot.arms).count(&event.exposures, kind);
        }
        let keys = keys(&event.user_id, &event.session_id);
        let strength = state::strength(kind);
        if kind == v1::EventKind::Dislike {
            for key in &keys {
                self.snapshot
                    .users
                    .entry(key.as_str().into())
                    .dislike(ordinal);
            }
            return;
        }
        if strength == 0.0 {
            return;
        }
        let mut joined = Vec::new();
        for key in &keys {
            let user = self.snapshot.users.entry(key.as_str().into());
            if joined.is_empty() {
                joined = user
                    .recent()
                    .take(JOINED_RECENT)
                    .map(|item| item.ordinal)
                    .collect();
            }
            user.see(RecentItem {
                ordinal,
                strength,
                seconds,
            });
        }
        *self.snapshot.weights.entry(ordinal) += strength;
        for other in joined.into_iter().filter(|other| *other != ordinal) {
            join(self.snapshot.neighbours.entry(ordinal), other, strength);
            join(self.snapshot.neighbours.entry(other), ordinal, strength);
        }
        self.count(event, ordinal, strength, seconds);
    }

    /// An immutable view of everything so far.
    pub fn snapshot(&mut self) -> BehaviourSnapshot {
        if std::mem::take(&mut self.popular_stale) {
            let popular = self.popularity.iter().map(|(region, items)| {
                let mut items: Vec<(Ordinal, f64)> = items.iter().map(|(o, w)| (*o, *w)).collect();
                items.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                items.truncate(POPULAR_ITEMS_MAX);
                (region.clone(), items)
            });
            self.snapshot.popular = Arc::new(popular.collect());
        }
        self.snapshot.clone()
    }

    fn count(&mut self, event: &v1::Event, ordinal: Ordinal, strength: f32, seconds: i64) {
        // Forward decay (Cormode et al., ICDE 2009): later events weigh more, nothing is ever rescaled. The reference
        // day keeps the exponent small for decades.
        let days = (seconds - 1_767_225_600) as f64 / 86_400.0;
        let weight = f64::from(strength) * (days / HALF_LIFE_DAYS).clamp(-500.0, 500.0).exp2();
        let region = self
            .popularity
            .entry(event.region.as_str().into())
            .or_default();
        *region.entry(ordinal).or_default() += weight;
        self.popular_stale = true;
        if event.query.trim().is_empty() {
            return;
        }
        let queries = Arc::make_mut(&mut self.snapshot.queries);
        let of_region = queries.entry(event.region.as_str().into()).or_default();
        let query = event.query.trim();
        if let Some(times) = of_region.get_mut(query) {
            *times += 1;
        } else if of_region.len() < QUERIES_MAX {
            of_region.insert(query.into(), 1);
        }
    }
}

/// Adds to a pair's weight; the weakest neighbour gives way when there are too many.
fn join(neighbours: &mut Vec<(Ordinal, f32)>, other: Ordinal, strength: f32) {
    if let Some((_, together)) = neighbours.iter_mut().find(|(known, _)| *known == other) {
        *together += strength;
        return;
    }
    if neighbours.len() < NEIGHBOURS_MAX {
        neighbours.push((other, strength));
        return;
    }
    let weakest = neighbours.iter_mut().min_by(|a, b| a.1.total_cmp(&b.1));
    if let Some(weakest) = weakest.filter(|weakest| weakest.1 <= strength) {
        *weakest = (other, strength);
    }
}
