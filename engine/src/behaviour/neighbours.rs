//! Items that go together: taken by the same shopper, not far apart. Read from the memory of shoppers when asked, so that an
//! event that comes late, or is forgotten, corrects what was made of it.

use rustc_hash::FxHashMap;

use sampan_analyzers::memory::vec_bytes;

use super::{
    BehaviourSnapshot,
    latest::keep_latest,
    shopper::ShopperKey,
    state::{Touch, UserState},
};
use crate::base::{Ordinal, limits::ITEM_TAKERS_MAX};

/// Neighbours of an item at most.
const NEIGHBOURS_MAX: usize = 64;
/// Items of those that were taken with an item most often whose own weight is looked up: it lies far off in memory.
const WEIGHED_MAX: usize = 256;
/// Places in a shopper's events within which two items go together.
const JOINED_PLACES: usize = 10;
/// Seconds within which they do: thirty days.
const JOINED_SECONDS: u32 = 30 * 86_400;

/// One who did something with an item. In order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Taker {
    seconds: u32,
    shopper: ShopperKey,
}

/// What is known of one item.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemState {
    /// Sum of strengths of all events, in halves: [`super::strength`] gives whole halves, so the sum is exact.
    halves: u64,
    /// Those who did something with it last.
    takers: Vec<Taker>,
}

impl ItemState {
    /// Bytes that it points at.
    pub(super) fn heap_bytes(&self) -> u64 {
        vec_bytes(&self.takers)
    }

    pub(super) fn note(&mut self, strength: f32, seconds: u32, shopper: ShopperKey) {
        self.halves += (strength * 2.0) as u64;
        let taker = Taker { seconds, shopper };
        keep_latest(&mut self.takers, taker, ITEM_TAKERS_MAX, |taker| {
            taker.shopper
        });
    }

    /// Takes back what was noted of an erased event; answers whether anything is left.
    pub(super) fn forget(&mut self, strength: f32, seconds: u32, shopper: ShopperKey) -> bool {
        self.halves = self.halves.saturating_sub((strength * 2.0) as u64);
        let taker = Taker { seconds, shopper };
        self.takers.retain(|known| *known != taker);
        self.halves > 0
    }

    /// Seconds since 1970 when somebody took it last.
    pub(super) fn last_seconds(&self) -> u32 {
        self.takers.last().map_or(0, |taker| taker.seconds)
    }

    fn weight(&self) -> f32 {
        self.halves as f32 / 2.0
    }
}

/// Events of one shopper at hand, and what of them goes with an item: room that is used again for the next shopper.
#[derive(Default)]
struct Pairs {
    own: Vec<Touch>,
    joined: Vec<(Ordinal, f32)>,
}

impl BehaviourSnapshot {
    /// Items that go with an item, with cosine-normalised strength (0 to 1), strongest first. Counted over those who took the
    /// item last, and brought to the number of all.
    pub fn neighbours(&self, ordinal: Ordinal) -> Vec<(Ordinal, f32)> {
        let Some(item) = self.items.get(&ordinal) else {
            return Vec::new();
        };
        let mut together: FxHashMap<Ordinal, f32> = FxHashMap::default();
        let mut counted = 0.0;
        let mut pairs = Pairs::default();
        for taker in &item.takers {
            let Some(state) = self.shoppers.get(&taker.shopper) else {
                continue;
            };
            counted += pairs.take(state, taker.shopper.is_session(), ordinal);
            for (other, strength) in &pairs.joined {
                *together.entry(*other).or_default() += strength;
            }
        }
        let mut together: Vec<(Ordinal, f32)> = together.into_iter().collect();
        keep_strongest(&mut together, WEIGHED_MAX);
        let scale = item.weight() / f32::max(counted, f32::MIN_POSITIVE);
        let strength = |(other, together): (Ordinal, f32)| {
            let others = self.items.get(&other)?.weight();
            let strength = together * scale / (item.weight() * others).sqrt();
            Some((other, strength.min(1.0)))
        };
        let mut strengths: Vec<(Ordinal, f32)> =
            together.into_iter().filter_map(strength).collect();
        keep_strongest(&mut strengths, NEIGHBOURS_MAX);
        strengths
    }
}

/// Strongest first, and no more than `most`; of equals the first items.
pub(super) fn keep_strongest(strengths: &mut Vec<(Ordinal, f32)>, most: usize) {
    let order = |a: &(Ordinal, f32), b: &(Ordinal, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if strengths.len() > most {
        strengths.select_nth_unstable_by(most, order);
        strengths.truncate(most);
    }
    strengths.sort_unstable_by(order);
}

impl Pairs {
    /// Finds the items that a shopper took near an item, each once with the lesser of both strengths; gives the strength of
    /// the item.
    fn take(&mut self, state: &UserState, is_session: bool, ordinal: Ordinal) -> f32 {
        let Self { own, joined } = self;
        own.clear();
        joined.clear();
        own.extend(state.own(is_session));
        let mut strongest = 0.0f32;
        for (place, touch) in own.iter().enumerate() {
            if touch.ordinal != ordinal {
                continue;
            }
            let strength = touch.strength();
            strongest = strongest.max(strength);
            let first = place.saturating_sub(JOINED_PLACES);
            let last = (place + JOINED_PLACES + 1).min(own.len());
            for near in &own[first..last] {
                let is_near = near.seconds.abs_diff(touch.seconds) <= JOINED_SECONDS;
                if near.ordinal == ordinal || !is_near {
                    continue;
                }
                let lesser = near.strength().min(strength);
                match joined.iter_mut().find(|(other, _)| *other == near.ordinal) {
                    Some((_, known)) => *known = known.max(lesser),
                    None => joined.push((near.ordinal, lesser)),
                }
            }
        }
        strongest
    }
}
