//! A constructed log over the built-in demo catalogue, and a plan for it, to try a simulation on. Shoppers are invented: who
//! they are, what they ask and what they like is drawn, the same in every run.
//!
//! Half of the lists were shuffled before their first ten were shown, and every impression says how likely it was to stand
//! where it stood, so that the log can also be asked what a plan would have earned.

use std::{collections::HashMap, fmt::Write as _, fs, path::Path};

use anyhow::Context as _;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use sampan_engine::{Node, base::ship::ShipMode};
use sampan_proto::{
    Timestamp,
    v1::{Event, EventKind, Item},
};

use super::{
    replay::{Replay, Setup, Shown},
    visits::{Asked, Visit},
};
use crate::{evaluate::examination::Examination, terminal::json};

/// Regions that shoppers are from, one after another.
const REGIONS: [&str; 3] = ["hk", "tw", "hk"];
/// Kinds of goods that are asked for.
const QUERIES: usize = 24;
/// Hits that are shuffled, and those that are shown.
const DRAWN: usize = 15;
const SHOWN: usize = 10;
/// Every so many visits one is of the feed.
const FEED_EVERY: u32 = 10;
/// Share of the lists that are shuffled.
const SHUFFLED: f64 = 0.5;
/// Any number; the same in every run.
const SEED: u64 = 20_261_123;
/// When the first visit is: 2026-11-01, UTC. A visit is a minute after the one before.
const START: i64 = 1_793_491_200;
const MINUTE: i64 = 60;

/// The plan that is written beside the log.
pub const PLAN: &str = "\
# Direct mail up, local goods down, in Hong Kong; the boosts together stay within the margin.
name = \"direct mail before local\"

[numbers.hk]
\"boosts.direct_mail\" = 0.08
\"boosts.local\" = 0.0

[checklist]
max_zero_results_rise = 0.0
max_barred = 0
max_refused = 0
max_freight_rise = 0.10
min_orders_rise = -0.05
min_exposure.direct_mail = 0.30
";

/// Writes `log.jsonl` and `plan.toml` into a folder that is not there yet. `items`: what the node sells.
///
/// # Errors
/// The folder is there, or cannot be written.
pub fn write(folder: &Path, node: &Node, items: &[Item], visits: u32) -> anyhow::Result<()> {
    let place = || folder.display().to_string();
    fs::create_dir(folder).with_context(place)?;
    let mut log = String::new();
    for event in events(node, items, visits) {
        let _ = writeln!(log, "{}", json::value("Event", &event)?);
    }
    fs::write(folder.join("log.jsonl"), log).with_context(place)?;
    fs::write(folder.join("plan.toml"), PLAN).with_context(place)
}

/// The events of so many visits.
pub fn events(node: &Node, items: &[Item], visits: u32) -> Vec<Event> {
    let mut random = StdRng::seed_from_u64(SEED);
    let queries = queries(items);
    let setup = Setup {
        depth: DRAWN,
        currency: String::new(),
    };
    let looks = Examination::logarithmic(SHOWN);
    let mut answers: HashMap<(Asked, String, String), Vec<Shown>> = HashMap::new();
    let mut events = Vec::new();
    for number in 0..visits {
        let region = REGIONS[number as usize % REGIONS.len()];
        // The square makes some queries far more frequent than others.
        let drawn = random.random::<f64>().powi(2) * queries.len() as f64;
        // A feed is somebody's; a search from one region brings everybody the same here.
        let (asked, user) = match number % FEED_EVERY {
            0 => (Asked::Feed, shopper(number)),
            _ => (
                Asked::Search(queries[drawn as usize].to_owned()),
                String::new(),
            ),
        };
        let visit = Visit {
            asked,
            region: region.to_owned(),
            user,
            session: String::new(),
            times: 1,
            requests: Vec::new(),
        };
        let key = (
            visit.asked.clone(),
            visit.region.clone(),
            visit.user.clone(),
        );
        let list = answers.entry(key).or_insert_with(|| {
            let replay = Replay::of(node, std::slice::from_ref(&visit), &setup, || {});
            replay
                .answers
                .into_iter()
                .flatten()
                .next()
                .unwrap_or_default()
        });
        draw(number, &visit, list, &looks, &mut random, &mut events);
    }
    events
}

fn shopper(number: u32) -> String {
    format!("shopper-{number}")
}

/// Kinds of goods by a hash of their names: last levels of category paths.
fn queries(items: &[Item]) -> Vec<&str> {
    let mut kinds: Vec<&str> = items
        .iter()
        .filter_map(|item| item.category_path.last())
        .map(String::as_str)
        .collect();
    kinds.sort_by_cached_key(|kind| {
        (
            *blake3::hash(kind.as_bytes()).as_bytes(),
            (*kind).to_owned(),
        )
    });
    kinds.dedup();
    kinds.truncate(QUERIES);
    kinds
}

/// What one shopper is shown and does.
fn draw(
    number: u32,
    visit: &Visit,
    list: &[Shown],
    looks: &Examination,
    random: &mut StdRng,
    events: &mut Vec<Event>,
) {
    let mut order: Vec<usize> = (0..list.len()).collect();
    if random.random::<f64>() < SHUFFLED {
        order.shuffle(random);
    }
    for (place, of) in order.into_iter().take(SHOWN).enumerate() {
        let kept = if of == place { 1.0 - SHUFFLED } else { 0.0 };
        let propensity = kept + SHUFFLED / list.len() as f64;
        let shown = &list[of];
        let event = |kind, after| event(number, visit, (kind, after), (shown, place, propensity));
        events.push(event(EventKind::Impression, 0));
        if random.random::<f64>() < looks.at(place) * appeal(shown) {
            events.extend([event(EventKind::Click, 5), event(EventKind::Detail, 6)]);
            let is_ordered = random.random::<f64>() < ORDERED;
            events.extend(is_ordered.then(|| event(EventKind::Order, 30)));
        }
    }
}

/// An event so many seconds after a visit began.
fn event(
    number: u32,
    visit: &Visit,
    (kind, after): (EventKind, i64),
    (shown, place, propensity): (&Shown, usize, f64),
) -> Event {
    let seconds = START + i64::from(number) * MINUTE + after;
    Event {
        event_id: format!("{number}-{place}-{}", kind as i32),
        kind: kind.into(),
        user_id: shopper(number),
        item_id: shown.item.clone(),
        region: visit.region.clone(),
        time: Some(Timestamp { seconds, nanos: 0 }),
        request_id: format!("visit-{number}"),
        position: Some(place as u32),
        propensity: (kind == EventKind::Impression).then_some(propensity),
        query: match &visit.asked {
            Asked::Search(text) => text.clone(),
            Asked::Feed => String::new(),
        },
        ..Event::default()
    }
}

/// Share of those who open an item that order it.
const ORDERED: f64 = 0.25;

/// How likely one who looks opens an item: by a hash of its id, and half as much again where it is local.
fn appeal(shown: &Shown) -> f64 {
    let hash = blake3::hash(shown.item.as_bytes());
    let own = 0.05 + 0.3 * f64::from(hash.as_bytes()[0]) / 255.0;
    match shown.ways.contains(&ShipMode::Local) {
        true => own * 1.5,
        false => own,
    }
}
