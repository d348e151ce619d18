//! Places that chance fills, with the probability of each draw.
//!
//! Of every [`FEED_EXPLORATION_WINDOW`] places the profile's share is drawn, none among the first [`FIRST`]. Each takes one
//! of the explored items that are left: an item's chance rises evenly with its score, from 1 for the worst to
//! [`BEST_CHANCE`] for the best, so that none is without and the likely are tried more often. The propensity is that
//! chance's share among the items left, given the draws before it.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

use crate::{
    base::{Ordinal, limits::FEED_EXPLORATION_WINDOW},
    flow::rank::RankedItem,
    recommend::factors::seeded::mixed,
};

/// Places at the top of every window that chance leaves alone.
const FIRST: usize = 4;
/// Chance of the best explored item beside the worst's.
const BEST_CHANCE: f64 = 5.0;

/// Draws of one feed: the same for the same seed.
#[derive(Debug, Clone, Copy)]
pub struct Draws(u64);

/// An item that was drawn, and with which probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    pub item: RankedItem,
    pub propensity: f64,
}

impl Draws {
    /// Of a shopper and a day, or of whatever else should draw anew.
    pub fn of(who: &str, region: &str, moment: i64) -> Self {
        let mut hash = FxHasher::default();
        (who, region, moment).hash(&mut hash);
        Self(mixed(hash.finish()))
    }

    /// A number from 0 to below 1.
    fn even(self, purpose: u64, place: usize) -> f64 {
        let bits = mixed(mixed(self.0 ^ purpose.rotate_left(32)).wrapping_add(place as u64));
        // The upper 53 bits are as fine as an f64 below 1.
        (bits >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Places below `end` that chance fills, ascending.
    pub fn places(self, share: f64, end: usize) -> Vec<usize> {
        let mut places = Vec::new();
        for start in (0..end).step_by(FEED_EXPLORATION_WINDOW) {
            let wanted = share * FEED_EXPLORATION_WINDOW as f64;
            // What is left of a place is one as often.
            let more = self.even(1, start) < wanted.fract();
            let count = wanted as usize + usize::from(more);
            let mut drawn: Vec<usize> = (start + FIRST..start + FEED_EXPLORATION_WINDOW).collect();
            drawn.sort_by(|a, b| self.even(2, *a).total_cmp(&self.even(2, *b)));
            drawn.truncate(count);
            places.extend(drawn);
        }
        places.retain(|place| *place < end);
        places.sort_unstable();
        places
    }

    /// Draws so many of the explored items, or all.
    pub fn draw(self, mut explored: Vec<RankedItem>, count: usize) -> Vec<Drawn> {
        let scores = || explored.iter().map(|item| item.score);
        let (least, most) = (
            scores().fold(f64::MAX, f64::min),
            scores().fold(f64::MIN, f64::max),
        );
        let span = (most - least).max(f64::MIN_POSITIVE);
        let chance = |item: &RankedItem| 1.0 + (BEST_CHANCE - 1.0) * ((item.score - least) / span);
        let mut drawn = Vec::with_capacity(count.min(explored.len()));
        while drawn.len() < count && !explored.is_empty() {
            let sum: f64 = explored.iter().map(chance).sum();
            let mut left = self.even(3, drawn.len()) * sum;
            let passed = explored.iter().position(|item| {
                left -= chance(item);
                left < 0.0
            });
            // Rounding may leave a little at the end.
            let item = explored.remove(passed.unwrap_or(explored.len() - 1));
            drawn.push(Drawn {
                propensity: chance(&item) / sum,
                item,
            });
        }
        drawn
    }
}

/// Puts drawn items in their places among the others, and tells the probability of each.
pub fn merge(
    others: Vec<RankedItem>,
    drawn: Vec<Drawn>,
    places: &[usize],
) -> (Vec<RankedItem>, Vec<(Ordinal, f64)>) {
    let drawn_as = drawn
        .iter()
        .map(|drawn| (drawn.item.ordinal, drawn.propensity))
        .collect();
    let mut drawn = drawn.into_iter().map(|drawn| drawn.item).peekable();
    let mut merged = Vec::with_capacity(others.len() + drawn.len());
    for other in others {
        while places.contains(&merged.len())
            && let Some(item) = drawn.next()
        {
            merged.push(item);
        }
        merged.push(other);
    }
    merged.extend(drawn);
    (merged, drawn_as)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::candidate::{Source, Sources};

    fn item(ordinal: Ordinal, score: f64) -> RankedItem {
        RankedItem {
            ordinal,
            score,
            boosted: 0.0,
            sources: Sources::of(Source::Exploration),
            full_match: false,
            scoring: None,
            others: Box::default(),
            team: None,
        }
    }

    fn explored() -> Vec<RankedItem> {
        (0..8).map(|n| item(n, f64::from(n) / 7.0)).collect()
    }

    #[test]
    fn items_are_drawn_as_often_as_their_propensities_say() {
        const SHOPPERS: usize = 40_000;
        let mut first = [0.0f64; 8];
        let mut stated = [0.0f64; 8];
        let mut second = [0.0f64; 8];
        let mut expected = [0.0f64; 8];
        for shopper in 0..SHOPPERS {
            let draws = Draws::of(&format!("u-{shopper}"), "hk", 20_000);
            let drawn = draws.draw(explored(), 2);
            first[drawn[0].item.ordinal as usize] += 1.0;
            stated[drawn[0].item.ordinal as usize] = drawn[0].propensity;
            second[drawn[1].item.ordinal as usize] += 1.0;
            // The expectation of an inverse propensity is 1 for what may be drawn: here for the second draw.
            expected[drawn[1].item.ordinal as usize] += 1.0 / drawn[1].propensity;
        }
        assert!(
            (stated.iter().sum::<f64>() - 1.0).abs() < 1e-9,
            "{stated:?}"
        );
        assert!((stated[7] / stated[0] - BEST_CHANCE).abs() < 1e-9);
        for place in 0..8 {
            let share = first[place] / SHOPPERS as f64;
            // Five standard deviations.
            let off = 5.0 * (stated[place] / SHOPPERS as f64).sqrt();
            assert!(
                (share - stated[place]).abs() < off,
                "{place}: {share} {stated:?}"
            );
            // An item may be drawn second whenever it was not drawn first.
            let may = 1.0 - stated[place];
            let estimate = expected[place] / SHOPPERS as f64;
            assert!((estimate - may).abs() < 0.1, "{place}: {estimate} {may}");
        }
    }

    #[test]
    fn the_share_of_places_is_held_and_the_first_are_left_alone() {
        for share in [0.0, 0.02, 0.05, 0.1, 0.5] {
            let mut count = 0;
            for shopper in 0..500 {
                let draws = Draws::of(&format!("u-{shopper}"), "hk", 1);
                let places = draws.places(share, 400);
                assert!(places.is_sorted() && places.iter().all(|place| place % 20 >= FIRST));
                assert_eq!(places, draws.places(share, 400));
                count += places.len();
            }
            let found = count as f64 / (500.0 * 400.0);
            assert!((found - share).abs() < 0.004, "{share}: {found}");
        }
    }

    #[test]
    fn drawn_items_stand_in_their_places_and_the_others_around_them() {
        let others: Vec<RankedItem> = (10..20).map(|n| item(n, 1.0)).collect();
        let drawn = Draws(1).draw(explored(), 3);
        let ordinals: Vec<Ordinal> = drawn.iter().map(|drawn| drawn.item.ordinal).collect();
        let (merged, propensities) = merge(others, drawn, &[4, 5, 30]);
        let found: Vec<Ordinal> = merged.iter().map(|item| item.ordinal).collect();
        assert_eq!(found[..4], [10, 11, 12, 13]);
        assert_eq!(found[4..7], [ordinals[0], ordinals[1], 14]);
        assert_eq!(found[12], ordinals[2], "after the last");
        assert_eq!(propensities.len(), 3);
        assert!(Draws(1).draw(Vec::new(), 3).is_empty());
    }
}
