//! A made-up shop: goods of four rooms, and shoppers who mostly stay in one.

use crate::{
    base::clock::DAY_SECONDS,
    recommend::{History, ItemIndex, Taken, Visit, factors::seeded::mixed},
};

/// Items a room.
pub const ROOM: u32 = 20;
/// All items.
pub const ITEMS: usize = 4 * ROOM as usize;

/// A number below `end` that depends on the others.
pub fn draw(seed: u64, place: u64, end: u32) -> u32 {
    (mixed(mixed(seed) ^ place) % u64::from(end)) as u32
}

pub fn taken(item: ItemIndex) -> Taken {
    Taken {
        item,
        strength: 1.0,
    }
}

/// A shopper of a room: each visit brings the room's staple, its first item, and two others of the room in order.
pub fn shopper(number: u64, visits: u64) -> History {
    let room = (number % 4) as u32;
    let first = draw(1, number, ROOM - 1);
    let visit = |visit: u64| {
        let next =
            |step: u64| room * ROOM + 1 + (first + 2 * visit as u32 + step as u32) % (ROOM - 1);
        Visit {
            seconds: visit as i64 * 7 * DAY_SECONDS,
            taken: [room * ROOM, next(0), next(1)].map(taken).to_vec(),
        }
    };
    (0..visits).map(visit).collect()
}

/// Many shoppers of five visits.
pub fn shoppers(count: u64) -> Vec<History> {
    (0..count).map(|number| shopper(number, 5)).collect()
}
