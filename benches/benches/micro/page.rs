//! Building a page of twenty hits: item, highlights, display title, offer, badges.

use std::collections::HashSet;

use criterion::Criterion;
use sampan_engine::{
    base::clock,
    flow::{
        candidate::{Candidate, Source},
        page::PageBuilder,
        rank::{Asked, rank},
        understand::understand,
    },
};

use crate::catalogue::{Catalogue, REGION};

const HITS: usize = 20;

pub fn benches(criterion: &mut Criterion) {
    let catalogue = Catalogue::new().expect("a catalogue");
    let gate = catalogue.gate();
    let eligible = catalogue
        .columns
        .ordinals()
        .filter(|ordinal| gate.allows(*ordinal));
    let candidates = eligible
        .take(HITS)
        .map(|ordinal| Candidate::new(ordinal, Source::Lexical));
    let profile = catalogue.configuration.profile(catalogue.market.region);
    let now = clock::now_seconds();
    let candidates: Vec<Candidate> = candidates.collect();
    let ranked = rank(
        candidates,
        &catalogue.columns,
        &gate,
        profile,
        &Asked::default(),
        now,
        false,
    );
    let all_rules = HashSet::new();
    let understood = understand(&catalogue.analyzer, "無線藍牙耳機 黑色", REGION, &all_rules)
        .expect("a short query");
    let builder = PageBuilder {
        store: &catalogue.store,
        columns: &catalogue.columns,
        configuration: &catalogue.configuration,
        analyzer: &catalogue.analyzer,
        gate: &gate,
        profile,
        teams: None,
        whole: true,
        understood: Some(&understood),
    };
    criterion.bench_function("page of 20 hits", |bencher| {
        bencher.iter(|| {
            let hits = ranked
                .iter()
                .enumerate()
                .map(|(place, ranked)| builder.hit(ranked, place));
            hits.collect::<Result<Vec<_>, _>>()
        });
    });
}
