//! A run as tables, and as JSON.

use serde_json::{Value, json};

use super::Run;
use crate::{
    latency::Latencies,
    machine,
    table::{Table, grouped},
};

/// All tables of a run.
pub fn tables(run: &Run) -> String {
    let mut table = Table::new(["", "times", "p50", "p99", "p99.9"]);
    let mut row = |name: &str, times: &Latencies| {
        let cells = [name.to_owned(), grouped(times.len())];
        table.row(cells.into_iter().chain(times.cells()));
    };
    row("page, from when it was due", &run.pages);
    for (stage, times) in &run.stages {
        row(stage, times);
    }
    format!(
        "{}, {} items, {} shoppers, {} events, {} learnt model, {} pages a second\n\n{table}\n{} cards.\n",
        machine::describe(),
        grouped(run.items),
        grouped(run.users),
        grouped(run.events),
        if run.model { "a" } else { "no" },
        run.rate,
        grouped(run.cards),
    )
}

/// The figures of a run; times in milliseconds.
pub fn json(run: &Run) -> Value {
    let stages = run.stages.iter();
    let stages = stages.map(|(stage, latencies)| (stage.clone(), times(latencies)));
    json!({
        "machine": machine::describe(),
        "items": run.items,
        "users": run.users,
        "events": run.events,
        "model": run.model,
        "pages_per_second": run.rate,
        "pages": times(&run.pages),
        "stages": stages.collect::<serde_json::Map<_, _>>(),
        "cards": run.cards,
    })
}

fn times(latencies: &Latencies) -> Value {
    let milliseconds = |share| latencies.quantile(share).as_secs_f64() * 1e3;
    let [p50, p99, p999] = [0.5, 0.99, 0.999].map(milliseconds);
    json!({ "count": latencies.len(), "p50_ms": p50, "p99_ms": p99, "p99_9_ms": p999 })
}
