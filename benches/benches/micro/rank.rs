//! Ranking as many candidates as recall brings: by the profile in force, and with every signal.

use std::hint::black_box;

use criterion::Criterion;
use sampan_engine::{
    base::{clock, limits},
    behaviour::{BehaviourSnapshot, BehaviourWriter, Goods},
    config::profile::{RankingProfile, SIGNAL_NAMES},
    flow::{
        candidate::{Candidate, Source},
        filter::Gate,
        interests::Interests,
        rank::{Asked, rank},
        taste::Taste,
    },
    index::columns::CATEGORY_SEPARATOR,
};
use sampan_proto::{
    Timestamp,
    v1::{self, EventKind},
};

use crate::catalogue::{Catalogue, REGION};

const USER: &str = "u";
/// Items that the user saw last.
const SEEN: usize = 50;

pub fn benches(criterion: &mut Criterion) {
    let catalogue = Catalogue::new().expect("a catalogue");
    let gate = catalogue.gate();
    let candidates = candidates(&catalogue, &gate);
    let now = clock::now_seconds();
    let behaviour = behaviour(&catalogue, &candidates, now);
    let user = v1::UserContext {
        user_id: USER.to_owned(),
        ..Default::default()
    };
    let interests = Interests::of(&behaviour, &user, REGION);
    assert_eq!(interests.seeds.len(), SEEN);
    let asked = Asked {
        taste: Taste::of(&interests, &catalogue.columns, &gate),
        response: Some(behaviour.response(REGION, now)),
        ..Asked::default()
    };
    let in_force = catalogue.configuration.profile(catalogue.market.region);
    let mut every = RankingProfile::clone(in_force);
    every.weights.fill(0.01);
    let more = with_signals(in_force, 25, &[]);
    let but_rates = with_signals(in_force, 25, &["click_rate", "cart_rate", "order_rate"]);
    for (name, profile, explain) in [
        ("rank 500 candidates", &**in_force, false),
        ("rank 500 with 25 signals", &more, false),
        ("rank 500 with 25 signals but rates", &but_rates, false),
        ("rank 500 with every signal", &every, false),
        ("rank and explain 500", &every, true),
    ] {
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let candidates = black_box(candidates.clone());
                rank(
                    candidates,
                    &catalogue.columns,
                    &gate,
                    profile,
                    &asked,
                    now,
                    explain,
                )
            });
        });
    }
}

/// The profile with as many signals in use: its own, and the first of the others but some.
fn with_signals(profile: &RankingProfile, count: usize, but: &[&str]) -> RankingProfile {
    let mut profile = RankingProfile::clone(profile);
    let in_use = profile.weights.iter().filter(|weight| **weight != 0.0);
    let more = count - in_use.count();
    let weights = profile.weights.iter_mut().zip(SIGNAL_NAMES);
    let unused = weights.filter(|(weight, (name, _))| **weight == 0.0 && !but.contains(name));
    for (weight, _) in unused.take(more) {
        *weight = 0.01;
    }
    profile
}

fn candidates(catalogue: &Catalogue, gate: &Gate<'_>) -> Vec<Candidate> {
    let eligible = catalogue
        .columns
        .ordinals()
        .filter(|ordinal| gate.allows(*ordinal));
    let candidates: Vec<Candidate> = eligible
        .take(limits::RESULT_WINDOW)
        .enumerate()
        .map(|(place, ordinal)| Candidate {
            lexical: 1.0 / (place + 1) as f32,
            full_match: place < 100,
            ..Candidate::new(ordinal, Source::Lexical)
        })
        .collect();
    assert_eq!(
        candidates.len(),
        limits::RESULT_WINDOW,
        "too few items can be bought"
    );
    candidates
}

/// Every candidate was shown several times; the user clicked some.
fn behaviour(catalogue: &Catalogue, candidates: &[Candidate], now: i64) -> BehaviourSnapshot {
    let mut writer = BehaviourWriter::default();
    for (place, candidate) in candidates.iter().enumerate() {
        let item = &catalogue.items[candidate.ordinal as usize];
        let category = item.category_path.join(CATEGORY_SEPARATOR);
        let goods = Goods {
            ordinal: candidate.ordinal,
            seller: &item.seller,
            category: &category,
        };
        let is_seen = place < SEEN;
        let clicked = is_seen.then_some(EventKind::Click);
        for kind in [EventKind::Impression; 5].into_iter().chain(clicked) {
            let event = v1::Event {
                kind: kind.into(),
                user_id: USER.to_owned(),
                region: REGION.to_owned(),
                time: Some(Timestamp {
                    seconds: now - place as i64,
                    nanos: 0,
                }),
                ..Default::default()
            };
            writer.apply(&event, Some(goods), None);
        }
    }
    writer.snapshot()
}
