//! A visit's interests: what the user and the session did lately.

use std::collections::HashSet;

use rustc_hash::FxHashMap;
use sampan_proto::v1;

use crate::{
    base::{Ordinal, clock},
    behaviour::{self, BehaviourSnapshot},
};

/// Days in which an interest halves.
const HALF_LIFE_DAYS: f64 = 7.0;

/// Items that recall starts from, and items never to show.
#[derive(Debug, Default)]
pub struct Interests {
    /// Item and strength (above 0), strongest first.
    pub seeds: Vec<(Ordinal, f32)>,
    pub dislikes: HashSet<Ordinal>,
    /// Region of the visit.
    pub region: String,
}

impl Interests {
    /// The interests of user and session together; later and stronger events weigh more.
    pub fn of(behaviour: &BehaviourSnapshot, user: &v1::UserContext, region: &str) -> Self {
        let now = clock::now_seconds();
        let mut strengths: FxHashMap<Ordinal, f32> = FxHashMap::default();
        let mut dislikes = HashSet::new();
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
            dislikes.extend(state.disliked());
        }
        let mut seeds: Vec<(Ordinal, f32)> = strengths.into_iter().collect();
        seeds.retain(|(ordinal, strength)| *strength > 0.0 && !dislikes.contains(ordinal));
        seeds.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Self {
            seeds,
            dislikes,
            region: region.to_owned(),
        }
    }
}
