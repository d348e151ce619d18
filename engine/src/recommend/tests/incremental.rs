//! Events one by one give what the batch gives, in any order between shoppers.

use proptest::prelude::*;

use crate::recommend::{
    History, Taken, Visit,
    co_occurrence::{CoOccurrence, CoOccurrenceOptions, co_occurrence},
    swing::{Swing, SwingOptions},
};

const ITEMS: u32 = 12;

fn histories() -> impl Strategy<Value = Vec<History>> {
    let strength = prop::sample::select(vec![0.2f32, 0.3, 1.0]);
    let taken = (0..ITEMS, strength).prop_map(|(item, strength)| Taken { item, strength });
    let visit = prop::collection::vec(taken, 1..4).prop_map(|taken| Visit { seconds: 0, taken });
    prop::collection::vec(prop::collection::vec(visit, 1..6), 1..8)
}

/// Shopper, visit and place of each event, as shoppers come in turns.
fn in_turns(histories: &[History]) -> Vec<(usize, usize, usize)> {
    let mut events = Vec::new();
    for (shopper, history) in histories.iter().enumerate() {
        for (visit, of) in history.iter().enumerate() {
            events.extend((0..of.taken.len()).map(|place| (shopper, visit, place)));
        }
    }
    events.sort_by_key(|(shopper, visit, place)| (*visit, *place, *shopper));
    events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn co_occurrence_one_by_one_is_that_of_the_batch(histories in histories(), visits_max in 0usize..4) {
        let options = CoOccurrenceOptions { visits_max, ..CoOccurrenceOptions::default() };
        let mut counted = CoOccurrence::new(ITEMS as usize, options);
        for (shopper, visit, place) in in_turns(&histories) {
            let history = &histories[shopper];
            let taken = &history[visit].taken;
            counted.add(&history[..visit], &taken[..place], taken[place]);
        }
        let whole = co_occurrence(&histories, ITEMS as usize, &options);
        let (parts, whole) = (counted.neighbours(), whole);
        prop_assert_eq!(parts.parts().0, whole.parts().0);
        prop_assert_eq!(parts.parts().1, whole.parts().1);
        for (a, b) in parts.parts().2.iter().zip(whole.parts().2) {
            prop_assert!((a - b).abs() <= 1e-6 * b.abs());
        }
    }

    #[test]
    fn swing_one_by_one_is_that_of_the_batch(histories in histories(), shoppers_max in 2usize..9, items_max in 2usize..12) {
        let options = SwingOptions { shoppers_max, items_max, ..SwingOptions::default() };
        let mut parts = Swing::new(ITEMS as usize, options);
        for (number, (shopper, visit, place)) in in_turns(&histories).into_iter().enumerate() {
            parts.add(shopper as u32, histories[shopper][visit].taken[place].item);
            if number % 5 == 0 {
                parts.refresh();
            }
        }
        parts.refresh();
        prop_assert_eq!(parts.neighbours(), Swing::of(&histories, ITEMS as usize, options));
    }
}

#[test]
fn only_lists_that_an_event_touches_are_computed_again() {
    let mut swing = Swing::new(10, SwingOptions::default());
    for (shopper, items) in [[1, 2], [1, 2], [7, 8]].into_iter().enumerate() {
        items
            .into_iter()
            .for_each(|item| swing.add(shopper as u32, item));
    }
    assert_eq!(swing.refresh(), 4);
    swing.add(2, 9);
    assert_eq!(swing.refresh(), 3, "the lists of 7, 8 and 9");
    assert_eq!(swing.refresh(), 0);
}

#[test]
fn swing_is_that_of_the_paper() {
    // Shoppers 0 and 1 share items 1 and 2 only; shopper 2 has item 1 alone.
    let mut swing = Swing::new(5, SwingOptions::default());
    for (shopper, items) in [vec![1, 2, 3], vec![1, 2], vec![1]].into_iter().enumerate() {
        items
            .into_iter()
            .for_each(|item| swing.add(shopper as u32, item));
    }
    swing.refresh();
    let found: Vec<_> = swing.neighbours().of(1).collect();
    let want = 1.0 / (6.0f32).sqrt() / (1.0 + 2.0);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].0 == 2 && (found[0].1 - want).abs() < 1e-6,
        "{found:?}, want {want}"
    );
}

#[test]
fn what_is_taken_later_is_the_stronger_neighbour() {
    let visit = |item| Visit {
        seconds: 0,
        taken: vec![Taken {
            item,
            strength: 1.0,
        }],
    };
    let histories = vec![vec![visit(0), visit(1), visit(2)]; 3];
    let neighbours = co_occurrence(&histories, 3, &CoOccurrenceOptions::default());
    let of_one: Vec<_> = neighbours.of(1).map(|(item, _)| item).collect();
    assert_eq!(of_one, [2, 0]);
    let of_zero: Vec<_> = neighbours.of(0).map(|(item, _)| item).collect();
    assert_eq!(of_zero, [1, 2]);
}
