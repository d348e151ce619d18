//! Queries that arrive at a steady rate, whether or not the ones before have been answered.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use sampan_engine::Node;

use super::queries::request;
use crate::{Outcome, latency::Latencies};

/// Threads that answer: one a core of the machine that the figures are of.
const THREADS: usize = 2;

/// How long arriving queries wait for their answers.
pub struct Arriving {
    pub rate: u32,
    /// From the moment a query was due to the end of its answer: a query that had to wait for others shows it
    /// ("coordinated omission", Tene 2013).
    pub answered: Latencies,
    /// Queries a second that were answered.
    pub answered_per_second: f64,
}

/// Asks every query once, each when it is due.
pub fn ask(node: &Node, queries: &[String], rate: u32) -> Outcome<Arriving> {
    ask_while(node, queries, rate, &|place| place < queries.len())
}

/// Asks the queries in turn, again and again, each when it is due, until `goes_on` says no to a place in that order.
pub fn ask_while(
    node: &Node,
    queries: &[String],
    rate: u32,
    goes_on: &(dyn Fn(usize) -> bool + Sync),
) -> Outcome<Arriving> {
    let begun = Instant::now();
    let times = each_when_due(rate, goes_on, &|place| {
        node.search(&request(&queries[place % queries.len()]))?;
        Ok(())
    })?;
    Ok(Arriving {
        rate,
        answered_per_second: times.len() as f64 / begun.elapsed().as_secs_f64(),
        answered: Latencies::of(times)?,
    })
}

/// Makes calls at a rate, each when it is due, until `goes_on` says no to the place of one; gives the time from when each was
/// due to its end.
pub fn each_when_due(
    rate: u32,
    goes_on: &(dyn Fn(usize) -> bool + Sync),
    call: &(dyn Fn(usize) -> Outcome<()> + Sync),
) -> Outcome<Vec<Duration>> {
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let answer = || -> Outcome<Vec<Duration>> {
        let mut times = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if !goes_on(place) {
                return Ok(times);
            }
            let due = begun + Duration::from_secs_f64(place as f64 / f64::from(rate));
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            call(place)?;
            times.push(due.elapsed());
        }
    };
    let mut times = Vec::new();
    std::thread::scope(|scope| -> Outcome<()> {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(answer)).collect();
        for thread in threads {
            times.extend(thread.join().map_err(|_| "a calling thread panicked")??);
        }
        Ok(())
    })?;
    Ok(times)
}
