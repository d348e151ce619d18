//! Typing mistakes are corrected by what a catalogue holds: the demo catalogue. How often is measured by `sampan eval spell`, and
//! held in tools/tests/eval_text.rs.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use sampan_analyzers::{
    Analyzer, CatalogVocabulary, Correction, DictionaryFiles, SpellVocabulary,
    SpellVocabularyBuilder, Understood,
};

static SHOP: LazyLock<Shop> = LazyLock::new(Shop::open);

struct Shop {
    analyzer: Analyzer,
    vocabulary: SpellVocabulary,
}

impl Shop {
    fn open() -> Self {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).expect("dictionaries");
        let titles = demo_titles();
        let vocabulary = count(&analyzer, titles.iter().map(String::as_str));
        Self {
            analyzer,
            vocabulary,
        }
    }

    fn understand_without(&self, text: &str, disabled: &[&str]) -> Understood {
        let disabled: HashSet<String> = disabled.iter().map(|rule| (*rule).to_owned()).collect();
        understand(&self.analyzer, &self.vocabulary, text, &disabled)
    }

    fn corrections(&self, text: &str) -> Vec<Correction> {
        self.understand_without(text, &[]).corrections
    }

    fn first(&self, text: &str) -> Option<Correction> {
        self.corrections(text).into_iter().next()
    }
}

fn understand(
    analyzer: &Analyzer,
    vocabulary: &SpellVocabulary,
    text: &str,
    disabled: &HashSet<String>,
) -> Understood {
    let catalog = CatalogVocabulary {
        spelling: Some(vocabulary),
        ..CatalogVocabulary::NONE
    };
    analyzer.understand_in(text, "hk", disabled, catalog)
}

fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn demo_titles() -> Vec<String> {
    let folder = std::fs::read_dir(repository("tools/demo")).expect("the demo catalogue");
    let mut titles = Vec::new();
    for entry in folder {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "tsv") {
            let table = std::fs::read_to_string(path).expect("a table");
            let rows = table.lines().skip(1);
            titles.extend(rows.filter_map(|row| Some(row.split('\t').nth(1)?.to_owned())));
        }
    }
    titles
}

fn count<'t>(analyzer: &Analyzer, titles: impl Iterator<Item = &'t str>) -> SpellVocabulary {
    let mut items: BTreeMap<String, u32> = BTreeMap::new();
    let mut total = 0;
    let titles: Vec<&str> = titles.collect();
    for title in &titles {
        let mut terms = HashSet::new();
        analyzer.index_tokens(title, &mut |token| {
            terms.insert(token.term.to_owned());
        });
        for term in terms {
            *items.entry(term).or_default() += 1;
        }
        total += 1;
    }
    let mut builder = analyzer.spell_vocabulary(total);
    for title in titles {
        builder.add_titles(std::iter::once(title));
    }
    for (term, items) in &items {
        builder.add_term(term, *items);
    }
    builder.build()
}

#[test]
fn each_kind_of_mistake_is_corrected_under_its_own_rule() {
    for (typed, right, rule) in [
        ("洗衣基", "洗衣機", "spell.homophone"),
        ("洗衣鸡", "洗衣机", "spell.homophone"),
        ("連衣裾", "連衣裙", "spell.look_alike"),
        ("洗衣衣機", "洗衣機", "spell.doubled"),
        ("微爐", "微波爐", "spell.missing"),
        ("洗機衣", "洗衣機", "spell.swapped"),
        ("blutooth", "bluetooth", "spell.latin"),
    ] {
        let meant = SHOP.first(typed);
        let meant = meant.unwrap_or_else(|| panic!("{typed} is not corrected"));
        assert_eq!(meant.text, right, "{typed}");
        assert_eq!(meant.edits[0].rule, rule, "{typed}");
        let others = SHOP.understand_without(typed, &[rule]).corrections;
        let has_rule = |meant: &Correction| meant.edits.iter().any(|edit| edit.rule == rule);
        assert!(!others.iter().any(has_rule), "{typed} without {rule}");
    }
}

#[test]
fn what_is_sure_stands_beside_what_was_typed() {
    let plan = SHOP.understand_without("平 洗衣基", &[]);
    let meant = &plan.corrections[0];
    assert!(meant.applied);
    assert_eq!(meant.text, "平 洗衣機");
    let unit = plan.units.last().expect("a word");
    assert_eq!(unit.alternatives[0].text, "洗衣基");
    assert_eq!(unit.alternatives[0].edit, None);
    let corrected = &unit.alternatives[1];
    assert_eq!(corrected.text, "洗衣機");
    let edit = &plan.edits[corrected.edit.expect("an edit")];
    assert_eq!(edit.rule, "spell.homophone");
    assert_eq!(&plan.text[edit.source.clone()], "洗衣基");
    assert!(edit.weight > 0.0 && edit.weight < 1.0);
}

#[test]
fn a_correction_keeps_the_script_and_the_rest_of_the_query() {
    for (typed, right) in [
        ("家用洗衣鸡", "家用洗衣机"),
        ("家用洗衣基", "家用洗衣機"),
        ("IKEA 洗衣基, 8KG", "IKEA 洗衣機, 8KG"),
    ] {
        let meant = SHOP.first(typed);
        assert_eq!(
            meant.map(|meant| meant.text).as_deref(),
            Some(right),
            "{typed}"
        );
    }
}

#[test]
fn what_is_sold_or_a_model_is_left_alone() {
    for text in [
        "洗衣機",
        "面膜",
        "手機殼",
        "iphone14",
        "wh-1000xm5",
        "a2",
        "sony",
        "muji",
        "奶",
        "",
    ] {
        assert_eq!(SHOP.corrections(text), [], "{text}");
    }
}

#[test]
fn without_a_catalogue_nothing_is_corrected() {
    let plan = SHOP.analyzer.understand("洗衣基", "hk", &HashSet::new());
    assert_eq!(plan.corrections, []);
}

#[test]
fn a_mistake_that_shoppers_repeat_becomes_no_word() {
    let analyzer = &SHOP.analyzer;
    let titles = ["三合一即溶咖啡", "黑咖啡粉", "掛耳咖啡", "咖啡豆"];
    let mut builder = analyzer.spell_vocabulary(400);
    for title in titles {
        analyzer.index_tokens(title, &mut |token| builder.add_term(token.term, 100));
    }
    for query in ["珈琲豆", "咖菲豆"] {
        ask(&mut builder, query, 12);
    }
    let vocabulary = builder.build();
    let plan = understand(analyzer, &vocabulary, "咖菲豆", &HashSet::new());
    assert_eq!(plan.corrections[0].text, "咖啡豆");
}

#[test]
fn what_several_queries_say_is_meant_though_no_title_has_it() {
    let queries = ["自動麻雀枱", "麻雀枱布", "二手麻雀枱"];
    let first = |asked: &[&str], typed: &str| {
        let mut builder = SHOP.analyzer.spell_vocabulary(400);
        SHOP.analyzer.index_tokens("黑咖啡粉", &mut |token| {
            builder.add_term(token.term, 400)
        });
        asked.iter().for_each(|query| ask(&mut builder, query, 4));
        let vocabulary = builder.build();
        let plan = understand(&SHOP.analyzer, &vocabulary, typed, &HashSet::new());
        plan.corrections.first().map(|meant| meant.text.clone())
    };
    assert_eq!(first(&queries, "麻着枱").as_deref(), Some("麻雀枱"));
    assert_eq!(first(&queries, "麻雀枱"), None);
    assert_eq!(first(&queries[..2], "麻着枱"), None);
}

fn ask(builder: &mut SpellVocabularyBuilder<'_>, query: &str, items: u32) {
    let mut terms = HashSet::new();
    SHOP.analyzer.index_tokens(query, &mut |token| {
        terms.insert(token.term.to_owned());
    });
    builder.add_query(query, terms.iter().map(String::as_str), items);
}

/// Three characters in a row tell what stood between two, and where a run ends tells which way round two belong.
#[test]
fn what_titles_hold_in_a_row_decides_between_mistakes() {
    let titles = [
        "減鹽醬油",
        "減鹽醬油",
        "減鹽頭抽",
        "蜜糖醬油雞",
        "鹽焗雞",
        "宝马 车垫",
        "宝马",
        "罗马宝石",
    ];
    let repeated: Vec<&str> = titles.into_iter().cycle().take(titles.len() * 5).collect();
    let vocabulary = count(&SHOP.analyzer, repeated.into_iter());
    let first = |typed: &str| {
        let plan = understand(&SHOP.analyzer, &vocabulary, typed, &HashSet::new());
        plan.corrections.first().map(|meant| meant.text.clone())
    };
    assert_eq!(first("減醬油").as_deref(), Some("減鹽醬油"));
    assert_eq!(first("马宝 车垫").as_deref(), Some("宝马 车垫"));
    for sold in ["減鹽醬油", "鹽焗雞", "宝石", "宝马"] {
        assert_eq!(first(sold), None, "{sold}");
    }
}

/// What follows a number is known by it, though it stands alone; so is nothing that stands alone without one.
#[test]
fn a_character_behind_a_number_is_corrected_by_what_titles_have_there() {
    let titles = ["黑椒汁 230克", "肉醬 420克", "燕麥片 1000克", "濕紙巾 80片"];
    let repeated: Vec<&str> = titles.into_iter().cycle().take(200).collect();
    let vocabulary = count(&SHOP.analyzer, repeated.into_iter());
    let first = |typed: &str| {
        let plan = understand(&SHOP.analyzer, &vocabulary, typed, &HashSet::new());
        plan.corrections.first().map(|meant| meant.text.clone())
    };
    assert_eq!(first("黑椒汁 420刻").as_deref(), Some("黑椒汁 420克"));
    for clean in ["黑椒汁 420克", "黑椒汁 刻", "肉醬 80片"] {
        assert_eq!(first(clean), None, "{clean}");
    }
}

/// Pairs that one title has are not all doubted because one other pair is a mistake.
#[test]
fn a_mistake_among_pairs_that_hardly_any_title_has_is_found() {
    let others = std::iter::repeat_n("黑咖啡粉", 11_000);
    let titles = ["海爾淨水器過濾芯", "海爾雪櫃"].into_iter().chain(others);
    let vocabulary = count(&SHOP.analyzer, titles);
    let plan = understand(
        &SHOP.analyzer,
        &vocabulary,
        "海餌淨水器過濾芯",
        &HashSet::new(),
    );
    let first = plan.corrections.first().map(|meant| meant.text.as_str());
    assert_eq!(first, Some("海爾淨水器過濾芯"));
}

#[test]
fn what_is_left_out_between_two_words_is_offered_and_not_made() {
    let titles = ["便攜式咖啡壺", "便攜式風扇", "玻璃咖啡壺", "便攜雨傘"];
    let repeated: Vec<&str> = titles.into_iter().cycle().take(200).collect();
    let vocabulary = count(&SHOP.analyzer, repeated.into_iter());
    let plan = understand(&SHOP.analyzer, &vocabulary, "便攜咖啡壺", &HashSet::new());
    assert!(
        plan.corrections.iter().all(|meant| !meant.applied),
        "{plan:?}"
    );
}

#[test]
fn names_are_found_with_and_without_their_spaces() {
    let analyzer = &SHOP.analyzer;
    let titles = ["HomiChef 湯鍋", "Border Biscuits 薑餅", "iPhone 15 保護殼"];
    let vocabulary = count(analyzer, titles.into_iter());
    for (typed, other) in [
        ("homi chef", "homichef"),
        ("borderbiscuits", "border biscuits"),
        ("iphone15", "iphone 15"),
    ] {
        let plan = understand(analyzer, &vocabulary, typed, &HashSet::new());
        let [unit] = &plan.units[..] else {
            panic!("{typed}: {:?}", plan.units);
        };
        let texts: Vec<&str> = unit.alternatives.iter().map(|a| &*a.text).collect();
        assert!(texts.contains(&other), "{typed}: {texts:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_understood_and_its_edits_lie_on_characters(
        text in "[洗衣機机雪櫃柜面膜麵a-z0-9 \\-,。iphone咖啡牛奶\u{0}-\u{ff}😀か]{0,24}"
    ) {
        let plan = SHOP.understand_without(&text, &[]);
        for edit in plan.edits.iter().chain(plan.corrections.iter().flat_map(|c| &c.edits)) {
            prop_assert!(text.get(edit.source.clone()).is_some(), "{:?}", edit);
        }
        prop_assert!(plan.corrections.len() <= 3);
        for meant in &plan.corrections {
            prop_assert!(!meant.edits.is_empty() && meant.text != text);
        }
    }
}
