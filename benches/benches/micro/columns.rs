//! Updating the columns while queries hold the snapshot before: the touched chunks are copied.

use criterion::Criterion;
use sampan_engine::{base::clock, index::columns::ColumnsWriter};

use crate::catalogue::Catalogue;

/// Items updated at a time: a batch of writes.
const UPDATED: usize = 1_000;

pub fn benches(criterion: &mut Criterion) {
    let catalogue = Catalogue::new().expect("a catalogue");
    let key = |text: &str| catalogue.analyzer.fold_key(text);
    let mut writer = ColumnsWriter::default();
    for (ordinal, item) in (0..).zip(&catalogue.items) {
        writer.set(ordinal, item, &catalogue.configuration, &catalogue.analyzer);
    }
    let now = clock::now_seconds();
    writer.apply_policy(&catalogue.configuration, &[], true, now, &key);
    // Spread over the catalogue, so that every chunk is touched.
    let stride = catalogue.items.len() / UPDATED;
    let touched: Vec<u32> = (0..UPDATED).map(|place| (place * stride) as u32).collect();
    criterion.bench_function("update columns of 1,000 items and publish", |bencher| {
        bencher.iter(|| {
            // Held as a query holds it, so that touched chunks cannot be changed in place.
            let held = writer.snapshot();
            for ordinal in &touched {
                let item = &catalogue.items[*ordinal as usize];
                writer.set(
                    *ordinal,
                    item,
                    &catalogue.configuration,
                    &catalogue.analyzer,
                );
            }
            writer.apply_policy(&catalogue.configuration, &touched, false, now, &key);
            (held, writer.snapshot())
        });
    });
}
