//! How shoppers answer to what they are shown: decayed counts of impressions, clicks, carts and orders by region, of each
//! item, of what a seller has in a category, of each category, of each seller, and of all.
//!
//! Rates are means of beta posteriors whose prior is the rate one level up (empirical Bayes): an item that was seldom shown
//! goes by its seller's goods of the category, these by the category, this by the region.

use std::hash::{Hash, Hasher as _};

use rustc_hash::FxHasher;
use sampan_proto::v1::{self, EventKind};

use super::{decay, sharded::Sharded};
use crate::base::Ordinal;

/// Answers that a prior counts for: after as many impressions as bring so many at the prior's rate, an item's rate is half its
/// own. Right where rates one level down differ by half of themselves (Gamma-Poisson); a seldom answer takes more impressions.
const PRIOR_ANSWERS: f64 = 4.0;
/// Counts kept, of all levels together: some 60 MB. When there are more, the most faded give way: they are items'.
const COUNTS_MAX: usize = 1 << 20;

/// What an event is about.
#[derive(Debug, Clone, Copy)]
pub struct Goods<'a> {
    pub ordinal: Ordinal,
    /// "" when unknown.
    pub seller: &'a str,
    /// The whole path as one text.
    pub category: &'a str,
}

/// Decayed counts, all on the scale of [`decay::weight`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    impressions: f64,
    clicks: f64,
    carts: f64,
    orders: f64,
}

impl Counts {
    fn add(&mut self, kind: EventKind, weight: f64) {
        let counted = match kind {
            EventKind::Impression => &mut self.impressions,
            EventKind::Click => &mut self.clicks,
            EventKind::Cart => &mut self.carts,
            EventKind::Order => &mut self.orders,
            EventKind::Unspecified | EventKind::Detail | EventKind::Dislike => return,
        };
        // What is taken back of an erased event may differ by a rounding.
        *counted = (*counted + weight).max(0.0);
    }

    #[inline]
    fn times(self, factor: f64) -> Self {
        Self {
            impressions: self.impressions * factor,
            clicks: self.clicks * factor,
            carts: self.carts * factor,
            orders: self.orders * factor,
        }
    }

    fn worth(&self) -> f64 {
        self.impressions + self.clicks + self.carts + self.orders
    }
}

/// Counts of a level of the back-off.
#[derive(Hash)]
enum Level<'a> {
    All,
    Seller(&'a str),
    Category(&'a str),
    SellerInCategory(&'a str, &'a str),
    Item(Ordinal),
}

impl Level<'_> {
    /// Stands for the level in a region; two that share one of 2⁶⁴ keys would share counts.
    #[inline]
    fn key(&self, mut of_region: FxHasher) -> u64 {
        self.hash(&mut of_region);
        of_region.finish()
    }
}

/// What the keys of a region's levels begin with.
fn of_region(region: &str) -> FxHasher {
    let mut hash = FxHasher::default();
    region.hash(&mut hash);
    hash
}

/// All counts.
#[derive(Clone, Default)]
pub(super) struct Responses(Sharded<u64, Counts>);

impl Responses {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        self.0.heap_bytes(|_| 0)
    }

    /// Counts an event; `by`: 1, or −1 for one that is erased.
    pub fn count(&mut self, event: &v1::Event, goods: Goods<'_>, by: f64) {
        let kind = EventKind::try_from(event.kind).unwrap_or_default();
        let counted = [
            EventKind::Impression,
            EventKind::Click,
            EventKind::Cart,
            EventKind::Order,
        ];
        if !counted.contains(&kind) {
            return;
        }
        let region = of_region(&event.region);
        let weight = by * decay::weight(event.time.as_ref().map_or(0, |time| time.seconds));
        for level in [
            Level::All,
            Level::Seller(goods.seller),
            Level::Category(goods.category),
            Level::SellerInCategory(goods.seller, goods.category),
            Level::Item(goods.ordinal),
        ] {
            let key = level.key(region.clone());
            let counts = self.0.entry_of_at_most(key, COUNTS_MAX, Counts::worth);
            counts.add(kind, weight);
        }
    }
}

/// Rates of clicks, carts and orders, each by impression, 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rates {
    pub click: f64,
    pub cart: f64,
    pub order: f64,
}

impl Rates {
    /// The rates of some counts, from those one level up.
    #[inline]
    pub fn of(counts: Counts, prior: Self) -> Self {
        let smoothed = |times: f64, prior: f64| {
            // Some shops report what was clicked and not what was shown.
            let shown = counts.impressions.max(times);
            match prior > 0.0 {
                true => (times + PRIOR_ANSWERS) / (shown + PRIOR_ANSWERS / prior),
                // Nobody there ever answered.
                false => 0.0,
            }
        };
        Self {
            click: smoothed(counts.clicks, prior.click),
            cart: smoothed(counts.carts, prior.cart),
            order: smoothed(counts.orders, prior.order),
        }
    }
}

/// How a region's shoppers answer, at one moment.
pub struct RegionResponse<'s> {
    responses: &'s Responses,
    of_region: FxHasher,
    /// What is left at that moment of what was counted.
    left: f64,
    impressions: f64,
    /// Rates of everything that was shown there; 0 when nothing was.
    pub mean: Rates,
}

impl<'s> RegionResponse<'s> {
    pub(super) fn new(responses: &'s Responses, region: &str, now: i64) -> Self {
        let mut response = Self {
            responses,
            of_region: of_region(region),
            left: decay::as_of(now),
            impressions: 0.0,
            mean: Rates::default(),
        };
        let all = response.counts(&Level::All);
        let share = |times: f64| match all.impressions.max(times) {
            shown if shown > 0.0 => times / shown,
            _ => 0.0,
        };
        response.impressions = all.impressions;
        response.mean = Rates {
            click: share(all.clicks),
            cart: share(all.carts),
            order: share(all.orders),
        };
        response
    }

    /// Times that an item was shown in the region, older ones weighing less.
    pub fn shown(&self, ordinal: Ordinal) -> f64 {
        self.counts(&Level::Item(ordinal)).impressions
    }

    /// What a category was answered with.
    pub fn counts_of_category(&self, category: &str) -> Counts {
        self.counts(&Level::Category(category))
    }

    /// What a seller's goods of a category were answered with.
    #[inline]
    pub fn counts_of_shelf(&self, seller: &str, category: &str) -> Counts {
        self.counts(&Level::SellerInCategory(seller, category))
    }

    /// What an item was answered with.
    #[inline]
    pub fn counts_of_item(&self, ordinal: Ordinal) -> Counts {
        self.counts(&Level::Item(ordinal))
    }

    /// The rates of an item, by all levels. Ranking goes the same way for many at once (`flow/rank/facts`).
    pub fn rates(&self, goods: Goods<'_>) -> Rates {
        let category = Rates::of(self.counts_of_category(goods.category), self.mean);
        let shelf = Rates::of(self.counts_of_shelf(goods.seller, goods.category), category);
        Rates::of(self.counts_of_item(goods.ordinal), shelf)
    }

    /// Share of what was shown that was the seller's, 0 to 1; 0 when nothing was, or the seller is unknown.
    pub fn exposure(&self, seller: &str) -> f64 {
        if seller.is_empty() || self.impressions == 0.0 {
            return 0.0;
        }
        let counts = self.counts(&Level::Seller(seller));
        (counts.impressions / self.impressions).min(1.0)
    }

    #[inline]
    fn counts(&self, level: &Level<'_>) -> Counts {
        let key = level.key(self.of_region.clone());
        let counts = self.responses.0.get(&key).copied().unwrap_or_default();
        counts.times(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const NOW: i64 = 1_790_000_000;

    fn goods(ordinal: Ordinal) -> Goods<'static> {
        Goods {
            ordinal,
            seller: "s",
            category: "茶",
        }
    }

    fn event(kind: EventKind, seconds: i64) -> v1::Event {
        v1::Event {
            kind: kind.into(),
            region: "hk".to_owned(),
            time: Some(sampan_proto::Timestamp { seconds, nanos: 0 }),
            ..Default::default()
        }
    }

    fn count(
        responses: &mut Responses,
        kind: EventKind,
        seconds: i64,
        times: usize,
        of: Goods<'_>,
    ) {
        for _ in 0..times {
            responses.count(&event(kind, seconds), of, 1.0);
        }
    }

    fn close(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-5, "{one} and {other}");
    }

    #[test]
    fn a_rate_goes_from_the_priors_to_the_items_own() {
        let mut responses = Responses::default();
        count(&mut responses, EventKind::Impression, NOW, 100, goods(1));
        count(&mut responses, EventKind::Click, NOW, 10, goods(1));
        count(&mut responses, EventKind::Order, NOW, 1, goods(1));
        let region = RegionResponse::new(&responses, "hk", NOW);
        close(region.mean.click, 0.1);
        let category = Rates::of(region.counts_of_category("茶"), region.mean);
        close(category.click, (10.0 + 4.0) / (100.0 + 4.0 / 0.1));
        let seller = Rates::of(region.counts_of_shelf("s", "茶"), category);
        // Never shown: as its seller's goods of the category.
        assert_eq!(region.rates(goods(2)), seller);
        close(region.rates(goods(1)).order, 0.01);
        // Of another category, the region's.
        assert_eq!(
            Rates::of(region.counts_of_category("酒"), region.mean),
            region.mean
        );
        // Elsewhere nothing is known.
        assert_eq!(
            Rates::of(
                RegionResponse::new(&responses, "tw", NOW).counts_of_category("茶"),
                Rates::default()
            ),
            Rates::default()
        );
    }

    #[test]
    fn counts_fade_alike_in_whatever_order_events_come() {
        let mut one = Responses::default();
        let mut other = Responses::default();
        let times = [0, 3, 14, 40].map(|days| NOW - days * DAY);
        for seconds in times {
            count(&mut one, EventKind::Impression, seconds, 1, goods(1));
        }
        for seconds in times.iter().rev() {
            count(&mut other, EventKind::Impression, *seconds, 1, goods(1));
        }
        let of = |responses: &Responses| {
            RegionResponse::new(responses, "hk", NOW + 14 * DAY).counts(&Level::Item(1))
        };
        close(of(&one).impressions, of(&other).impressions);
        let expected: f64 = [14.0, 17.0, 28.0, 54.0]
            .map(|days: f64| (-days / 14.0).exp2())
            .iter()
            .sum();
        close(of(&one).impressions, expected);
    }

    #[test]
    fn clicks_without_impressions_make_no_rate_above_one() {
        let mut responses = Responses::default();
        count(&mut responses, EventKind::Click, NOW, 30, goods(1));
        let region = RegionResponse::new(&responses, "hk", NOW);
        close(region.mean.click, 1.0);
        let category = Rates::of(region.counts_of_category("茶"), region.mean);
        let rates = Rates::of(region.counts_of_item(1), category);
        assert!(rates.click <= 1.0 && rates.order == 0.0);
    }

    #[test]
    fn exposure_is_the_sellers_share_of_what_was_shown() {
        let mut responses = Responses::default();
        count(&mut responses, EventKind::Impression, NOW, 30, goods(1));
        let other = Goods {
            seller: "t",
            ..goods(2)
        };
        count(&mut responses, EventKind::Impression, NOW, 10, other);
        let region = RegionResponse::new(&responses, "hk", NOW);
        close(region.exposure("s"), 0.75);
        assert_eq!([region.exposure(""), region.exposure("u")], [0.0; 2]);
    }

    #[test]
    fn memory_is_bounded_and_what_is_shown_often_stays() {
        let mut counts: Sharded<u64, Counts> = Sharded::default();
        let most = 16_384;
        for key in 0..160_000u64 {
            let often = key % 100 == 0;
            let entry = counts.entry_of_at_most(key, most, Counts::worth);
            for _ in 0..if often { 50 } else { 1 } {
                entry.add(EventKind::Impression, 1.0);
            }
        }
        let kept = (0..160_000).filter(|key| counts.get(key).is_some());
        let kept: Vec<u64> = kept.collect();
        assert!(kept.len() <= most, "{}", kept.len());
        let often = kept.iter().filter(|key| *key % 100 == 0).count();
        assert!(often > 1_400, "{often} of 1,600");
    }
}
