//! Promises of how text is understood, measured as `sampan eval segment`, `typed` and `spell` measure it.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

#[path = "../../analyzers/tests/data/mod.rs"]
mod data;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use sampan_analyzers::{Analyzer, DictionaryFiles};
use sampan_proto::v1::RecallMode;
use sampan_tools::{
    demo,
    evaluate::{
        catalogue::Catalogue,
        language::{
            segmentation::{self, JiebaAlone},
            sets,
            typed::{self, TypedFigures},
            typos::{self, TitlePairs},
        },
        node::ThrowAwayNode,
    },
};

static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::build(&DictionaryFiles::embedded()).unwrap());

fn set(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/data/language")
        .join(name)
}

/// Set; the better of jieba after conversion and PyCantonese, on the other half of the set; 0 to 1.
const PEERS: [(&str, f64); 4] = [
    ("ud_cantonese_hk", 0.86),
    ("ud_chinese_hk", 0.84),
    ("ud_chinese_gsd", 0.78),
    ("hkcancor", 0.87),
];
const MARGIN: f64 = 0.03;

#[test]
fn word_f1_is_three_points_above_the_peers() {
    let jieba = JiebaAlone::new(&ANALYZER).unwrap();
    for (name, peer) in PEERS {
        let Some(path) = data::path(&format!("segmentation/{name}.dev.txt")) else {
            return;
        };
        let sentences = segmentation::read(&path).unwrap();
        let report = segmentation::measure(&sentences, &ANALYZER, &jieba, 0, &mut || {});
        let [ours, theirs] = &report.rows[..] else {
            panic!("{:?}", report.rows);
        };
        println!(
            "{name}: word F1 {:.4}, jieba {:.4}, best peer {peer:.2}",
            ours.f1, theirs.f1
        );
        assert!(
            ours.f1 >= peer.max(theirs.f1) + MARGIN,
            "{name}: {ours:?} {theirs:?}"
        );
    }
}

/// Typed with noise by `tools/typed_sounds.py`, with readings of other packages than the dictionaries'.
#[test]
fn every_way_to_type_finds_the_word() {
    let queries = typed::read(&set("typed_sounds.tsv")).unwrap();
    let report = typed::measure(&queries, &ANALYZER, &mut || {}).unwrap();
    let held = [
        "cangjie",
        "jyutping",
        "pinyin",
        "pinyin_mixed",
        "quick",
        "zhuyin",
        "zhuyin_keys",
        "all",
    ];
    assert!(report.ways.iter().map(|way| &*way.name).eq(held));
    for TypedFigures {
        name,
        first,
        third,
        any,
    } in &report.ways
    {
        println!("{name}: {first:?} {third:?} {any:?}");
        assert!(first.of >= 150, "{name}: only {} queries", first.of);
        assert!(first.share >= 0.90, "{name}: {first:?}");
        assert!(third.share >= 0.97, "{name}: {third:?}, {any:?}");
    }
}

/// Brands, model numbers and measures.
#[test]
fn latin_text_that_means_itself_is_left_alone() {
    let lines = sets::lines(&set("latin_controls.txt"), "line").unwrap();
    let regions = ["hk", "tw", "cn"].map(str::to_owned);
    let controls = typed::controls(&lines, &regions, &ANALYZER);
    assert_eq!(controls.harmed.hits, 0, "{:#?}", controls.cases);
    assert!(controls.harmed.of >= 100, "{:?}", controls.harmed);
}

/// Of mistakes written by hand whose right words the demo catalogue sells; and the catalogue's own words, two to six
/// characters from its titles, need no correction.
#[test]
fn everyday_mistakes_are_corrected_and_the_catalogues_words_are_not_doubted() {
    let items = demo::catalogue::items().unwrap();
    let mut catalogue = Catalogue {
        batches: items.chunks(1_000).map(<[_]>::to_vec).collect(),
        refused: 0,
    };
    catalogue.sell_in("hk").unwrap();
    let titles: Vec<&str> = catalogue
        .items()
        .flat_map(|item| &item.titles)
        .map(|title| title.text.as_str())
        .collect();
    let node = ThrowAwayNode::build(&catalogue, None, None).unwrap();
    let shoppers = node.shoppers_of("hk", RecallMode::Lexical);
    let pairs = TitlePairs::new(&ANALYZER, titles.iter().copied());
    let mistakes = typos::read(&set("typos.tsv")).unwrap();
    let report = typos::measure(&mistakes, &shoppers, &pairs, &mut || {}).unwrap();
    let all = report.kinds.last().unwrap();
    println!("{all:?}");
    let sold = all.first_of_sold;
    assert!(sold.of >= 150 && sold.share >= 0.80, "{sold:?}");

    let mut queries: Vec<String> = Vec::new();
    for title in titles {
        let words = ANALYZER.words(title);
        let beside = words.windows(2).map(<[_]>::concat);
        queries.extend(beside.filter(|query| (2..=6).contains(&query.chars().count())));
    }
    queries.sort();
    queries.dedup();
    let clean = typos::doubted(&queries, &shoppers, &mut || {}).unwrap();
    println!("{:?} {:?}", clean.applied, clean.offered);
    assert!(clean.applied.of > 3_000, "{:?}", clean.applied);
    assert!(
        clean.applied.share + clean.offered.share < 0.01,
        "{:#?}",
        clean.alarms
    );
}

fn sampan(arguments: &[&str]) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sampan"));
    let output = command.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn commands_print_tables_and_json_and_name_what_is_wrong() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let gold = file("gold.txt", "我 要 雪櫃\n唔 要 雪 櫃\n");
    let (ok, text, error) = sampan(&["eval", "segment", &gold]);
    assert!(ok, "{error}");
    assert!(
        text.contains("jieba alone") && text.contains("雪 櫃"),
        "{text}"
    );
    let (ok, text, _) = sampan(&["--json", "eval", "segment", &gold, "--show", "1"]);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(
        ok && report[0]["file"] == "gold.txt" && report[0]["words"] == 7,
        "{text}"
    );

    let wrong = file("wrong.tsv", "way\tregion\tterm\njyutping\thk\t雪櫃\n");
    let (ok, _, error) = sampan(&["eval", "typed", &wrong]);
    assert!(
        !ok && error.contains("wrong.tsv") && error.contains("query"),
        "{error}"
    );
    let (ok, _, error) = sampan(&["eval", "typed"]);
    assert!(!ok && error.contains("--controls"), "{error}");
    let controls = file("controls.txt", "sony\nsyut3gwai6\n");
    let (ok, text, _) = sampan(&["eval", "typed", "--controls", &controls, "--regions", "hk"]);
    assert!(
        ok && text.contains("0.5000") && text.contains("雪櫃"),
        "{text}"
    );

    let sentences = file("sentences.tsv", "一\t二\t三\n");
    let (ok, _, error) = sampan(&["eval", "spell", "--sentences", &sentences]);
    assert!(!ok && error.contains("sentences.tsv, line 1"), "{error}");
    let (ok, _, error) = sampan(&["eval", "spell"]);
    assert!(!ok && error.contains("--typos"), "{error}");
}
