//! A run as tables.

use std::{fmt::Write as _, time::Duration};

use super::{Run, import::Imported, queries::PEER_LIMITS};
use crate::{
    latency::{Latencies, readable},
    machine,
    memory::Resident,
    table::{Table, grouped, megabytes},
};

/// All tables of a run.
pub fn tables(run: &Run) -> String {
    let mut text = format!("{}, {} items\n\n", machine::describe(), grouped(run.items));
    if let Some(imported) = &run.imported {
        text += &import(imported, run.peer_items, run.peer_indexing);
    }
    let _ = write!(text, "{}\n{}\n{}", memory(run), disk(run), queries(run));
    text
}

fn rate(items: u64, time: Duration) -> String {
    grouped((items as f64 / time.as_secs_f64()) as u64)
}

fn import(imported: &Imported, peer_items: u64, peer_indexing: Duration) -> String {
    let mut table = Table::new(["import", "items/s", "time"]);
    let mut row = |name: &str, items, time| {
        table.row([name.to_owned(), rate(items, time), readable(time)]);
    };
    row(
        "on disk and acknowledged",
        imported.items,
        imported.acknowledged,
    );
    row("seen by search", imported.items, imported.visible);
    row("plain tantivy, tokens given", peer_items, peer_indexing);
    let [middle, high, highest] = imported.batches.cells();
    format!(
        "{table}\nA batch of 1,000 is acknowledged after {middle} (p50), {high} (p99), {highest} (p99.9).\n\n"
    )
}

fn memory(run: &Run) -> Table {
    let residence = &run.residence;
    let mut table = Table::new(["resident memory", "heap", "mapped files", "heap an item"]);
    let mut row = |name: &str, resident: Resident, items: u64| {
        let an_item = match items {
            0 => "–".to_owned(),
            items => format!("{:.0} B", resident.anonymous as f64 / items as f64),
        };
        let cells = [
            name.to_owned(),
            megabytes(resident.anonymous),
            megabytes(resident.mapped),
        ];
        table.row(cells.into_iter().chain([an_item]));
    };
    row("node without items", residence.empty, 0);
    if run.imported.is_some() {
        row(
            "on top after the import",
            residence.full.since(residence.empty),
            run.items,
        );
    }
    row(
        "of which columns (built again alone)",
        residence.columns,
        run.items,
    );
    row("on top after the queries", residence.queries, run.items);
    let reopened = run.reopened.resident;
    row("node opened again, all of it", reopened, run.items);
    table
}

fn disk(run: &Run) -> String {
    let mut table = Table::new(["on disk", "bytes", "an item"]);
    let mut row = |name: &str, bytes: u64| {
        let an_item = format!("{:.0} B", bytes as f64 / run.items as f64);
        table.row([name.to_owned(), megabytes(bytes), an_item]);
    };
    for (part, bytes) in &run.disk {
        row(part, *bytes);
    }
    row("plain tantivy", run.peer_disk);
    format!(
        "{table}\nOpened again in {}. Lexical segments: {} (plain tantivy {}).\n",
        readable(run.reopened.opening),
        run.status.segments.len(),
        run.peer_segments,
    )
}

fn queries(run: &Run) -> String {
    let one = &run.one_by_one;
    let mut table = Table::new(["queries", "p50", "p99", "p99.9"]);
    let mut row = |name: &str, latencies: &Latencies| {
        table.row([name.to_owned()].into_iter().chain(latencies.cells()));
    };
    row("search", &one.best.wall);
    for (stage, latencies) in &one.stages {
        row(&format!("– {stage}"), latencies);
    }
    for (limit, cost) in PEER_LIMITS.iter().zip(&one.peer) {
        row(&format!("plain tantivy, top {limit}"), &cost.wall);
    }
    row("search, processor time", &one.best.processor);
    for (limit, cost) in PEER_LIMITS.iter().zip(&one.peer) {
        row(
            &format!("plain tantivy, top {limit}, processor time"),
            &cost.processor,
        );
    }
    row("search, first pass", &one.first);
    row("search, first pass of two threads", &run.two_threads.node);
    let arriving = &run.arriving;
    row(
        &format!("search, {} arriving a second", arriving.rate),
        &arriving.answered,
    );
    format!(
        "{table}\n{} queries, {} without a hit; each query's best pass where nothing else is said. Two threads answer {} \
         queries/s; of those that arrive at {} a second, {:.0} a second are.\n",
        grouped(one.first.len()),
        grouped(one.without_hits as u64),
        grouped(run.two_threads.queries_per_second as u64),
        arriving.rate,
        arriving.answered_per_second,
    )
}
