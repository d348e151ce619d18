//! Typed sounds and wrong layouts: what was meant is found, and Latin text is left alone. How often is measured by `sampan eval
//! typed`, and held in tools/tests/eval_text.rs.

use std::collections::HashSet;
use std::sync::LazyLock;

use sampan_analyzers::{Analyzer, CatalogVocabulary, DictionaryFiles, RULES, Understood};

static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::build(&DictionaryFiles::embedded()).expect("sound dictionaries"));

fn understand(text: &str, region: &str) -> Understood {
    ANALYZER.understand(text, region, &HashSet::new())
}

/// Targets of the sound edits, with their rules.
fn heard(plan: &Understood) -> Vec<(&str, &str)> {
    let edits = plan.edits.iter();
    edits
        .filter(|edit| edit.rule.starts_with("sound."))
        .map(|edit| (edit.rule, edit.target.as_str()))
        .collect()
}

#[test]
fn what_was_typed_stays_the_first_alternative() {
    let plan = understand("syut3gwai6", "hk");
    assert_eq!(heard(&plan)[0], ("sound.jyutping", "雪櫃"));
    let unit = &plan.units[0];
    assert_eq!(unit.source, 0..10);
    let typed = &unit.alternatives[0];
    assert_eq!(
        (typed.text.as_str(), typed.weight, typed.edit),
        ("syut3gwai6", 1.0, None)
    );
    assert!(
        plan.typed
            .iter()
            .any(|term| term.term.ends_with("syut3gwai6"))
    );
    let meant = &unit.alternatives[1];
    assert_eq!(meant.text, "雪櫃");
    assert!(meant.required.contains(&"雪櫃".to_owned()));
    assert!(meant.terms.iter().any(|term| term.term == "雪櫃"));
    assert!(meant.weight < 1.0);
    // What other regions call it is found as well.
    assert!(unit.alternatives.iter().any(|other| other.text == "冰箱"));
}

#[test]
fn several_spaced_words_are_one_unit() {
    let plan = understand("sony mbsm dslc 白色", "hk");
    let sources: Vec<_> = plan.units.iter().map(|unit| unit.source.clone()).collect();
    assert!(sources.contains(&(5..14)), "{sources:?}");
}

#[test]
fn every_way_to_type_has_its_rule_and_can_be_switched_off() {
    let ways = [
        ("syut3 gwai6", "hk", "sound.jyutping", "雪櫃"),
        ("xiyiji", "cn", "sound.pinyin", "洗衣機"),
        ("xǐyījī", "cn", "sound.pinyin", "洗衣機"),
        ("xi衣机", "cn", "sound.pinyin", "洗衣機"),
        ("x衣機", "tw", "sound.pinyin", "洗衣機"),
        ("ㄒㄧˇ ㄧ ㄐㄧ", "tw", "sound.zhuyin", "洗衣機"),
        ("vu3u ru", "tw", "sound.zhuyin_keys", "洗衣機"),
        ("su3cl3", "tw", "sound.zhuyin_keys", "你好"),
        ("mbsmdslc", "hk", "sound.cangjie", "雪櫃"),
        ("mm1dc2", "hk", "sound.quick", "雪櫃"),
    ];
    for (text, region, rule, target) in ways {
        let plan = understand(text, region);
        assert_eq!(heard(&plan).first(), Some(&(rule, target)), "{text}");
        let disabled = HashSet::from([rule.to_owned()]);
        let without = ANALYZER.understand(text, region, &disabled);
        assert!(
            heard(&without).iter().all(|(other, _)| *other != rule),
            "{text}"
        );
        assert!(RULES.iter().any(|known| known.id == rule), "{rule}");
    }
}

#[test]
fn lazy_sounds_are_understood() {
    for (text, target) in [
        ("laai5zeon1", "奶樽"),
        ("syut3 gai6", "雪櫃"),
        ("au4 juk6", "牛肉"),
        ("fon4saai3", "防曬"),
    ] {
        let plan = understand(text, "hk");
        let heard = heard(&plan);
        assert_eq!(heard.first(), Some(&("sound.jyutping", target)), "{text}");
    }
    // What was said exactly goes before what may have been meant.
    let plan = understand("laai5 fan2", "hk");
    let targets: Vec<&str> = heard(&plan).iter().map(|(_, target)| *target).collect();
    assert_eq!(targets[..2], ["瀨粉", "奶粉"]);
}

#[test]
fn the_catalogue_adds_its_terms_and_its_latin_words() {
    let sounds = ANALYZER.sound_index([("維他奶", 1.0), ("出前一丁", 0.5)].into_iter());
    assert_eq!(sounds.len(), 2);
    let none = HashSet::new();
    let bare = understand("waitaanaai", "hk");
    assert!(heard(&bare).is_empty(), "{:?}", heard(&bare));
    let catalog = CatalogVocabulary {
        sounds: Some(&sounds),
        is_known_latin: &|_| false,
        ..CatalogVocabulary::NONE
    };
    let plan = ANALYZER.understand_in("waitaanaai", "hk", &none, catalog);
    assert_eq!(heard(&plan), [("sound.jyutping", "維他奶")]);
    let initials = ANALYZER.understand_in("cqyd", "cn", &none, catalog);
    assert_eq!(heard(&initials), [("sound.pinyin", "出前一丁")]);
    let is_known_latin = |word: &str| word == "waitaanaai";
    let catalog = CatalogVocabulary {
        sounds: Some(&sounds),
        is_known_latin: &is_known_latin,
        ..CatalogVocabulary::NONE
    };
    let plan = ANALYZER.understand_in("waitaanaai", "hk", &none, catalog);
    assert!(heard(&plan).is_empty());
}

#[test]
fn a_word_of_unknown_latin_text_is_no_sound() {
    assert!(heard(&understand("eu yan sang", "hk")).is_empty());
    let plan = understand("joeng saan", "hk");
    assert_eq!(heard(&plan)[0], ("sound.jyutping", "陽傘"));
    // Words with capitals are a name.
    assert!(heard(&understand("Joeng Saan", "hk")).is_empty());
    assert!(!heard(&understand("Joengsaan", "hk")).is_empty());
    assert!(!heard(&understand("Joeng4 Saan3", "hk")).is_empty());
}

#[test]
fn numbers_and_model_numbers_are_no_sounds() {
    for sound in ["su3cl3", "mm1dc2", "ba1le4"] {
        assert!(!heard(&understand(sound, "tw")).is_empty(), "{sound}");
        let model = sound.to_uppercase();
        assert!(heard(&understand(&model, "tw")).is_empty(), "{model}");
    }
    for number in ["20454", "g610 t7", "ipex 20454 20p"] {
        assert!(heard(&understand(number, "tw")).is_empty(), "{number}");
    }
}

#[test]
fn keys_for_suggestions_are_prefixed_by_what_is_typed() {
    let keys = ANALYZER.reading_keys("洗衣机");
    for key in ["saijigei", "sjg", "xiyiji", "xyj", "ㄒㄧㄧㄐㄧ", "ㄒㄧㄐ"] {
        assert!(keys.iter().any(|its| its.key == key), "{key}: {keys:?}");
    }
    for typed in ["sai2 ji", "xiyi", "xǐyī", "xyj", "ㄒㄧˇㄧ", "vu3u r"] {
        let prefixes = ANALYZER.typed_prefixes(typed);
        let is_prefix = |prefix: &String| keys.iter().any(|its| its.key.starts_with(prefix));
        assert!(prefixes.iter().any(is_prefix), "{typed}: {prefixes:?}");
    }
    assert!(ANALYZER.reading_keys("WH-1000XM5").is_empty());
    assert!(ANALYZER.typed_prefixes("洗衣").is_empty());
}
