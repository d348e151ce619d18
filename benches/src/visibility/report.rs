//! A run as tables, and as JSON.

use std::time::Duration;

use serde_json::{Value, json};

use super::Run;
use crate::{
    latency::{Latencies, readable},
    machine,
    table::{Table, grouped},
};

/// All tables of a run.
pub fn tables(run: &Run) -> String {
    let mut changes = Table::new([
        "change",
        "times",
        "acknowledged p50",
        "seen p50",
        "seen p99",
    ]);
    for change in &run.changes {
        changes.row([
            change.name.to_owned(),
            grouped(change.seen.len()),
            readable(change.acknowledged.quantile(0.5)),
            readable(change.seen.quantile(0.5)),
            readable(change.seen.quantile(0.99)),
        ]);
    }
    let mut queries = Table::new(["queries", "answered", "p50", "p99", "p99.9"]);
    for (name, times) in [
        ("alone", &run.quiet),
        ("beside changes", &run.beside_changes),
    ] {
        let cells = [name.to_owned(), grouped(times.len())];
        queries.row(cells.into_iter().chain(times.cells()));
    }
    format!(
        "{}, {} items, {} queries a second\n\n{changes}\nThe category has {} items; {} ms from a change that was seen to \
         the next.\n\n{queries}\nBeside changes: {:.2} times the p50, {:.2} times the p99.\n",
        machine::describe(),
        grouped(run.items),
        run.rate,
        grouped(run.category_items as u64),
        run.pause.as_millis(),
        ratio(run, 0.5),
        ratio(run, 0.99),
    )
}

/// The figures of a run; times in milliseconds.
pub fn json(run: &Run) -> Value {
    let changes = run.changes.iter().map(|change| {
        json!({
            "change": change.name,
            "acknowledged": times(&change.acknowledged),
            "seen": times(&change.seen),
        })
    });
    json!({
        "machine": machine::describe(),
        "items": run.items,
        "queries_per_second": run.rate,
        "pause_ms": run.pause.as_millis() as u64,
        "category_items": run.category_items,
        "changes": changes.collect::<Vec<_>>(),
        "queries_alone": times(&run.quiet),
        "queries_beside_changes": times(&run.beside_changes),
        "p99_ratio": ratio(run, 0.99),
    })
}

fn times(latencies: &Latencies) -> Value {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| milliseconds(latencies.quantile(share)));
    json!({ "count": latencies.len(), "p50_ms": p50, "p99_ms": p99, "p99_9_ms": p999 })
}

/// A quantile beside changes over that of queries alone.
fn ratio(run: &Run, share: f64) -> f64 {
    let seconds = |latencies: &Latencies| latencies.quantile(share).as_secs_f64();
    seconds(&run.beside_changes) / seconds(&run.quiet)
}
