use proptest::{
    prelude::RngExt as _,
    test_runner::{RngAlgorithm, TestRng},
};

use super::*;
use crate::{
    base::Ordinal,
    flow::candidate::{Source, Sources},
};

const MARGIN: f64 = 0.1;

fn item(ordinal: Ordinal, relevance: f64, boosted: f64) -> RankedItem {
    RankedItem {
        ordinal,
        score: relevance + boosted,
        boosted,
        sources: Sources::of(Source::Lexical),
        full_match: true,
        scoring: None,
        others: Box::default(),
        team: None,
    }
}

fn quota(places: usize, items: impl IntoIterator<Item = Ordinal>) -> Quota {
    Quota {
        pool: places.to_string(),
        places,
        items: Arc::new(items.into_iter().collect()),
    }
}

/// A list by score, boosted within the margin.
fn ranked(random: &mut TestRng, spread: f64) -> Vec<RankedItem> {
    let count = random.random_range(0..60);
    let mut list: Vec<RankedItem> = (0..count)
        .map(|ordinal| {
            let (relevance, boosted): (f64, f64) = (random.random(), random.random());
            item(ordinal, relevance * spread, boosted * MARGIN)
        })
        .collect();
    list.sort_by(|a, b| b.score.total_cmp(&a.score));
    list
}

fn quotas(random: &mut TestRng) -> Vec<Quota> {
    let mut left = QUOTA_WINDOW;
    let mut quotas = Vec::new();
    for _ in 0..random.random_range(1..4) {
        let places = random.random_range(0..=left);
        left -= places;
        let share: f64 = random.random();
        let items = (0..60).filter(|_| random.random_bool(share));
        quotas.push(quota(places, items.collect::<Vec<_>>()));
    }
    quotas
}

fn seeded(seed: u8) -> TestRng {
    TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32])
}

#[test]
fn a_feed_holds_every_quota_while_there_are_items() {
    let mut random = seeded(1);
    for round in 0..5_000 {
        let before = ranked(&mut random, 1.0);
        let quotas = quotas(&mut random);
        let after = hold(before.clone(), &quotas, None, windows());
        for (start, window) in after.chunks(QUOTA_WINDOW).enumerate() {
            let rest = &after[start * QUOTA_WINDOW..];
            for quota in &quotas {
                let holds = |items: &[RankedItem]| {
                    items
                        .iter()
                        .filter(|item| quota.items.contains(item.ordinal))
                        .count()
                };
                let due = quota.places.min(holds(rest));
                assert!(holds(window) >= due, "round {round}, window {start}");
            }
        }
        let mut ordinals: Vec<Ordinal> = after.iter().map(|item| item.ordinal).collect();
        ordinals.sort_unstable();
        assert!(ordinals.into_iter().eq(0..before.len() as Ordinal));
    }
}

#[test]
fn a_search_lifts_nothing_past_what_is_better_by_more_than_the_margin() {
    let mut random = seeded(2);
    let mut lifted = 0;
    for round in 0..20_000 {
        let before = ranked(&mut random, if round % 2 == 0 { 1.0 } else { 0.2 });
        let after = hold(
            before.clone(),
            &quotas(&mut random),
            Some(MARGIN),
            windows(),
        );
        lifted += usize::from(after != before);
        for (place, above) in after.iter().enumerate() {
            for below in &after[place..] {
                let ahead = (below.score - below.boosted) - (above.score - above.boosted);
                assert!(ahead <= MARGIN + 1e-9, "round {round}: {ahead}");
            }
        }
    }
    assert!(lifted > 2_000, "only {lifted} lists changed");
}

#[test]
fn the_first_that_may_be_lifted_takes_the_last_place() {
    let list: Vec<RankedItem> = (0..20)
        .map(|ordinal| item(ordinal, 1.0 - 0.01 * f64::from(ordinal), 0.0))
        .collect();
    let order = |quotas: &[Quota]| -> Vec<Ordinal> {
        let held = hold(list.clone(), quotas, Some(MARGIN), windows());
        held.iter().map(|item| item.ordinal).take(12).collect()
    };
    let one = order(&[quota(1, [12])]);
    assert_eq!(one, [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 9, 10]);
    // 0.81 is too far below 0.91, which would have to give way.
    assert_eq!(order(&[quota(1, [20])]), (0..12).collect::<Vec<_>>());
    assert_eq!(order(&[quota(1, [3, 12])])[9], 9, "it is held already");
    let two = order(&[quota(2, [8, 9, 12]), quota(1, [13])]);
    assert_eq!(two, [0, 1, 2, 3, 4, 5, 6, 8, 9, 13, 7, 10]);
}
