//! Micro-benchmarks of the steps of an answer: `cargo bench -p sampan-benches --bench micro`.

mod catalogue;
mod columns;
mod page;
mod pools;
mod query;
mod rank;
mod trees;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    micro,
    query::benches,
    rank::benches,
    page::benches,
    columns::benches,
    pools::benches,
    trees::benches
);
criterion_main!(micro);
