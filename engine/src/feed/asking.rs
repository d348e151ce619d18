//! Who asks, where, and what is known of him: what every recall source works with.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    after_queries::{Chosen, after_queries},
    popularity::Popular,
};
use crate::{
    base::Ordinal,
    config::profile::RankingProfile,
    flow::{filter::Gate, interests::Interests, taste::Taste},
    index::{
        feed_model::{ServedModel, Wish},
        generation::Generation,
        vector::Direction,
    },
    recommend::model::{Heard, Occasion},
};

/// Latest items whose middle stands for a taste that no model knows.
const MIDDLE_ITEMS: usize = 10;

/// One question to the feed.
pub struct Asking<'a> {
    pub generation: &'a Generation,
    pub gate: &'a Gate<'a>,
    pub profile: &'a RankingProfile,
    pub interests: &'a Interests,
    pub taste: Taste,
    /// Recent items that recall starts from, strongest first.
    pub seeds: Vec<(Ordinal, f32)>,
    /// What others chose after the shopper's queries.
    pub chosen: FxHashMap<Ordinal, Chosen>,
    /// What is popular with those who are like the shopper, as far as that is known.
    pub popular: Popular<'a>,
    /// What the model says; none without a model.
    pub learnt: Option<Learnt<'a>>,
    /// Where items lie that the shopper would like by their content; none when that is unknown.
    pub direction: Option<Direction>,
    /// Pools that the feed is kept to.
    pub kept_to: &'a [String],
    /// Seconds since 1970.
    pub now: i64,
}

/// A model, and what it says of the shopper.
pub struct Learnt<'a> {
    pub served: &'a ServedModel,
    pub heard: Heard,
    /// None when the model knows nothing of what the shopper did.
    pub wish: Option<Wish>,
}

impl<'a> Asking<'a> {
    pub fn new(
        generation: &'a Generation,
        gate: &'a Gate<'a>,
        profile: &'a RankingProfile,
        interests: &'a Interests,
        kept_to: &'a [String],
        now: i64,
    ) -> Self {
        let seeds = interests.seeds.iter().take(profile.feed.seeds).copied();
        let seeds: Vec<_> = seeds.collect();
        let model = generation.feed_model.as_deref();
        let learnt = model.map(|served| learnt(served, generation, interests, now));
        let wish = learnt.as_ref().and_then(|learnt| learnt.wish.as_ref());
        let by_model = wish.and_then(|wish| wish.direction().cloned());
        Self {
            taste: Taste::of(interests, &generation.columns, gate),
            direction: by_model.or_else(|| middle(generation, &seeds)),
            chosen: after_queries(generation, interests, now),
            popular: Popular::of(generation, interests, now),
            generation,
            gate,
            profile,
            interests,
            seeds,
            learnt,
            kept_to,
            now,
        }
    }

    /// Items that the shopper did something with.
    pub fn acted_on(&self) -> FxHashSet<Ordinal> {
        let taken = self.interests.visits.iter().flat_map(|visit| &visit.taken);
        taken.map(|taken| taken.item).collect()
    }
}

fn learnt<'a>(
    served: &'a ServedModel,
    generation: &Generation,
    interests: &Interests,
    now: i64,
) -> Learnt<'a> {
    let history = served.history(&interests.visits);
    let occasion = Occasion {
        history: &history,
        now: Some(now),
        // Trends are the region's, and known by ordinal.
        trend: &[],
    };
    let mut heard = served.model().ask(&occasion);
    let wish = heard.shopper.take();
    Learnt {
        served,
        heard,
        wish: wish.map(|shopper| served.wish(shopper, &generation.vectors)),
    }
}

/// The middle of the latest items' vectors.
fn middle(generation: &Generation, seeds: &[(Ordinal, f32)]) -> Option<Direction> {
    let mut middle: Vec<f32> = Vec::new();
    for (seed, strength) in seeds.iter().take(MIDDLE_ITEMS) {
        let Some(vector) = generation.vectors.vector(*seed) else {
            continue;
        };
        middle.resize(vector.len(), 0.0);
        for (sum, number) in middle.iter_mut().zip(vector) {
            *sum += strength * number;
        }
    }
    generation.vectors.direction_among_items(&middle).ok()
}
