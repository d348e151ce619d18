//! What shoppers do: few items get most of it, and most of it is looking.

use std::time::Duration;

use sampan_engine::Node;
use sampan_proto::v1::{self, EventKind};

use crate::Outcome;

/// Region of all events.
pub const REGION: &str = "hk";
/// Items a request.
const STOCKED_AT_A_TIME: u64 = 1_000;
/// The first items are left to those who measure.
const LEFT_ALONE: u64 = 2;
/// Of a thousand events.
const KINDS: [(u64, EventKind); 6] = [
    (700, EventKind::Impression),
    (900, EventKind::Click),
    (940, EventKind::Detail),
    (970, EventKind::Cart),
    (990, EventKind::Order),
    (1_000, EventKind::Dislike),
];
/// One event in so many follows a query.
const QUERIED_ONE_IN: u64 = 5;
const QUERIES: u64 = 5_000;

/// Events of many shoppers on many items.
pub struct Traffic {
    users: u64,
    items: u64,
}

impl Traffic {
    pub fn new(users: u64, items: u64) -> Self {
        let items = items.max(2 * LEFT_ALONE);
        Self { users, items }
    }

    /// Puts the items into a node.
    pub fn stock(&self, node: &Node, within: Duration) -> Outcome<()> {
        let mut sequence = 0;
        for first in (0..self.items).step_by(STOCKED_AT_A_TIME as usize) {
            let numbers = first..(first + STOCKED_AT_A_TIME).min(self.items);
            sequence = node.upsert(numbers.map(item).collect())?.sequence;
        }
        match node.wait_visible(sequence, within) {
            true => Ok(()),
            false => Err("the items were not indexed in time".into()),
        }
    }

    /// The event of a number, always the same but for its time, which is that of its arrival.
    pub fn event(&self, number: u64) -> v1::Event {
        let mut dice = Dice(number);
        let kind = dice.below(1_000);
        let kind = KINDS.iter().find(|(below, _)| kind < *below);
        // Of a million items the first tenth gets half of the events.
        let share = dice.below(1 << 20) as f64 / f64::from(1 << 20);
        let items = self.items - LEFT_ALONE;
        let item = LEFT_ALONE + ((share.powi(3) * items as f64) as u64).min(items - 1);
        let is_queried = dice.below(QUERIED_ONE_IN) == 0;
        v1::Event {
            event_id: format!("e{number}"),
            kind: kind.map_or(EventKind::Click, |(_, kind)| *kind).into(),
            user_id: format!("user-{}", dice.below(self.users)),
            session_id: format!("visit-{}", dice.below(self.users)),
            item_id: item_id(item),
            region: REGION.to_owned(),
            query: match is_queried {
                true => format!("貨品 {}", dice.below(QUERIES)),
                false => String::new(),
            },
            position: Some(dice.below(40) as u32),
            ..Default::default()
        }
    }
}

pub fn item_id(number: u64) -> String {
    format!("item-{number}")
}

fn item(number: u64) -> v1::Item {
    let created = 1_735_689_600 + number as i64;
    v1::Item {
        id: item_id(number),
        titles: vec![v1::Title {
            text: format!("貨品 {number} 號 陶瓷杯"),
            language: String::new(),
        }],
        seller: format!("seller-{}", number % 1_000),
        category_path: vec![
            format!("第{}區", number % 20),
            format!("第{}架", number % 400),
        ],
        created: Some(sampan_proto::Timestamp {
            seconds: created,
            nanos: 0,
        }),
        offers: vec![v1::Offer {
            region: REGION.to_owned(),
            price: Some(v1::Money {
                minor: 1_000 + (number % 500) as i64 * 100,
                currency: "HKD".to_owned(),
            }),
            ship_modes: vec![v1::ShipMode::Local.into()],
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }
}
