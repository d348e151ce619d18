//! How often an item that is looked at is opened and ordered, learnt from the events of a log.
//!
//! An impression counts as much as its place is looked at ([`Examination`]), so that what was only shown low is not taken
//! for disliked. Rates are means of beta posteriors whose prior is the rate one level up, as the node's own
//! (`behaviour/response`): all, region, category there, the seller's goods of it, item. The node's are by impression,
//! wherever it was; multiplied by the chance of a look they would be discounted twice.
//!
//! An order belongs to a shopper and an item, and follows an impression (L→O) or a detail view (D→O) of the same within the
//! windows of `online/definitions`.

use std::collections::{HashMap, HashSet};

use sampan_proto::v1::{Event, EventKind};

use crate::evaluate::{examination::Examination, online::definitions};

/// Looks, or detail views, that a prior counts for.
const PRIOR: f64 = 50.0;

/// What an item is of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Goods {
    /// The whole path.
    pub category: Vec<String>,
    pub seller: String,
}

/// Chances, each 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rates {
    /// That one who looks opens it.
    pub detail: f64,
    /// That one who looks orders it.
    pub order: f64,
    /// That one who opened it orders it.
    pub order_of_detail: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    looks: f64,
    details: f64,
    orders: f64,
    orders_of_details: f64,
}

impl Counts {
    fn rates(&self, prior: Rates) -> Rates {
        let smoothed =
            |times: f64, of: f64, prior: f64| (times + PRIOR * prior) / (of.max(times) + PRIOR);
        Rates {
            detail: smoothed(self.details, self.looks, prior.detail),
            order: smoothed(self.orders, self.looks, prior.order),
            order_of_detail: smoothed(self.orders_of_details, self.details, prior.order_of_detail),
        }
    }

    fn plain(&self) -> Rates {
        let share = |times: f64, of: f64| if of > 0.0 { (times / of).min(1.0) } else { 0.0 };
        Rates {
            detail: share(self.details, self.looks),
            order: share(self.orders, self.looks),
            order_of_detail: share(self.orders_of_details, self.details),
        }
    }
}

/// A level of the back-off.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Level {
    All,
    Region(String),
    Category(String, Vec<String>),
    Seller(String, Goods),
    Item(String, String),
}

/// What a log taught.
#[derive(Debug, Default)]
pub struct LearntRates {
    counts: HashMap<Level, Counts>,
    /// Impressions, and orders and detail views that belong to one.
    pub impressions: usize,
    pub orders: usize,
    pub details: usize,
}

/// When each shopper had an item on a list, and opened it: seconds since 1970.
type Times<'e> = HashMap<(&'e str, &'e str), Vec<i64>>;

impl LearntRates {
    /// Learns from events. `goods`: what an item is of; items that it does not know teach their region alone.
    pub fn learn(
        events: &[Event],
        examination: &Examination,
        goods: &dyn Fn(&str) -> Option<Goods>,
    ) -> Self {
        let mut learnt = Self::default();
        let (mut shown, mut opened) = (Times::new(), Times::new());
        let mut told = HashSet::new();
        for event in events
            .iter()
            .filter(|event| event.kind() == EventKind::Impression)
        {
            shown
                .entry((shopper(event), &event.item_id))
                .or_default()
                .push(seconds(event));
            let is_first =
                event.request_id.is_empty() || told.insert((&event.request_id, &event.item_id));
            if is_first {
                // An impression that does not say where it was is taken for one that was looked at.
                let looks = event
                    .position
                    .map_or(1.0, |place| examination.at(place as usize));
                learnt.count(event, goods, |counts| counts.looks += looks);
                learnt.impressions += 1;
            }
        }
        let mut once = HashSet::new();
        for event in events
            .iter()
            .filter(|event| event.kind() == EventKind::Detail)
        {
            let key = (shopper(event), event.item_id.as_str());
            opened.entry(key).or_default().push(seconds(event));
            if once.insert((key, &event.request_id)) && shown.contains_key(&key) {
                learnt.count(event, goods, |counts| counts.details += 1.0);
                learnt.details += 1;
            }
        }
        let mut ordered = HashSet::new();
        for event in events
            .iter()
            .filter(|event| event.kind() == EventKind::Order)
        {
            let key = (shopper(event), event.item_id.as_str());
            let of_list = follows(
                &shown,
                key,
                seconds(event),
                definitions::LIST_TO_ORDER_WINDOW,
            );
            if !of_list || !ordered.insert(key) {
                continue;
            }
            let of_detail = follows(
                &opened,
                key,
                seconds(event),
                definitions::DETAIL_TO_ORDER_WINDOW,
            );
            learnt.orders += 1;
            learnt.count(event, goods, |counts| {
                counts.orders += 1.0;
                counts.orders_of_details += f64::from(u8::from(of_detail));
            });
        }
        learnt
    }

    fn count(
        &mut self,
        event: &Event,
        goods: &dyn Fn(&str) -> Option<Goods>,
        add: impl Fn(&mut Counts),
    ) {
        let levels = levels(&event.region, &event.item_id, goods(&event.item_id));
        for level in levels {
            add(self.counts.entry(level).or_default());
        }
    }

    /// The rates of an item for a region's shoppers.
    pub fn of(&self, region: &str, item: &str, goods: Option<Goods>) -> Rates {
        let levels = levels(region, item, goods);
        let all = self
            .counts
            .get(&levels[0])
            .copied()
            .unwrap_or_default()
            .plain();
        levels[1..].iter().fold(all, |prior, level| {
            self.counts
                .get(level)
                .copied()
                .unwrap_or_default()
                .rates(prior)
        })
    }
}

fn levels(region: &str, item: &str, goods: Option<Goods>) -> Vec<Level> {
    let region = region.to_owned();
    let mut levels = vec![Level::All, Level::Region(region.clone())];
    if let Some(goods) = goods {
        levels.push(Level::Category(region.clone(), goods.category.clone()));
        levels.push(Level::Seller(region.clone(), goods));
        levels.push(Level::Item(region, item.to_owned()));
    }
    levels
}

fn follows(times: &Times<'_>, key: (&str, &str), then: i64, window: i64) -> bool {
    let before = times.get(&key).into_iter().flatten();
    before
        .into_iter()
        .any(|time| (0..=window).contains(&(then - time)))
}

/// The user, or the visit of one who is not known.
fn shopper(event: &Event) -> &str {
    match event.user_id.as_str() {
        "" => &event.session_id,
        user => user,
    }
}

fn seconds(event: &Event) -> i64 {
    event.time.as_ref().map_or(0, |time| time.seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind, user: &str, item: &str, place: u32, seconds: i64) -> Event {
        Event {
            kind: kind.into(),
            user_id: user.into(),
            item_id: item.into(),
            region: "hk".into(),
            position: Some(place),
            request_id: format!("{user}-{item}"),
            time: Some(sampan_proto::Timestamp { seconds, nanos: 0 }),
            ..Default::default()
        }
    }

    fn goods(item: &str) -> Option<Goods> {
        (item != "unknown").then(|| Goods {
            category: vec!["茶".into()],
            seller: "s".into(),
        })
    }

    /// 600 users are shown an item at a place; every tenth opens it, every twentieth orders it.
    fn log(item: &str, place: u32) -> Vec<Event> {
        let of_user = |number: usize| {
            let user = format!("u{number}");
            let mut events = vec![event(EventKind::Impression, &user, item, place, 100)];
            if number.is_multiple_of(10) {
                events.push(event(EventKind::Detail, &user, item, place, 110));
            }
            if number.is_multiple_of(20) {
                events.push(event(EventKind::Order, &user, item, place, 120));
                events.push(event(EventKind::Order, &user, item, place, 130));
            }
            events
        };
        (0..600).flat_map(of_user).collect()
    }

    #[test]
    fn a_low_place_counts_less_and_an_order_once() {
        let examination = Examination::logarithmic(10);
        let events = [log("high", 0), log("low", 2)].concat();
        let learnt = LearntRates::learn(&events, &examination, &goods);
        assert_eq!(
            (learnt.impressions, learnt.details, learnt.orders),
            (1_200, 120, 60)
        );
        let (high, low) = (
            learnt.of("hk", "high", goods("high")),
            learnt.of("hk", "low", goods("low")),
        );
        // Half as many looks for as many orders: nearly twice the rate.
        assert!(
            (low.order / high.order - 2.0).abs() < 0.15,
            "{high:?} {low:?}"
        );
        assert!(
            (high.order - 0.05).abs() < 0.005 && (high.detail - 0.1).abs() < 0.01,
            "{high:?}"
        );
        assert!((high.order_of_detail - 0.5).abs() < 0.01, "{high:?}");
        // Never shown: as its category.
        let new = learnt.of("hk", "new", goods("new"));
        assert!(new.order > high.order && new.order < low.order);
        assert_eq!(
            learnt.of("tw", "unknown", None),
            learnt.of("tw", "other", None)
        );
    }

    #[test]
    fn an_order_that_no_list_led_to_is_nobodys() {
        let late = 100 + definitions::LIST_TO_ORDER_WINDOW + 1;
        let events = [
            event(EventKind::Impression, "u", "a", 0, 100),
            event(EventKind::Order, "u", "a", 0, late),
            event(EventKind::Order, "v", "a", 0, 100),
            event(EventKind::Order, "u", "a", 0, 99),
        ];
        let learnt = LearntRates::learn(&events, &Examination::logarithmic(1), &goods);
        assert_eq!((learnt.orders, learnt.impressions), (0, 1));
        assert_eq!(learnt.of("hk", "a", goods("a")), Rates::default());
    }
}
