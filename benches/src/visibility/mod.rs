//! How soon a change is seen by search in a node full of items that is asked at a steady rate, and what changes cost the
//! queries beside them.

mod changes;
mod probes;
mod report;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use clap::Args;
use sampan_engine::{Node, config::NodeConfig};

use crate::{
    Outcome,
    latency::Latencies,
    million::{self, arriving, items},
    run_folder::{RunFolder, write_json},
};
use changes::Change;
use probes::Probes;

/// Queries arrive for this long before anything is measured, so that caches hold what they hold in a running shop.
const WARM_UP: Duration = Duration::from_secs(5);

/// What to measure.
#[derive(Args)]
pub struct VisibilityOptions {
    /// Items of the node.
    #[arg(long, default_value_t = 1_000_000)]
    pub items: u64,
    /// Queries a second that arrive whether or not the ones before have been answered.
    #[arg(long, default_value_t = 200)]
    pub rate: u32,
    /// Changes of each kind a round, one after another.
    #[arg(long, default_value_t = 20)]
    pub changes: usize,
    /// Times that queries alone and queries beside changes take turns.
    #[arg(long, default_value_t = 5)]
    pub rounds: usize,
    /// Seconds of queries alone a round.
    #[arg(long, default_value_t = 20)]
    pub quiet_seconds: u64,
    /// Milliseconds from a change that was seen to the next one.
    #[arg(long, default_value_t = 200)]
    pub pause_ms: u64,
    /// Queries, one a line. Default: the beginnings of generated titles.
    #[arg(long)]
    pub query_log: Option<PathBuf>,
    /// Queries asked in turn, spread over the log.
    #[arg(long, default_value_t = 10_000)]
    pub queries: usize,
    /// Folder of the node. Kept, and a node that is there is not imported again. Default: a temporary one.
    #[arg(long)]
    pub folder: Option<PathBuf>,
    /// File that the figures are also written to, as JSON.
    #[arg(long)]
    pub json: Option<PathBuf>,
}

/// Everything a run found out.
pub struct Run {
    pub items: u64,
    pub rate: u32,
    pub pause: Duration,
    /// In the order of [`Change::ALL`].
    pub changes: Vec<Seen>,
    /// Queries alone, from the moment each was due.
    pub quiet: Latencies,
    /// Queries beside changes, likewise.
    pub beside_changes: Latencies,
    /// Items that the restriction on a category takes away or gives back.
    pub category_items: usize,
}

/// Times of one kind of change.
pub struct Seen {
    pub name: &'static str,
    /// From the call to its acknowledgement.
    pub acknowledged: Latencies,
    /// From the call to the first answer of search that shows it.
    pub seen: Latencies,
}

/// Measures, writes the table, and the figures as JSON where that is asked for.
pub fn run(options: &VisibilityOptions) -> Outcome<String> {
    let run = measure(options)?;
    write_json(options.json.as_deref(), &report::json(&run))?;
    Ok(report::tables(&run))
}

/// Measures.
pub fn measure(options: &VisibilityOptions) -> Outcome<Run> {
    let run_folder = RunFolder::open(options.folder.as_deref())?;
    let folder = run_folder.path();
    let node = Node::open(&NodeConfig::new(folder.join("node")))?;
    let file = folder.join("items");
    if !file.exists() {
        items::write(&node.generation().analyzer, options.items, &file)?;
    }
    million::fill(&node, &file, options.items)?;
    let queries = million::read_queries(options.query_log.as_deref(), options.queries, &file)?;
    let probes = Probes::put(&node)?;
    million::settle(&node)?;
    let measured = take_turns(options, &node, &queries, &probes);
    // A kept folder is left as it was found, whatever happened.
    probes.remove(&node)?;
    node.close();
    measured
}

fn take_turns(
    options: &VisibilityOptions,
    node: &Node,
    queries: &[String],
    probes: &Probes,
) -> Outcome<Run> {
    let pause = Duration::from_millis(options.pause_ms);
    let mut run = Run {
        items: options.items,
        rate: options.rate,
        pause,
        changes: Vec::new(),
        quiet: Latencies::new()?,
        beside_changes: Latencies::new()?,
        category_items: probes.category_items,
    };
    for change in Change::ALL {
        run.changes.push(Seen {
            name: change.name(),
            acknowledged: Latencies::new()?,
            seen: Latencies::new()?,
        });
    }
    ask_for(node, queries, options.rate, WARM_UP)?;
    for round in 0..options.rounds {
        let quiet = Duration::from_secs(options.quiet_seconds);
        run.quiet
            .add_all(&ask_for(node, queries, options.rate, quiet)?)?;
        let done = AtomicBool::new(false);
        let beside = std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                let goes_on = |_| !done.load(Ordering::Relaxed);
                arriving::ask_while(node, queries, options.rate, &goes_on)
            });
            let numbers = round * options.changes..(round + 1) * options.changes;
            let changed = make_changes(node, probes, numbers, pause, &mut run.changes);
            done.store(true, Ordering::Relaxed);
            let asked = asking.join().map_err(|_| "the asking thread panicked")?;
            changed.and(asked)
        })?;
        run.beside_changes.add_all(&beside.answered)?;
    }
    Ok(run)
}

/// Queries alone, for a while.
fn ask_for(node: &Node, queries: &[String], rate: u32, time: Duration) -> Outcome<Latencies> {
    let until = Instant::now() + time;
    let asked = arriving::ask_while(node, queries, rate, &|_| Instant::now() < until)?;
    Ok(asked.answered)
}

/// Changes of all kinds, kind after kind, each when the one before has been seen.
fn make_changes(
    node: &Node,
    probes: &Probes,
    numbers: std::ops::Range<usize>,
    pause: Duration,
    times: &mut [Seen],
) -> Outcome<()> {
    for number in numbers {
        for (change, times) in Change::ALL.into_iter().zip(&mut *times) {
            for step in change.steps() {
                let start = Instant::now();
                change.make(node, probes, number, *step)?;
                times.acknowledged.add(start.elapsed())?;
                let seen = change.wait_until_seen(node, number, *step, start)?;
                times.seen.add(seen)?;
                std::thread::sleep(pause);
            }
        }
    }
    Ok(())
}
