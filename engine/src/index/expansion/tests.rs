//! Mining with a tiny encoder.

use std::collections::HashSet;

use sampan_analyzers::{Analyzer, DictionaryFiles, ExpansionTable};
use sampan_proto::v1;

use super::{Goods, MinedExpansions, Miner, Thresholds, WordCounts};
use crate::encode::{Encoder, tests::synthetic};

/// Nothing is too far away.
const EVERYTHING: Thresholds = Thresholds {
    similarity_min: -1.0,
    goods_min: -1.0,
    neighbours_max: 8,
};

const TITLES: [&str; 6] = [
    "紅色鞋子",
    "檸檬梳打",
    "梳打餅乾",
    "運動鞋",
    "red shoe",
    "維他奶 豆奶",
];

fn mined(thresholds: Thresholds, is_name: &dyn Fn(&str) -> bool) -> MinedExpansions {
    let (_model, path) = synthetic::file();
    let encoder = Encoder::open(&path).unwrap();
    let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
    let mut counts = WordCounts::default();
    for title in TITLES {
        analyzer.index_tokens(title, &mut |token| counts.add_term(token.term, 1));
    }
    counts.add_asked("涼鞋", 3);
    let goods = |goods: &mut Goods<'_>| {
        for title in TITLES {
            let title = v1::Title {
                text: title.to_owned(),
                ..Default::default()
            };
            let vector = encoder.encode(&[&title.text]);
            let item = v1::Item {
                titles: vec![title],
                ..Default::default()
            };
            goods.add(&analyzer, &item, &vector);
        }
        Ok(())
    };
    let folder = tempfile::tempdir().unwrap();
    let miner = Miner {
        encoder: &encoder,
        analyzer: &analyzer,
        is_name,
        goods: &goods,
        thresholds,
        folder: folder.path(),
    };
    miner.mine(&counts, &mut |_, _, _| true).unwrap().unwrap()
}

#[test]
fn every_neighbour_is_another_word_of_the_catalogue_and_the_text_can_be_put() {
    let mined = mined(EVERYTHING, &|_| false);
    let table = ExpansionTable::parse("common/expansions.tsv", &mined.text()).unwrap();
    assert!(
        table.iter().any(|(word, _)| word == "涼鞋"),
        "what was asked"
    );
    assert_eq!(
        table.iter().map(|(_, near)| near.len()).sum::<usize>(),
        mined.neighbours()
    );
    for (word, near) in table.iter() {
        for neighbour in near {
            let text = neighbour.text.as_str();
            assert_ne!(text, "涼鞋", "no item has it");
            assert!(
                !text.contains(word) && !word.contains(text),
                "{word}: {text}"
            );
        }
    }
    let version = mined.text().lines().next().unwrap().to_owned();
    assert!(version.contains(mined.encoder()), "{version}");
}

#[test]
fn mining_again_gives_the_same_and_stricter_thresholds_give_less() {
    let all = mined(EVERYTHING, &|_| false);
    assert_eq!(mined(EVERYTHING, &|_| false).text(), all.text());
    let one = mined(
        Thresholds {
            neighbours_max: 1,
            ..EVERYTHING
        },
        &|_| false,
    );
    assert!(one.table().iter().all(|(_, near)| near.len() == 1));
    let none = mined(
        Thresholds {
            goods_min: 1.1,
            ..EVERYTHING
        },
        &|_| false,
    );
    assert!(none.table().is_empty());
    let header_only = ExpansionTable::parse("common/expansions.tsv", &none.text()).unwrap();
    assert!(header_only.is_empty());
}

#[test]
fn a_brand_is_near_nothing() {
    let words = |mined: &MinedExpansions| -> HashSet<String> {
        let rows = mined.table().iter();
        let words = rows.flat_map(|(word, near)| {
            let near = near.iter().map(|neighbour| neighbour.text.clone());
            near.chain([word.to_owned()]).collect::<Vec<_>>()
        });
        words.collect()
    };
    let open = words(&mined(EVERYTHING, &|_| false));
    assert!(open.contains("shoe"), "{open:?}");
    let closed = words(&mined(EVERYTHING, &|word| word == "shoe"));
    assert!(!closed.is_empty() && !closed.contains("shoe"));
}
