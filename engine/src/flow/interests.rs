//! A visit's interests: what the user and the session did lately.

use std::{collections::HashSet, sync::Arc};

use rustc_hash::FxHashMap;
use sampan_proto::v1;

use crate::{
    base::{
        Ordinal,
        clock::{self, DAY_SECONDS},
    },
    behaviour::{self, BehaviourSnapshot, Search},
    recommend::{Taken, Visit},
};

/// Days in which an interest halves.
const HALF_LIFE_DAYS: f64 = 7.0;

/// Days after which it is forgotten that an item was on screen.
pub const SHOWN_DAYS: i64 = 14;

/// How often an item was on screen, and when last.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Shown {
    pub times: u32,
    /// Seconds since 1970.
    pub seconds: i64,
}

/// A query that the shopper made.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched {
    /// As typed.
    pub text: Arc<str>,
    /// What it says now, 0 to 1; less the longer ago it was.
    pub strength: f32,
    /// Seconds since 1970.
    pub seconds: i64,
}

/// Items that recall starts from, and items never to show.
#[derive(Debug, Default)]
pub struct Interests {
    /// Item and strength (above 0), strongest first.
    pub seeds: Vec<(Ordinal, f32)>,
    pub dislikes: HashSet<Ordinal>,
    /// What was done, by ordinals, oldest first; without what is disliked.
    pub visits: Vec<Visit>,
    /// What was on screen in the last [`SHOWN_DAYS`].
    pub shown: FxHashMap<Ordinal, Shown>,
    /// What was searched for, latest first, each query once.
    pub searches: Vec<Searched>,
    /// Keys under which behaviour knows who asks.
    pub keys: Vec<String>,
    /// Region of the visit.
    pub region: String,
    /// Segment that the shop puts the shopper in; "" for none.
    pub segment: String,
}

impl Interests {
    /// The interests of user and session together; later and stronger events weigh more.
    pub fn of(behaviour: &BehaviourSnapshot, user: &v1::UserContext, region: &str) -> Self {
        let now = clock::now_seconds();
        let mut strengths: FxHashMap<Ordinal, f32> = FxHashMap::default();
        let mut dislikes = HashSet::new();
        let mut shown: FxHashMap<Ordinal, Shown> = FxHashMap::default();
        let mut done: Vec<(i64, Taken)> = Vec::new();
        let mut searches = Vec::new();
        let keys = behaviour::keys(&user.user_id, &user.session_id);
        for (place, key) in keys.iter().enumerate() {
            let Some(mut state) = behaviour.user(key) else {
                continue;
            };
            // After the user's key comes the session's: what was done there under a name is the user's already, or another's.
            if place > 0 {
                Arc::make_mut(&mut state).forget_named();
            }
            for item in state.recent() {
                let strength = item.strength * left(item.seconds, now);
                let known = strengths.entry(item.ordinal).or_default();
                *known = known.max(strength);
            }
            for visit in state.visits() {
                let taken = visit.taken.into_iter();
                let taken = taken.map(|(item, strength)| Taken { item, strength });
                done.extend(taken.map(|taken| (visit.seconds, taken)));
            }
            for item in state.shown(now - SHOWN_DAYS * DAY_SECONDS) {
                let known = shown.entry(item.ordinal).or_default();
                known.times = known.times.max(item.times);
                known.seconds = known.seconds.max(item.seconds);
            }
            dislikes.extend(state.disliked());
            searches.extend(state.searches().map(|search| searched(search, now)));
        }
        let mut seeds: Vec<(Ordinal, f32)> = strengths.into_iter().collect();
        seeds.retain(|(ordinal, strength)| *strength > 0.0 && !dislikes.contains(ordinal));
        seeds.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        done.retain(|(_, taken)| !dislikes.contains(&taken.item));
        Self {
            visits: visits(done),
            shown,
            seeds,
            dislikes,
            searches: latest(searches),
            keys,
            region: region.to_owned(),
            segment: user.segment.clone(),
        }
    }
}

/// What is left now of an interest of a moment, 0 to 1.
fn left(seconds: i64, now: i64) -> f32 {
    let days = (now - seconds).max(0) as f64 / DAY_SECONDS as f64;
    (-days / HALF_LIFE_DAYS).exp2() as f32
}

fn searched(search: &Search, now: i64) -> Searched {
    let seconds = i64::from(search.seconds);
    Searched {
        text: search.text.clone(),
        strength: left(seconds, now),
        seconds,
    }
}

/// Searches of user and session together, latest first, each text once.
fn latest(mut searches: Vec<Searched>) -> Vec<Searched> {
    searches.sort_by(|a, b| b.seconds.cmp(&a.seconds).then(a.text.cmp(&b.text)));
    let mut seen = HashSet::new();
    searches.retain(|search| seen.insert(search.text.clone()));
    searches
}

/// What user and session did as visits: what began no further apart than [`behaviour::VISIT_PAUSE_SECONDS`] belongs together,
/// an item once.
fn visits(mut done: Vec<(i64, Taken)>) -> Vec<Visit> {
    done.sort_by_key(|(seconds, taken)| (*seconds, taken.item));
    let mut visits: Vec<Visit> = Vec::new();
    let mut latest = i64::MIN;
    for (seconds, taken) in done {
        match visits.last_mut() {
            Some(visit) if seconds - latest <= behaviour::VISIT_PAUSE_SECONDS => {
                visit.take(taken);
            }
            _ => visits.push(Visit {
                seconds,
                taken: vec![taken],
            }),
        }
        latest = seconds;
    }
    visits
}
