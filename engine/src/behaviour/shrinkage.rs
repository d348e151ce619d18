//! What a group of shoppers chooses, drawn toward what all choose as far as chance explains the difference.
//!
//! Shares of a group are taken for draws around those of all (Dirichlet-multinomial; Mosimann, Biometrika 1962). How far groups
//! scatter is told by the moments: events that differ no more than chance would have them bring the group's own shares no
//! weight, and a group that chooses otherwise has its own way after few events. No constant has to be chosen for a shop.

use rustc_hash::FxHashSet;

use crate::base::Ordinal;

/// Events that a group of average taste would have of an item, below which items that are about as popular are compared
/// together: fewer are chance.
const EXPECTED_MIN: f64 = 1.0;

/// An item as a group chooses it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupItem {
    pub ordinal: Ordinal,
    /// Of the group's choices, 0 to 1.
    pub share: f64,
    /// The group chooses it more than all do.
    pub is_lifted: bool,
}

/// Items by a group's share of each, greatest first; none where the group chooses as all do, or too little to tell.
///
/// `all`: what all choose, with weights. `own`: the group's weight of an item. `own_best`: items that the group chooses most,
/// with weights. `grain`: what one event of the group weighs, on the scale of `own`.
pub fn shrunk(
    all: &[(Ordinal, f64)],
    own: impl Fn(Ordinal) -> f64,
    own_best: &[(Ordinal, f64)],
    grain: f64,
) -> Option<Vec<GroupItem>> {
    let pairs = all.iter().map(|(item, weight)| (*weight, own(*item)));
    let pairs: Vec<(f64, f64)> = pairs.collect();
    let sum_all: f64 = pairs.iter().map(|(all, _)| all).sum();
    let sum_own: f64 = pairs.iter().map(|(_, own)| own).sum();
    let trust = trust(&pairs, sum_all, sum_own, grain)?;
    let item = |ordinal, all: f64, own: f64| {
        let (all, own) = (all / sum_all, own / sum_own);
        GroupItem {
            ordinal,
            share: trust * own + (1.0 - trust) * all,
            is_lifted: own > all,
        }
    };
    let known: FxHashSet<Ordinal> = all.iter().map(|(item, _)| *item).collect();
    let others = own_best
        .iter()
        .filter(|(ordinal, _)| !known.contains(ordinal));
    let items = all.iter().zip(&pairs);
    let items = items.map(|((ordinal, _), (all, own))| item(*ordinal, *all, *own));
    let mut items: Vec<GroupItem> = items
        .chain(others.map(|(ordinal, own)| item(*ordinal, 0.0, *own)))
        .collect();
    items.sort_by(|a, b| {
        let shares = b.share.total_cmp(&a.share);
        shares.then(a.ordinal.cmp(&b.ordinal))
    });
    Some(items)
}

/// Weight of the group's own shares beside those of all, above 0 to 1. `pairs`: what all and what the group have of each item.
fn trust(pairs: &[(f64, f64)], sum_all: f64, sum_own: f64, grain: f64) -> Option<f64> {
    let events = sum_own / grain;
    if !events.is_finite() || events <= 0.0 {
        return None;
    }
    // Expected and observed events of cells; a rest that is too small for one of its own belongs to the last.
    let mut cells: Vec<(f64, f64)> = Vec::new();
    let mut left = events;
    for (all, own) in pairs {
        let (expected, observed) = (events * all / sum_all, own / grain);
        match cells.last_mut() {
            Some(cell) if cell.0 < EXPECTED_MIN || left < EXPECTED_MIN => {
                *cell = (cell.0 + expected, cell.1 + observed);
            }
            _ => cells.push((expected, observed)),
        }
        left -= expected;
    }
    let square = |(expected, observed): &(f64, f64)| (observed - expected).powi(2) / expected;
    let chi_square: f64 = cells.iter().map(square).sum();
    let freedom = cells.len().checked_sub(1).filter(|freedom| *freedom > 0)? as f64;
    // How much wider than chance the group scatters; less what the measure itself owes to chance, one standard deviation.
    let spread = chi_square / freedom - (2.0 / freedom).sqrt();
    // A group's variance is (events + concentration) ÷ (1 + concentration) of that of chance.
    let concentration = (events - spread) / (spread - 1.0);
    (spread > 1.0).then(|| events / (events + concentration.max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEMS: u32 = 100;

    /// What all choose: the first most.
    fn all() -> Vec<(Ordinal, f64)> {
        (0..ITEMS)
            .map(|n| (n, f64::from(4 * (ITEMS - n))))
            .collect()
    }

    fn of(weights: &[(Ordinal, f64)]) -> Option<Vec<GroupItem>> {
        let own = |item| {
            let known = weights.iter().find(|(known, _)| *known == item);
            known.map_or(0.0, |(_, weight)| *weight)
        };
        shrunk(&all(), own, weights, 1.0)
    }

    #[test]
    fn a_group_that_chooses_otherwise_has_its_own_way_and_the_rest_follow_in_order() {
        // 300 events on the ten items that all choose least, and one that nobody else knows.
        let own: Vec<_> = (90..=ITEMS).map(|item| (item, 30.0)).collect();
        let items = of(&own).unwrap();
        let first: Vec<Ordinal> = items[..11].iter().map(|item| item.ordinal).collect();
        assert_eq!(first, (90..=ITEMS).collect::<Vec<_>>());
        assert!(items[..11].iter().all(|item| item.is_lifted));
        let rest: Vec<Ordinal> = items[11..].iter().map(|item| item.ordinal).collect();
        assert_eq!(rest, (0..90).collect::<Vec<_>>());
        assert!(items[11..].iter().all(|item| !item.is_lifted));
    }

    #[test]
    fn a_group_that_chooses_as_all_do_is_none_however_many_events_it_has() {
        for part in [0.01, 0.5, 1.0] {
            let own: Vec<_> = all()
                .iter()
                .map(|(item, weight)| (*item, weight * part))
                .collect();
            assert!(of(&own).is_none(), "{part}");
        }
        assert!(of(&[]).is_none());
    }

    #[test]
    fn a_lucky_item_of_few_events_is_drawn_back_and_one_of_many_is_not() {
        let place = |times: f64| {
            // As all, but for one item that came a few times more than it would.
            let own: Vec<_> = all()
                .iter()
                .map(|(item, weight)| {
                    let lifted = if *item == 50 { 3.0 } else { 1.0 };
                    (*item, weight * times * lifted)
                })
                .collect();
            let items = of(&own);
            items.and_then(|items| items.iter().position(|item| item.ordinal == 50))
        };
        assert_eq!(place(0.02), None);
        assert_eq!(place(10.0), Some(0));
    }

    #[test]
    fn what_an_event_weighs_makes_no_difference() {
        let own: Vec<_> = (80..90).map(|item| (item, 2.0)).collect();
        let weigh = |item: Ordinal, by: f64| match own.iter().any(|(known, _)| *known == item) {
            true => 2.0 * by,
            false => 0.0,
        };
        let light = shrunk(&all(), |item| weigh(item, 1.0), &own, 1.0).unwrap();
        let heavy: Vec<_> = own.iter().map(|(item, w)| (*item, w * 64.0)).collect();
        let heavy = shrunk(&all(), |item| weigh(item, 64.0), &heavy, 64.0).unwrap();
        assert_eq!(light, heavy);
    }
}
