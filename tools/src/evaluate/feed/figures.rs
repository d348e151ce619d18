//! What is measured of the lists of many shoppers.

use sampan_engine::recommend::{ItemIndex, Visit};

/// Longest list that is looked at.
pub const LIST_MAX: usize = 50;
/// Places that a page shows.
const PAGE: usize = 10;

/// Means over shoppers, each 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Figures {
    /// Shoppers.
    pub cases: usize,
    /// Hits among the first 10 ÷ items of the visit.
    pub recall_10: f64,
    /// Hits among the first 10 ÷ min(10, items of the visit).
    pub recall_10_of_reachable: f64,
    /// Share of shoppers with a hit among the first 10; with one item a visit the same as recall.
    pub hit_10: f64,
    /// Linear gain, log2 discount, ideal over the items of the visit.
    pub ndcg_10: f64,
    /// Hits among the first 50 ÷ items of the visit.
    pub recall_50: f64,
}

impl Figures {
    /// Of the lists, each with the visit that was to be found.
    pub fn of<'a>(cases: impl Iterator<Item = (&'a [ItemIndex], &'a Visit)>) -> Self {
        let mut sums = Self::default();
        for (list, visit) in cases {
            sums.add(list, visit);
        }
        let mean = |sum: f64| sum / sums.cases.max(1) as f64;
        Self {
            cases: sums.cases,
            recall_10: mean(sums.recall_10),
            recall_10_of_reachable: mean(sums.recall_10_of_reachable),
            hit_10: mean(sums.hit_10),
            ndcg_10: mean(sums.ndcg_10),
            recall_50: mean(sums.recall_50),
        }
    }

    fn add(&mut self, list: &[ItemIndex], visit: &Visit) {
        let size = visit.taken.len();
        let hit = |item: &ItemIndex| visit.taken.iter().any(|taken| taken.item == *item);
        let hits = |count: usize| list.iter().take(count).filter(|item| hit(item)).count() as f64;
        let discount = |place: usize| 1.0 / (place as f64 + 2.0).log2();
        let places = list.iter().take(PAGE).enumerate();
        let gain: f64 = places
            .filter(|(_, item)| hit(item))
            .map(|(place, _)| discount(place))
            .sum();
        let ideal: f64 = (0..size.min(PAGE)).map(discount).sum();
        self.cases += 1;
        self.recall_10 += hits(PAGE) / size as f64;
        self.recall_10_of_reachable += hits(PAGE) / size.min(PAGE) as f64;
        self.hit_10 += f64::from(hits(PAGE) > 0.0);
        self.ndcg_10 += gain / ideal;
        self.recall_50 += hits(LIST_MAX) / size as f64;
    }
}

#[cfg(test)]
mod tests {
    use sampan_engine::recommend::Taken;

    use super::*;

    fn visit(items: std::ops::Range<u32>) -> Visit {
        let taken = items.map(|item| Taken {
            item,
            strength: 1.0,
        });
        Visit {
            seconds: 0,
            taken: taken.collect(),
        }
    }

    #[test]
    fn both_recalls_are_told() {
        let list: Vec<ItemIndex> = (0..5).chain(100..105).chain(10..50).collect();
        let big = visit(0..20);
        let figures = Figures::of([(&list[..], &big)].into_iter());
        assert_eq!(
            (figures.recall_10, figures.recall_10_of_reachable),
            (0.25, 0.5)
        );
        assert_eq!((figures.hit_10, figures.recall_50), (1.0, 0.75));
        assert!(figures.ndcg_10 > 0.5 && figures.ndcg_10 < 1.0);
    }

    #[test]
    fn one_item_at_the_second_place_and_none_at_all() {
        let one = visit(7..8);
        let (second, none) = ([3, 7], [3, 4]);
        let figures = Figures::of([(&second[..], &one), (&none[..], &one)].into_iter());
        assert_eq!((figures.cases, figures.hit_10), (2, 0.5));
        assert!((figures.ndcg_10 - 0.5 / 3f64.log2()).abs() < 1e-12);
        assert_eq!(Figures::of(std::iter::empty()), Figures::default());
    }
}
