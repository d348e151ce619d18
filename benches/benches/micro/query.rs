//! Understanding queries and marking what they matched.

use std::{collections::HashSet, hint::black_box};

use criterion::Criterion;

use crate::catalogue::{Catalogue, REGION};

/// A plain word, a spoken wish, a Simplified one of several words, a model number, and a whole title.
const QUERIES: [&str; 5] = [
    "雪櫃",
    "想搵部平靚正嘅雪櫃",
    "夏季女装连衣裙 显瘦",
    "WH-1000XM5 耳機",
    "北歐風實木餐桌 小戶型可伸縮摺疊 4人 白色 送貨上門",
];

pub fn benches(criterion: &mut Criterion) {
    let catalogue = Catalogue::new().expect("a catalogue");
    let all_rules = HashSet::new();
    for query in QUERIES {
        criterion.bench_function(&format!("understand {query}"), |bencher| {
            bencher.iter(|| {
                catalogue
                    .analyzer
                    .understand(black_box(query), REGION, &all_rules)
            });
        });
    }
    let understood = catalogue
        .analyzer
        .understand(QUERIES[2], REGION, &all_rules);
    let titles = catalogue
        .items
        .iter()
        .flat_map(|item| &item.titles)
        .map(|title| &title.text);
    let mut titles = titles.cycle();
    criterion.bench_function("highlight a title", |bencher| {
        bencher.iter(|| {
            catalogue
                .analyzer
                .highlight(titles.next().map_or("", |t| t), &understood)
        });
    });
}
