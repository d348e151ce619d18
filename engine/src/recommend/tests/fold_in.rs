//! Vectors: the same in every run, and of a shopper who comes later as of one who was there.

use std::time::Instant;

use super::catalogue::{ITEMS, ROOM, shoppers};
use crate::recommend::factors::{
    FactorOptions, dot,
    train::{Observed, Trained, train},
};

fn trained(seed: u64) -> (Observed, Trained) {
    let observed = Observed::of_histories(&shoppers(400));
    let options = FactorOptions {
        dimensions: 8,
        iterations: 30,
        seed,
        ..FactorOptions::default()
    };
    let trained = train(&observed, ITEMS, &options, &mut |_, _| {});
    (observed, trained)
}

#[test]
fn a_shopper_who_was_there_gets_nearly_the_same_vector_again() {
    let (observed, trained) = trained(1);
    for shopper in 0..observed.len() {
        let folded = trained.items.fold_in(observed.list(shopper));
        let known = &trained.shoppers[8 * shopper..8 * (shopper + 1)];
        let cosine = dot(&folded, known) / (dot(&folded, &folded) * dot(known, known)).sqrt();
        assert!(cosine > 0.99, "shopper {shopper}: cosine {cosine}");
    }
}

#[test]
fn a_shopper_of_one_room_wants_that_room() {
    let (_, trained) = trained(1);
    for room in 0..4 {
        let folded = trained
            .items
            .fold_in(&[(room * ROOM + 3, 1.0), (room * ROOM + 4, 1.0)]);
        let wanted = trained.items.nearest(&folded, 5);
        assert!(
            wanted.iter().all(|item| item / ROOM == room),
            "room {room}: {wanted:?}"
        );
    }
}

#[test]
fn one_seed_gives_one_result_on_any_number_of_threads() {
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let many = rayon::ThreadPoolBuilder::new()
        .num_threads(4)
        .build()
        .unwrap();
    let (a, b) = (one.install(|| trained(1).1), many.install(|| trained(1).1));
    assert_eq!(a.items, b.items);
    assert_eq!(a.shoppers, b.shoppers);
    assert_ne!(a.items, trained(2).1.items);
}

#[test]
fn folding_in_a_hundred_items_takes_less_than_a_millisecond() {
    let vectors = (0..1_000 * 64).map(|place| crate::recommend::factors::seeded::even(3, place));
    let options = FactorOptions {
        dimensions: 64,
        ..FactorOptions::default()
    };
    let factors = crate::recommend::factors::Factors::new(vectors.collect(), &options);
    let taken: Vec<(u32, f32)> = (0..100).map(|item| (item * 7, 1.0)).collect();
    // The best of many: the machine may be busy with other things.
    let times = (0..50).map(|_| {
        let start = Instant::now();
        assert_eq!(factors.fold_in(&taken).len(), 64);
        start.elapsed()
    });
    let best = times.min().unwrap_or_default();
    assert!(best.as_micros() < 1_000, "{best:?}");
}
