//! Implicit ALS on synthetic events: how long it takes, and how much memory.

use std::time::{Duration, Instant};

use clap::Args;
use sampan_engine::recommend::factors::{
    FactorOptions,
    seeded::even,
    train::{Observed, train},
};

use crate::{
    Outcome, machine, memory,
    table::{Table, grouped, megabytes},
};

/// What to measure.
#[derive(Args)]
pub struct FactorsOptions {
    /// Shoppers.
    #[arg(long, default_value_t = 1_000_000)]
    pub shoppers: u32,
    /// Events a shopper.
    #[arg(long, default_value_t = 10)]
    pub events: u32,
    /// Items; a hundredth of them gets a fifth of the events.
    #[arg(long, default_value_t = 100_000)]
    pub items: u32,
    /// Numbers a vector.
    #[arg(long, default_value_t = 64)]
    pub dimensions: usize,
    /// Passes over shoppers and items.
    #[arg(long, default_value_t = 10)]
    pub iterations: usize,
}

/// Measures, and writes the table.
pub fn run(options: &FactorsOptions) -> Outcome<String> {
    let observed = Observed::of_lists((0..options.shoppers).map(|shopper| taken(options, shopper)));
    let before = memory::peak();
    let factor_options = FactorOptions {
        dimensions: options.dimensions,
        iterations: options.iterations,
        ..FactorOptions::default()
    };
    let start = Instant::now();
    let mut progress = |done: usize, of: usize| {
        eprintln!(
            "{done} of {of} half passes, {:.0} s",
            start.elapsed().as_secs_f64()
        );
    };
    let trained = train(
        &observed,
        options.items as usize,
        &factor_options,
        &mut progress,
    );
    let time = start.elapsed();
    let (first, length) = (observed.list(0), 100);
    let fold_in = (0..length).map(|_| {
        let start = Instant::now();
        std::hint::black_box(trained.items.fold_in(first));
        start.elapsed()
    });
    let fold_in = fold_in.min().unwrap_or_default();
    Ok(format!(
        "{}\n\n{}",
        machine::describe(),
        table(options, time, fold_in, before)
    ))
}

/// Items of a shopper, each once; those of low numbers more often.
fn taken(options: &FactorsOptions, shopper: u32) -> Vec<(u32, f32)> {
    let draw = |event: u32| {
        let place = u64::from(shopper) << 32 | u64::from(event);
        let share = (even(1, place) + 1.0) / 2.0;
        (share.powi(3) * options.items as f32) as u32
    };
    let last = options.items.saturating_sub(1);
    let mut items: Vec<u32> = (0..options.events)
        .map(|event| draw(event).min(last))
        .collect();
    items.sort_unstable();
    items.dedup();
    items.into_iter().map(|item| (item, 1.0)).collect()
}

fn table(options: &FactorsOptions, time: Duration, fold_in: Duration, before: u64) -> Table {
    let mut table = Table::new(["", "figure"]);
    let mut row = |name: &str, figure: String| table.row([name.to_owned(), figure]);
    let events = u64::from(options.shoppers) * u64::from(options.events);
    row("events", grouped(events));
    row("shoppers", grouped(options.shoppers.into()));
    row("items", grouped(options.items.into()));
    row("numbers a vector", options.dimensions.to_string());
    row("passes", options.iterations.to_string());
    row("time", format!("{:.0} s", time.as_secs_f64()));
    row("most memory of the process", megabytes(memory::peak()));
    row("of which the events", megabytes(before));
    row(
        "fold-in of a shopper",
        format!("{:.0} µs", fold_in.as_secs_f64() * 1e6),
    );
    table
}
