//! Shoppers whose true rates are known: estimates are kept within a bound, whatever is shown to them, and a trial finds out
//! estimates that are not.

use sampan_proto::Timestamp;

use super::*;
use crate::recommend::factors::seeded::even;

const NOW: i64 = 1_790_000_000;
const DAY: i64 = 86_400;
const DAYS: i64 = 40;
const IMPRESSIONS: i64 = 120_000;
const SHELVES: u32 = 24;
const ITEMS: u32 = 480;
/// Most by which estimates may miss what came, beside what chance does, as a share of the mean rate.
const BOUND: f64 = 0.05;

/// Who decides what is shown.
#[derive(Debug, Clone, Copy)]
enum Shower {
    /// Every item as often.
    Chance,
    /// A tenth of the items takes most of the places.
    Habit,
    /// The greatest estimate of eight items: what seems good by luck is shown until it is known not to be.
    Estimate,
}

/// A number of 0 to 1, by a stream and a place.
fn drawn(stream: u64, place: u64) -> f64 {
    f64::from(even(stream, place) + 1.0) / 2.0
}

/// A shop whose items' rates differ: by category from 1 % to 8 %, on its shelves and among their items to half or double.
struct Shop {
    seed: u64,
    sellers: Vec<String>,
    categories: Vec<String>,
}

impl Shop {
    fn new(seed: u64) -> Self {
        let named =
            |what: &str, count: u32| (0..count).map(|number| format!("{what}{number}")).collect();
        Self {
            seed,
            sellers: named("s", 4),
            categories: named("c", SHELVES / 4),
        }
    }

    fn goods(&self, ordinal: Ordinal) -> Goods<'_> {
        let shelf = (ordinal % SHELVES) as usize;
        Goods {
            ordinal,
            seller: &self.sellers[shelf % 4],
            category: &self.categories[shelf / 4],
        }
    }

    /// The chance that an impression is clicked, and that it is ordered.
    fn truth(&self, ordinal: Ordinal) -> [f64; 2] {
        let shelf = u64::from(ordinal % SHELVES);
        let category = 0.01 * 8f64.powf(drawn(self.seed, shelf / 4));
        let own = 4f64.powf(drawn(self.seed + 1, shelf) - 0.5)
            * 4f64.powf(drawn(self.seed + 2, u64::from(ordinal)) - 0.5);
        [category * own, category * own / 6.0]
    }
}

fn event(kind: EventKind, shopper: i64, seconds: i64) -> v1::Event {
    v1::Event {
        kind: kind.into(),
        region: "hk".to_owned(),
        user_id: format!("u{shopper}"),
        time: Some(Timestamp { seconds, nanos: 0 }),
        ..Default::default()
    }
}

fn scope() -> Scope {
    Scope {
        region: "hk".to_owned(),
        // The first days teach the rates of the shop.
        since: NOW - (DAYS - 5) * DAY,
        until: NOW,
        wait: DAY,
    }
}

fn show(shop: &Shop, shower: Shower, trial: &RateTrial, place: u64, seconds: i64) -> Ordinal {
    let item = |number: u64| {
        let drawn = drawn(shop.seed + 3, place * 8 + number);
        (drawn * f64::from(ITEMS)) as Ordinal
    };
    match shower {
        Shower::Chance => item(0),
        Shower::Habit => match drawn(shop.seed + 4, place) < 0.8 {
            true => item(0) / 10,
            false => item(0),
        },
        Shower::Estimate => {
            let response = RegionResponse::new(&trial.responses, "hk", seconds);
            let rate = |ordinal: &Ordinal| response.rates(shop.goods(*ordinal)).click;
            let offered = (0..8).map(item);
            let best = offered.max_by(|a, b| rate(a).total_cmp(&rate(b)));
            best.unwrap_or_default()
        }
    }
}

/// What a trial finds where shoppers answer as the shop's truth says.
fn found(seed: u64, shower: Shower) -> [Reliability; 3] {
    let shop = Shop::new(seed);
    let mut trial = RateTrial::new(scope());
    for place in 0..IMPRESSIONS {
        let seconds = NOW - DAYS * DAY + place * DAYS * DAY / IMPRESSIONS;
        let item = show(&shop, shower, &trial, place as u64, seconds);
        let goods = shop.goods(item);
        trial.take(&event(EventKind::Impression, place, seconds), goods, true);
        let kinds = [EventKind::Click, EventKind::Order];
        for ((stream, kind), rate) in (5..).zip(kinds).zip(shop.truth(item)) {
            if drawn(seed + stream, place as u64) < rate {
                trial.take(&event(kind, place, seconds + 20), goods, true);
            }
        }
    }
    trial.finish()
}

#[test]
fn estimates_of_known_shoppers_are_kept_within_the_bound() {
    for (seed, shower) in [
        (10, Shower::Chance),
        (20, Shower::Habit),
        (30, Shower::Estimate),
    ] {
        let [clicks, carts, orders] = found(seed, shower);
        for rate in [&clicks, &orders] {
            let (predicted, observed) = rate.means();
            let missed = rate.error() - rate.error_by_chance();
            println!(
                "{shower:?}, {}: estimated {predicted:.5}, came {observed:.5}, off {:.5}, by chance {:.5}",
                rate.rate,
                rate.error(),
                rate.error_by_chance()
            );
            assert!(rate.impressions() > 100_000 && observed > 0.002, "{rate:?}");
            assert!(missed < BOUND * observed, "{shower:?}: {rate:?}");
            let used = rate.bins.iter().filter(|bin| bin.impressions > 1_000);
            assert!(used.count() >= 4, "{rate:?}");
        }
        let (predicted, observed) = carts.means();
        assert_eq!((predicted, observed, carts.error()), (0.0, 0.0, 0.0));
    }
}

#[test]
fn a_rate_that_changes_with_the_day_is_found_not_to_be_kept() {
    let shop = Shop::new(40);
    let mut trial = RateTrial::new(scope());
    for place in 0..IMPRESSIONS / 4 {
        let seconds = NOW - DAYS * DAY + place * DAYS * DAY * 4 / IMPRESSIONS;
        let goods = shop.goods((place % 10) as Ordinal);
        trial.take(&event(EventKind::Impression, place, seconds), goods, true);
        // Ten times as many from the twentieth day on.
        let rate = if seconds < NOW - 20 * DAY { 0.01 } else { 0.1 };
        if drawn(41, place as u64) < rate {
            trial.take(&event(EventKind::Click, place, seconds), goods, true);
        }
    }
    let [clicks, ..] = trial.finish();
    assert!(clicks.error() > 0.01, "{clicks:?}");
    assert!(
        clicks.error() > 5.0 * clicks.error_by_chance(),
        "{clicks:?}"
    );
}

#[test]
fn an_answer_belongs_to_the_latest_impression_within_the_wait_and_counts_once() {
    let shop = Shop::new(1);
    let goods = shop.goods(7);
    let mut trial = RateTrial::new(Scope {
        since: NOW,
        until: NOW + 10 * DAY,
        ..scope()
    });
    // Before the span: it teaches, and is not compared.
    trial.take(&event(EventKind::Impression, 1, NOW - 5), goods, true);
    trial.take(&event(EventKind::Click, 1, NOW - 4), goods, true);
    trial.take(&event(EventKind::Impression, 1, NOW), goods, true);
    trial.take(&event(EventKind::Impression, 2, NOW), goods, true);
    trial.take(&event(EventKind::Click, 1, NOW + 1), goods, true);
    trial.take(&event(EventKind::Click, 1, NOW + 2), goods, true);
    // Too late, of nobody, and of an impression that does not count.
    trial.take(&event(EventKind::Order, 1, NOW + 2 * DAY), goods, true);
    trial.take(&event(EventKind::Order, 3, NOW + 2 * DAY), goods, true);
    trial.take(&event(EventKind::Impression, 2, NOW + 5), goods, false);
    trial.take(&event(EventKind::Click, 2, NOW + 6), goods, true);
    // Of another region.
    let elsewhere = v1::Event {
        region: "tw".to_owned(),
        ..event(EventKind::Impression, 1, NOW)
    };
    trial.take(&elsewhere, goods, true);
    let [clicks, _, orders] = trial.finish();
    assert_eq!((clicks.impressions(), clicks.means().1), (2, 0.5));
    assert_eq!((orders.impressions(), orders.means().1), (2, 0.0));
    // One of one was clicked before the first of them, one of two before the second.
    let used = clicks.bins.iter().filter(|bin| bin.impressions > 0);
    let used: Vec<(f64, u64, u64)> = used
        .map(|bin| (bin.from, bin.impressions, bin.observed))
        .collect();
    assert_eq!(used, [(0.316, 1, 0), (0.562, 1, 1)]);
}
