//! A visit's interests: what the user and the session did lately.

use std::collections::HashSet;

use rustc_hash::FxHashMap;
use sampan_proto::v1;

use crate::{
    base::{Ordinal, clock},
    behaviour::{self, BehaviourSnapshot},
    recommend::{Taken, Visit, history::DAY_SECONDS},
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
    /// Region of the visit.
    pub region: String,
}

impl Interests {
    /// The interests of user and session together; later and stronger events weigh more.
    pub fn of(behaviour: &BehaviourSnapshot, user: &v1::UserContext, region: &str) -> Self {
        let now = clock::now_seconds();
        let mut strengths: FxHashMap<Ordinal, f32> = FxHashMap::default();
        let mut dislikes = HashSet::new();
        let mut shown: FxHashMap<Ordinal, Shown> = FxHashMap::default();
        let mut done: Vec<(i64, Taken)> = Vec::new();
        for key in behaviour::keys(&user.user_id, &user.session_id) {
            let Some(state) = behaviour.user(&key) else {
                continue;
            };
            for item in state.recent() {
                let days = (now - item.seconds).max(0) as f64 / 86_400.0;
                let strength = item.strength * (-days / HALF_LIFE_DAYS).exp2() as f32;
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
            region: region.to_owned(),
        }
    }
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
