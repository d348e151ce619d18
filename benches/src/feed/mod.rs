//! How long a shopper waits for the feed of a node that knows many shoppers and items.

mod report;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use clap::Args;
use sampan_engine::{Node, config::NodeConfig};
use sampan_proto::v1;

use crate::{
    Outcome,
    events::traffic::{REGION, Traffic},
    latency::Latencies,
    million::arriving,
    run_folder::{RunFolder, write_json},
};

/// Time in which a node must have indexed what it was given.
const SETTLED_WITHIN: Duration = Duration::from_secs(3_600);
/// Time in which it must have learnt a model, where one is waited for.
const LEARNT_WITHIN: Duration = Duration::from_secs(3_600);
/// Events a call.
const BATCH: u64 = 1_000;
/// Seconds of pages before those that count.
const WARM_UP: Duration = Duration::from_secs(5);

/// What to measure.
#[derive(Args)]
pub struct FeedOptions {
    /// Shoppers.
    #[arg(long, default_value_t = 100_000)]
    pub users: u64,
    /// Items of the node.
    #[arg(long, default_value_t = 1_000_000)]
    pub items: u64,
    /// Events of all shoppers together before the first page.
    #[arg(long, default_value_t = 2_000_000)]
    pub events: u64,
    /// First pages a second that are asked for, whether or not the ones before have come.
    #[arg(long, default_value_t = 300)]
    pub rate: u32,
    /// Seconds of pages.
    #[arg(long, default_value_t = 30)]
    pub seconds: u64,
    /// Wait until the node has learnt a model from the events.
    #[arg(long)]
    pub model: bool,
    /// Folder of the node. Kept, and a node that is there is not filled again. Default: a temporary one.
    #[arg(long)]
    pub folder: Option<PathBuf>,
    /// File that the figures are also written to, as JSON.
    #[arg(long)]
    pub json: Option<PathBuf>,
}

/// Everything a run found out.
pub struct Run {
    pub users: u64,
    pub items: u64,
    pub events: u64,
    pub rate: u32,
    /// Whether a learnt model served.
    pub model: bool,
    /// From the moment a page was due to its end.
    pub pages: Latencies,
    /// By stage, as the answers tell.
    pub stages: BTreeMap<String, Latencies>,
    pub cards: u64,
}

/// Measures, writes the table, and the figures as JSON where that is asked for.
pub fn run(options: &FeedOptions) -> Outcome<String> {
    let folder = RunFolder::open(options.folder.as_deref())?;
    let node = Node::open(&NodeConfig::new(folder.path().join("node")))?;
    let run = fill(options, &node).and_then(|()| measure(options, &node));
    node.close();
    let run = run?;
    write_json(options.json.as_deref(), &report::json(&run))?;
    Ok(report::tables(&run))
}

/// Puts items and events into a node that has none.
fn fill(options: &FeedOptions, node: &Node) -> Outcome<()> {
    let traffic = Traffic::new(options.users, options.items);
    if node.status()?.items == 0 {
        traffic.stock(node, SETTLED_WITHIN)?;
        for first in (0..options.events).step_by(BATCH as usize) {
            let numbers = first..(first + BATCH).min(options.events);
            node.record_events(numbers.map(|number| traffic.event(number)).collect())?;
        }
    }
    let written = node.status()?.sequence_written;
    if !node.wait_visible(written, SETTLED_WITHIN) {
        return Err("the node did not index in time".into());
    }
    let begun = Instant::now();
    while options.model && !has_model(node)? {
        if begun.elapsed() > LEARNT_WITHIN {
            return Err("the node did not learn a model in time".into());
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    Ok(())
}

fn has_model(node: &Node) -> Outcome<bool> {
    let model = node.status()?.feed_model;
    Ok(model.is_some_and(|model| !model.origin.is_empty()))
}

fn measure(options: &FeedOptions, node: &Node) -> Outcome<Run> {
    let (stages, cards) = (Mutex::new(BTreeMap::new()), Mutex::new(0u64));
    let ask = |place: usize| -> Outcome<()> {
        let page = node.feed(&request(options.users, place as u64))?;
        let mut stages = stages.lock().unwrap_or_else(PoisonError::into_inner);
        for timing in page.timings {
            let known = match stages.entry(timing.stage) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(new) => new.insert(Latencies::new()?),
            };
            known.add(Duration::from_micros(timing.micros))?;
        }
        *cards.lock().unwrap_or_else(PoisonError::into_inner) += page.cards.len() as u64;
        Ok(())
    };
    let for_a_while = |time: Duration| {
        let until = Instant::now() + time;
        arriving::each_when_due(options.rate, &|_| Instant::now() < until, &ask)
    };
    for_a_while(WARM_UP)?;
    stages
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clear();
    *cards.lock().unwrap_or_else(PoisonError::into_inner) = 0;
    let pages = for_a_while(Duration::from_secs(options.seconds))?;
    Ok(Run {
        users: options.users,
        items: options.items,
        events: options.events,
        rate: options.rate,
        model: has_model(node)?,
        pages: Latencies::of(pages)?,
        stages: stages.into_inner().unwrap_or_else(PoisonError::into_inner),
        cards: cards.into_inner().unwrap_or_else(PoisonError::into_inner),
    })
}

/// The first page of one shopper after another, far apart in the order of their numbers.
fn request(users: u64, place: u64) -> v1::GetFeedRequest {
    /// Prime, so that all shoppers come before any comes again.
    const STRIDE: u64 = 48_271;
    v1::GetFeedRequest {
        region: REGION.to_owned(),
        user: Some(v1::UserContext {
            user_id: format!("user-{}", place * STRIDE % users),
            ..Default::default()
        }),
        ..Default::default()
    }
}
