//! Whatever is typed, in every region: understood, widened, corrected, highlighted and suggested for without a panic, and
//! everything that the answer points at lies on character boundaries.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use sampan_analyzers::{CatalogVocabulary, Edit, Understood};
use sampan_fuzz::{ANALYZER, REGIONS, catalog, two_texts};

fuzz_target!(|bytes: &[u8]| {
    let (query, title) = two_texts(bytes);
    for region in REGIONS.iter() {
        for catalog in [catalog(), CatalogVocabulary::NONE] {
            let mut plan = ANALYZER.understand_in(&query, region, &HashSet::new(), catalog);
            check(&query, &plan);
            let marked = ANALYZER.highlight(&title, &plan);
            let mut last_end = None;
            for range in marked {
                assert!(
                    title
                        .get(range.clone())
                        .is_some_and(|text| !text.is_empty())
                );
                assert!(last_end.is_none_or(|end| end < range.start));
                last_end = Some(range.end);
            }
            ANALYZER.widen(&mut plan, region, &HashSet::new());
            check(&query, &plan);
        }
    }
    let key = ANALYZER.fold_key(&query);
    assert_eq!(ANALYZER.fold_key(&key), key);
    ANALYZER.reading_keys(&query);
    ANALYZER.typed_prefixes(&query);
});

fn check(query: &str, plan: &Understood) {
    let is_in_place = |edit: &Edit| query.get(edit.source.clone()).is_some();
    assert!(plan.units.len() <= sampan_analyzers::MAX_UNITS);
    for unit in plan.units.iter().chain(&plan.excluded) {
        assert!(query.get(unit.source.clone()).is_some(), "{unit:?}");
        assert!(unit.alternatives[0].edit.is_none(), "{unit:?}");
        for alternative in &unit.alternatives {
            assert!(!alternative.required.is_empty(), "{unit:?}");
            assert!(alternative.edit.is_none_or(|edit| edit < plan.edits.len()));
        }
    }
    assert!(plan.edits.iter().all(is_in_place), "{:?}", plan.edits);
    assert!(plan.corrections.len() <= 3);
    for meant in &plan.corrections {
        assert!(!meant.edits.is_empty() && meant.text != query);
        assert!(meant.edits.iter().all(is_in_place), "{meant:?}");
    }
}
