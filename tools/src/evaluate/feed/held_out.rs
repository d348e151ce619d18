//! What is known, and what is to be found.

use sampan_engine::recommend::{
    History, ItemIndex, Visit,
    factors::seeded::{even, mixed},
};

/// Share of the items whose events are taken away.
pub const SPARSE_ITEMS: f32 = 0.1;
/// Share of such an item's events that are taken away.
pub const SPARSE_EVENTS: f32 = 0.9;

/// A log without the last visits that are to be found.
#[derive(Debug, Clone)]
pub struct HeldOut {
    pub known: Vec<History>,
    /// Shopper and last visit.
    pub cases: Vec<(usize, Visit)>,
}

impl HeldOut {
    /// Holds out the last visit of each shopper who has at least `visits_min`, 2 or more.
    pub fn last_visits(histories: &[History], visits_min: usize) -> Self {
        let mut known = histories.to_vec();
        let mut cases = Vec::new();
        for (shopper, history) in known.iter_mut().enumerate() {
            if history.len() >= visits_min.max(2)
                && let Some(last) = history.pop()
            {
                cases.push((shopper, last));
            }
        }
        Self { known, cases }
    }

    /// Takes away [`SPARSE_EVENTS`] of the known events of [`SPARSE_ITEMS`] of the items, by a draw of `seed`; tells by
    /// item which those are. What is to be found stays.
    pub fn make_sparse(&mut self, items: usize, seed: u64) -> Vec<bool> {
        let below = |share: f32, seed: u64, place: u64| even(seed, place) < 2.0 * share - 1.0;
        let sparse: Vec<bool> = (0..items as u64)
            .map(|item| below(SPARSE_ITEMS, seed, item))
            .collect();
        for (shopper, history) in self.known.iter_mut().enumerate() {
            for (number, visit) in history.iter_mut().enumerate() {
                let place = mixed((shopper as u64) << 32 | number as u64);
                let gone = |item: ItemIndex| {
                    sparse[item as usize]
                        && below(SPARSE_EVENTS, seed.wrapping_add(1), place ^ u64::from(item))
                };
                visit.taken.retain(|taken| !gone(taken.item));
            }
            history.retain(|visit| !visit.taken.is_empty());
        }
        sparse
    }
}

#[cfg(test)]
mod tests {
    use sampan_engine::recommend::Taken;

    use super::*;

    fn histories() -> Vec<History> {
        let visit = |item: u32| Visit {
            seconds: 0,
            taken: vec![Taken {
                item,
                strength: 1.0,
            }],
        };
        (0..2_000u32)
            .map(|shopper| {
                (0..1 + shopper % 9)
                    .map(|step| visit((shopper + step) % 100))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn only_the_last_visit_of_those_with_enough_is_held_out() {
        let histories = histories();
        let held_out = HeldOut::last_visits(&histories, 3);
        let long = histories
            .iter()
            .filter(|history| history.len() >= 3)
            .count();
        assert_eq!(held_out.cases.len(), long);
        for (shopper, last) in &held_out.cases {
            assert_eq!(histories[*shopper].last(), Some(last));
            assert_eq!(
                held_out.known[*shopper].len() + 1,
                histories[*shopper].len()
            );
        }
    }

    #[test]
    fn a_tenth_of_the_items_loses_nine_tenths_and_the_rest_nothing() {
        let mut held_out = HeldOut::last_visits(&histories(), 2);
        let counts = |held_out: &HeldOut| {
            let mut counts = [0u32; 100];
            let taken = held_out
                .known
                .iter()
                .flatten()
                .flat_map(|visit| &visit.taken);
            taken.for_each(|taken| counts[taken.item as usize] += 1);
            counts
        };
        let before = counts(&held_out);
        let sparse = held_out.make_sparse(100, 1);
        let after = counts(&held_out);
        let chosen = sparse.iter().filter(|sparse| **sparse).count();
        assert!((4..=18).contains(&chosen), "{chosen}");
        let (mut left, mut all) = (0, 0);
        for item in 0..100 {
            if sparse[item] {
                left += after[item];
                all += before[item];
            } else {
                assert_eq!(after[item], before[item]);
            }
        }
        let share = f64::from(left) / f64::from(all);
        assert!((0.05..0.16).contains(&share), "{share}");
        assert!(
            held_out
                .known
                .iter()
                .flatten()
                .all(|visit| !visit.taken.is_empty())
        );
    }
}
