//! An experiment whose truth is known: users of different eagerness before and after its start, in two arms.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::events::{ExperimentEvent, Kind};

/// When it begins, seconds since 1970: 2026-01-15.
pub const START: i64 = 1_768_435_200;
/// Its arms.
pub const ARMS: [&str; 2] = ["control", "treatment"];

const DAY: i64 = 86_400;
/// Days before and after the start.
const DAYS: i64 = 14;
/// Lists that the least and the most eager user look at in that time.
const LISTS: [f64; 2] = [1.0, 40.0];
const ITEMS: u32 = 500;
const PLACES: u32 = 6;

/// Chance that what was shown is clicked, read, ordered, and paid, each of the one before.
const CLICKED: f64 = 0.12;
const READ: f64 = 0.7;
const ORDERED: f64 = 0.15;
const PAID: f64 = 0.9;

/// Events of `users`, half in each arm by chance. `lift`: by how much of itself the treatment's chance of an order is
/// higher. The same for the same `seed`.
pub fn events(users: u32, lift: f64, seed: u64) -> Vec<ExperimentEvent> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut events = Vec::new();
    for user in 0..users {
        let arm = usize::from(random.random::<bool>());
        // Few users do most.
        let eager: f64 = random.random::<f64>().powi(3);
        let taste: f64 = random.random_range(0.3..1.7);
        let ship_to = if random.random::<f64>() < 0.7 {
            "hk"
        } else {
            "us"
        };
        let lists = LISTS[0] + eager * (LISTS[1] - LISTS[0]);
        for period in [START - DAYS * DAY, START] {
            let count = (lists * random.random_range(0.5..1.5)).ceil() as u32;
            for list in 0..count {
                let time = period + random.random_range(0..DAYS * DAY);
                let lift = if arm == 1 && period == START {
                    lift
                } else {
                    0.0
                };
                let template = ExperimentEvent {
                    user: format!("u{user}"),
                    kind: Kind::Impression,
                    time,
                    item: String::new(),
                    arm: ARMS[arm].to_owned(),
                    request: format!("{user}-{period}-{list}"),
                    ship_to: ship_to.to_owned(),
                    team: String::new(),
                };
                visit(&template, taste, lift, &mut random, &mut events);
            }
        }
    }
    events
}

/// One list and what follows.
fn visit(
    list: &ExperimentEvent,
    taste: f64,
    lift: f64,
    random: &mut StdRng,
    events: &mut Vec<ExperimentEvent>,
) {
    for _ in 0..PLACES {
        let item = random.random_range(0..ITEMS).to_string();
        let steps = [
            (Kind::Impression, 0, 1.0),
            (Kind::Click, 20, CLICKED * taste),
            (Kind::Detail, 25, READ),
            (Kind::Order, 600, ORDERED * taste * (1.0 + lift)),
            (Kind::Pay, 900, PAID),
        ];
        for (kind, later, chance) in steps {
            if random.random::<f64>() >= chance {
                break;
            }
            let (time, item) = (list.time + later, item.clone());
            events.push(ExperimentEvent {
                kind,
                time,
                item,
                ..list.clone()
            });
        }
    }
}

/// The events as the lines that [`super::events::read`] reads.
pub fn lines(events: &[ExperimentEvent]) -> String {
    let line = |event: &ExperimentEvent| {
        let kind = format!("{:?}", event.kind).to_lowercase();
        let json = serde_json::json!({
            "user_id": event.user, "arm": event.arm, "kind": kind, "time": event.time,
            "item_id": event.item, "request_id": event.request, "ship_to": event.ship_to,
        });
        format!("{json}\n")
    };
    events.iter().map(line).collect()
}
