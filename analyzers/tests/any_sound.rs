//! Whatever is typed: nothing panics, and every edit and unit lies on character boundaries of the text.

use std::collections::HashSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use sampan_analyzers::rewrite::CONCEPT_KIND;
use sampan_analyzers::{Analyzer, CatalogVocabulary, DictionaryFiles, SoundIndex};

static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::build(&DictionaryFiles::embedded()).expect("sound dictionaries"));
static CATALOG: LazyLock<SoundIndex> = LazyLock::new(|| {
    ANALYZER.sound_index([("維他奶", 1.0), ("", 1.0), ("!", 0.0), ("USB線", f32::NAN)].into_iter())
});

/// Letters, tones, zhuyin, keys, characters and gaps, so that sounds are common.
const TYPED: &str = "([a-z]{1,7}[1-6]?|[ㄅ-ㄩ]{1,3}[ˊˇˋ˙]?|[a-z0-9,./;-]{1,6}|[\u{4E00}-\u{9FFF}]{1,2}|[āǐüＡ℃ ']|\\PC){0,10}";

fn check(text: &str, region: &str) -> Result<(), TestCaseError> {
    let catalog = CatalogVocabulary {
        sounds: Some(&CATALOG),
        is_known_latin: &|_| false,
        ..CatalogVocabulary::NONE
    };
    let plan = ANALYZER.understand_in(text, region, &HashSet::new(), catalog);
    let mut last = 0..0;
    for unit in &plan.units {
        prop_assert!(text.get(unit.source.clone()).is_some(), "{:?}", unit.source);
        // Several may come from one character: ¼.
        let ascends = unit.source.start >= last.start && unit.source.end >= last.end;
        prop_assert!(ascends, "{last:?} before {:?}", unit.source);
        last = unit.source.clone();
        prop_assert!(!unit.alternatives.is_empty());
        let rule = |edit: usize| plan.edits.get(edit).map(|edit| edit.rule);
        let is_kind = |edit: Option<usize>| edit.and_then(rule) == Some(CONCEPT_KIND);
        let others = unit.alternatives.iter().filter(|a| !is_kind(a.edit));
        prop_assert!(others.count() <= sampan_analyzers::MAX_ALTERNATIVES);
        prop_assert!(unit.alternatives[0].edit.is_none());
        for alternative in &unit.alternatives {
            prop_assert!(!alternative.required.is_empty());
            prop_assert!(alternative.weight > 0.0 && alternative.weight <= 1.0);
            prop_assert!(alternative.edit.is_none_or(|edit| edit < plan.edits.len()));
        }
    }
    for edit in &plan.edits {
        prop_assert!(text.get(edit.source.clone()).is_some(), "{edit:?}");
        prop_assert!(edit.weight > 0.0 && edit.weight <= 1.0);
    }
    ANALYZER.reading_keys(text);
    ANALYZER.typed_prefixes(text);
    Ok(())
}

/// Every region, and one that there is not.
fn regions() -> impl Strategy<Value = String> {
    let known = DictionaryFiles::embedded().regions().into_iter();
    prop::sample::select(known.chain(["nowhere".to_owned()]).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn typed_text_is_understood(text in TYPED, region in regions()) {
        check(&text, &region)?;
    }

    #[test]
    fn any_text_is_understood(text in "\\PC{0,80}|[\\x00-\\x7F]{0,80}", region in regions()) {
        check(&text, &region)?;
    }
}
