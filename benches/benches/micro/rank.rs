//! Ranking as many candidates as recall brings, with every signal.

use std::hint::black_box;

use criterion::Criterion;
use sampan_engine::{
    base::{clock, limits},
    flow::{
        candidate::{Candidate, Source},
        rank::{Asked, rank},
    },
};

use crate::catalogue::Catalogue;

pub fn benches(criterion: &mut Criterion) {
    let catalogue = Catalogue::new().expect("a catalogue");
    let gate = catalogue.gate();
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
    let profile = catalogue.configuration.profile(catalogue.market.region);
    let now = clock::now_seconds();
    for (name, explain) in [
        ("rank 500 candidates", false),
        ("rank and explain 500", true),
    ] {
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let candidates = black_box(candidates.clone());
                rank(
                    candidates,
                    &catalogue.columns,
                    &gate,
                    profile,
                    &Asked::default(),
                    now,
                    explain,
                )
            });
        });
    }
}
