//! Pools kept up to date item by item, and made of all items at once.

use criterion::{BatchSize, Criterion};
use sampan_engine::{
    config::{Configuration, DictionarySource},
    index::columns::ColumnsWriter,
};

use crate::catalogue::Catalogue;

/// Pools, each of them in every region.
const POOLS: usize = 100;
/// Items changed at a time: a batch of writes.
const TOUCHED: u32 = 1_000;

/// Pools by price and stock, by list, and one in ten out of others.
fn configuration() -> Configuration {
    let pool = |number: usize| match number % 10 {
        0 if number > 0 => format!("union = [\"p{}\", \"p{}\"]", number - 1, number - 2),
        1..=4 => {
            let ids: Vec<String> = (0..number).map(|id| format!("listed-{id}")).collect();
            format!("item = {ids:?}")
        }
        _ => format!(
            "price_max = {}\ncurrency = \"HKD\"\nin_stock = true",
            number * 10 + 1
        ),
    };
    let pools =
        (0..POOLS).map(|number| format!("[[pool]]\nid = \"p{number}\"\n{}\n", pool(number)));
    let mut files = DictionarySource::Embedded.load().expect("dictionaries");
    files
        .0
        .insert("common/pools.toml".to_owned(), pools.collect());
    Configuration::read(files.into()).expect("a configuration")
}

pub fn benches(criterion: &mut Criterion) {
    let catalogue = Catalogue::new().expect("a catalogue");
    let key = |text: &str| catalogue.analyzer.fold_key(text);
    let pooled = configuration();
    let stocked = || {
        let mut writer = ColumnsWriter::default();
        for (ordinal, item) in (0..).zip(&catalogue.items) {
            writer.set(ordinal, item, &pooled, &catalogue.analyzer);
        }
        writer
    };
    criterion.bench_function("100 pools of all regions over 5,000 items", |bencher| {
        bencher.iter_batched(
            stocked,
            |mut writer| {
                writer.apply_pools(&pooled, &[], true, &key);
                writer.publish(0)
            },
            BatchSize::LargeInput,
        );
    });
    let mut writer = stocked();
    writer.apply_pools(&pooled, &[], true, &key);
    let touched: Vec<u32> = (0..TOUCHED).collect();
    criterion.bench_function("judge 1,000 items for 100 pools and publish", |bencher| {
        bencher.iter(|| {
            // Every item leaves what it was in, or joins it again.
            let held = writer.publish(0);
            for ordinal in &touched {
                writer.remove(*ordinal);
            }
            writer.apply_pools(&pooled, &touched, false, &key);
            let between = writer.publish(0);
            for ordinal in &touched {
                let item = &catalogue.items[*ordinal as usize];
                writer.set(*ordinal, item, &pooled, &catalogue.analyzer);
            }
            writer.apply_pools(&pooled, &touched, false, &key);
            (held, between, writer.publish(0))
        });
    });
}
