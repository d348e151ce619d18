//! Queries against the node and against plain tantivy, turn by turn in the same passes.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use cpu_time::ThreadTime;
use sampan_engine::Node;
use sampan_proto::v1;

use super::plain_tantivy::{self, PlainTantivy};
use crate::{Outcome, latency::Latencies};

/// Region whose shopper asks.
const REGION: &str = "hk";
/// What the peer is asked for: a page, and what the node's recall brings to ranking.
pub const PEER_LIMITS: [usize; 2] = [10, 500];

/// Times of one query at a time.
pub struct OneByOne {
    /// Whole answers in the first pass, and processor time of the thread that gave them.
    pub first: Latencies,
    /// Whole answers, each query's best pass.
    pub best: Cost,
    /// The stages of an answer, in its order: each query's best.
    pub stages: Vec<(String, Latencies)>,
    /// Plain tantivy, each query's best pass, by [`PEER_LIMITS`].
    pub peer: [Cost; 2],
    /// Queries that found nothing.
    pub without_hits: usize,
}

/// Times of the same calls on the wall and on the processor. The second is what they cost, whoever else is there.
pub struct Cost {
    pub wall: Latencies,
    pub processor: Latencies,
}

/// Times of two threads that ask at once.
pub struct TwoThreads {
    pub node: Latencies,
    pub queries_per_second: f64,
}

/// Wall and processor time of one call.
#[derive(Clone, Copy)]
struct Taken {
    wall: Duration,
    processor: Duration,
}

impl Taken {
    const FOREVER: Self = Self {
        wall: Duration::MAX,
        processor: Duration::MAX,
    };

    fn by<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Self)> {
        let (wall, processor) = (Instant::now(), ThreadTime::try_now()?);
        let done = work()?;
        let taken = Self {
            processor: processor.try_elapsed()?,
            wall: wall.elapsed(),
        };
        Ok((done, taken))
    }

    fn or_better(&mut self, other: Self) {
        self.wall = self.wall.min(other.wall);
        self.processor = self.processor.min(other.processor);
    }
}

/// The best of one query over all passes.
#[derive(Clone)]
struct Best {
    node: Taken,
    stages: Vec<(String, Duration)>,
    peer: [Taken; 2],
}

impl Best {
    const NONE: Self = Self {
        node: Taken::FOREVER,
        stages: Vec::new(),
        peer: [Taken::FOREVER; 2],
    };

    fn take_stages(&mut self, answer: &v1::SearchResponse) {
        let times = answer
            .timings
            .iter()
            .map(|timing| Duration::from_micros(timing.micros));
        if self.stages.is_empty() {
            let names = answer.timings.iter().map(|timing| timing.stage.clone());
            self.stages = names.zip(times).collect();
        } else {
            for ((_, best), time) in self.stages.iter_mut().zip(times) {
                *best = time.min(*best);
            }
        }
    }
}

/// Asks every query once a pass. A query's best pass counts for most figures: others share the machine, and what they
/// cost is not the node's.
pub fn one_by_one(
    node: &Node,
    peer: &PlainTantivy,
    queries: &[String],
    passes: usize,
) -> Outcome<OneByOne> {
    let analyzer = node.generation().analyzer.clone();
    let understand = |query: &String| analyzer.understand(query, REGION, &HashSet::new());
    let terms: Vec<BTreeSet<String>> = queries
        .iter()
        .map(|query| plain_tantivy::terms(&understand(query)))
        .collect();
    let mut best = vec![Best::NONE; queries.len()];
    let mut first = Latencies::new()?;
    let mut without_hits = 0;
    for pass in 0..passes {
        for (query, best) in queries.iter().zip(&mut best) {
            let (answer, taken) = Taken::by(|| Ok(node.search(&request(query))?))?;
            if pass == 0 {
                first.add(taken.wall)?;
                without_hits += usize::from(answer.hits.is_empty());
            }
            best.node.or_better(taken);
            best.take_stages(&answer);
        }
        for (place, limit) in PEER_LIMITS.into_iter().enumerate() {
            for (terms, best) in terms.iter().zip(&mut best) {
                let (_, taken) = Taken::by(|| peer.search(terms, limit))?;
                best.peer[place].or_better(taken);
            }
        }
    }
    Ok(OneByOne {
        first,
        best: cost(best.iter().map(|best| best.node))?,
        stages: by_stage(&best)?,
        peer: [
            cost(best.iter().map(|best| best.peer[0]))?,
            cost(best.iter().map(|best| best.peer[1]))?,
        ],
        without_hits,
    })
}

fn cost(taken: impl Iterator<Item = Taken> + Clone) -> Outcome<Cost> {
    Ok(Cost {
        wall: Latencies::of(taken.clone().map(|taken| taken.wall))?,
        processor: Latencies::of(taken.map(|taken| taken.processor))?,
    })
}

/// Asks every query once, two at a time.
pub fn two_threads(node: &Node, queries: &[String]) -> Outcome<TwoThreads> {
    let next = AtomicUsize::new(0);
    let ask = || -> Outcome<Vec<Duration>> {
        let mut times = Vec::new();
        while let Some(query) = queries.get(next.fetch_add(1, Ordering::Relaxed)) {
            let start = Instant::now();
            node.search(&request(query))?;
            times.push(start.elapsed());
        }
        Ok(times)
    };
    let start = Instant::now();
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(ask);
        (ask(), other.join())
    });
    let wall = start.elapsed();
    let mut times = one?;
    times.extend(other.map_err(|_| "a searching thread panicked")??);
    Ok(TwoThreads {
        queries_per_second: times.len() as f64 / wall.as_secs_f64(),
        node: Latencies::of(times)?,
    })
}

pub(super) fn request(query: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        text: query.to_owned(),
        region: REGION.to_owned(),
        ..Default::default()
    }
}

fn by_stage(best: &[Best]) -> Outcome<Vec<(String, Latencies)>> {
    let mut order: Vec<&str> = Vec::new();
    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for (stage, time) in best.iter().flat_map(|best| &best.stages) {
        if !order.contains(&stage.as_str()) {
            order.push(stage);
        }
        times.entry(stage).or_default().push(*time);
    }
    order
        .into_iter()
        .map(|stage| {
            Ok((
                stage.to_owned(),
                Latencies::of(times.remove(stage).unwrap_or_default())?,
            ))
        })
        .collect()
}
