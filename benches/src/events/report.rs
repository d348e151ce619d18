//! A run as a table, and as JSON.

use std::time::Duration;

use serde_json::{Value, json};

use super::Run;
use crate::{
    latency::{Latencies, readable},
    machine,
    table::{Table, grouped},
};

/// The table of a run.
pub fn tables(run: &Run) -> String {
    let mut times = Table::new(["", "times", "p50", "p99", "p99.9"]);
    for (name, latencies) in named(run) {
        let cells = [name.to_owned(), grouped(latencies.len())];
        times.row(cells.into_iter().chain(latencies.cells()));
    }
    format!(
        "{}, {} users, {} items, requests of {} events{}\n\n{} events acknowledged in {:.1} s: {} a second; indexed {} \
         after the last\n\n{times}",
        machine::describe(),
        grouped(run.users),
        grouped(run.items),
        run.batch,
        match run.rate {
            0 => String::new(),
            rate => format!(", {} a second", grouped(rate)),
        },
        grouped(run.events),
        run.took.as_secs_f64(),
        grouped(per_second(run) as u64),
        readable(run.behind),
    )
}

/// The figures of a run; times in milliseconds.
pub fn json(run: &Run) -> Value {
    let times = named(run).map(|(name, latencies)| {
        let [p50, p99] = [0.5, 0.99].map(|share| milliseconds(latencies.quantile(share)));
        json!({ "what": name, "count": latencies.len(), "p50_ms": p50, "p99_ms": p99 })
    });
    json!({
        "machine": machine::describe(),
        "users": run.users,
        "items": run.items,
        "rate": run.rate,
        "batch": run.batch,
        "events": run.events,
        "events_per_second": per_second(run),
        "behind_ms": milliseconds(run.behind),
        "times": times,
    })
}

fn named(run: &Run) -> [(&'static str, &Latencies); 4] {
    [
        ("a request is acknowledged", &run.acknowledged),
        ("the feed follows a click", &run.click),
        ("the feed follows a dislike", &run.dislike),
        ("GetFeed meanwhile", &run.feed),
    ]
}

fn per_second(run: &Run) -> f64 {
    run.events as f64 / run.took.as_secs_f64()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
