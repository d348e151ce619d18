//! Promises of names inside names: what a long word ends in by chance is no word in it, what it is a kind of is, and
//! what its parts are called elsewhere makes a name for the whole.

use std::collections::HashSet;
use std::sync::LazyLock;

use sampan_analyzers::{Analyzer, DictionaryFiles, Understood};

/// The built-in dictionaries, with concepts of this test's own in place of the linguists'.
fn files() -> DictionaryFiles {
    let mut files = DictionaryFiles::embedded();
    files.0.retain(|path, _| {
        !path.starts_with("common/concepts/") && !path.starts_with("common/kinds/")
    });
    let table = "id\ten\thk\ttw\tcn\tmy\tsg\tcategory\tweight\tsource\tnote\n\
        bicycle\tbicycle\t單車\t腳踏車\t自行车\t\t\tsports\t1.0\town\t\n\
        motorcycle\tmotorcycle\t電單車\t機車\t摩托车|电瓶摩托\t\t\tcar\t1.0\town\t\n\
        pear\tpear\t啤梨\t西洋梨\t西洋梨\t\t\tfresh\t1.0\town\t\n\
        strawberry\tstrawberry\t士多啤梨\t草莓\t草莓\t\t\tfresh\t1.0\town\t\n\
        formula\t\t奶粉\t奶粉|配方奶\t奶粉\t\t\tbaby\t1.0\town\t\n\
        baby-formula\t\t嬰兒奶粉\t寶寶奶粉\t婴儿奶粉\t\t\tbaby\t1.0\town\t\n\
        leather-bag\t\t皮包\t皮袋\t皮包\t\t\tbags\t1.0\town\t\n\
        kraft-paper\t\t牛皮包裝紙\t牛皮紙\t牛皮纸\t\t\tstationery\t1.0\town\t\n\
        wheel-character\t\t>轆\t輪\t轮\t\t\tattributes/parts\t0.8\town\t\n\
        ab-wheel\tab wheel\t腹肌滾輪|腹輪機|滾腹器\t健腹輪\t健腹轮\t\t\tsports\t1.0\town\t\n\
        sweater\t\t冷衫\t毛衣\t毛衣\t\t\tclothing\t1.0\town\t\n\
        wool-sweater\t\t羊毛冷衫\t美麗諾上衣\t美丽诺上衣\t\t\tclothing\t1.0\town\t\n\
        kids-attribute\t\t兒童|>細路\t小孩\t儿童\t\t\tattributes/people\t0.9\town\t\n\
        building-blocks\t\t積木\t積木\t积木\t\t\ttoys\t1.0\town\t\n";
    files
        .0
        .insert("common/concepts/test.tsv".to_owned(), table.to_owned());
    files
}

static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::build(&files()).expect("sound dictionaries"));

fn terms(title: &str) -> HashSet<String> {
    let mut terms = HashSet::new();
    ANALYZER.index_tokens(title, &mut |token| {
        terms.insert(token.term.to_owned());
    });
    terms
}

fn understand(query: &str) -> Understood {
    ANALYZER.understand(query, "hk", &HashSet::new())
}

/// Whether the title has the typed query as words.
fn has_as_words(title: &str, query: &str) -> bool {
    let held = terms(title);
    let understood = understand(query);
    let typed = understood.units.iter().map(|unit| &unit.alternatives[0]);
    typed
        .flat_map(|typed| &typed.words)
        .all(|word| held.contains(word))
}

#[test]
fn what_a_name_ends_in_by_chance_is_no_word_in_it() {
    for (title, query) in [
        ("二手電單車", "單車"),
        ("韓國士多啤梨", "啤梨"),
        ("牛皮包裝紙", "皮包"),
    ] {
        assert!(!has_as_words(title, query), "{query} in {title}");
        // It is still found by its characters.
        let held = terms(title);
        let typed = &understand(query).units[0].alternatives[0];
        assert!(typed.required.iter().all(|term| held.contains(term)));
    }
    for (title, query) in [
        ("二手單車", "單車"),
        ("二手電單車", "電單車"),
        ("韓國啤梨", "啤梨"),
        ("牛皮包裝紙", "牛皮"),
    ] {
        assert!(has_as_words(title, query), "{query} in {title}");
    }
}

#[test]
fn what_a_name_is_a_kind_of_is_a_word_in_it() {
    for title in ["嬰兒奶粉", "一段嬰兒奶粉 900克"] {
        assert!(has_as_words(title, "奶粉"), "{title}");
    }
}

#[test]
fn compounds_are_known_by_what_their_parts_are_called() {
    let meant = |query: &str| -> Vec<String> {
        let understood = understand(query);
        assert_eq!(understood.units.len(), 1, "{query}");
        let ways = understood.units[0].alternatives.iter();
        ways.map(|way| way.text.clone()).collect()
    };
    // No table has 健腹轆; 輪 is 轆 in it.
    assert!(meant("健腹輪").contains(&"健腹轆".to_owned()));
    assert!(meant("健腹轆").contains(&"健腹輪".to_owned()));
    // What a table has comes first.
    let ways = meant("健腹輪");
    let place = |text: &str| ways.iter().position(|way| way == text);
    for listed in ["腹肌滾輪", "滾腹器"] {
        assert!(place(listed) < place("健腹轆"), "{listed}: {ways:?}");
    }
    // How one part ends and the next begins is said once.
    assert!(meant("羊毛衣").contains(&"羊毛冷衫".to_owned()));
    let ways = meant("羊毛冷衫");
    assert!(ways.iter().all(|way| way != "羊毛毛衣"), "{ways:?}");
}

#[test]
fn for_whom_a_thing_is_is_a_word_of_the_wish() {
    let understood = understand("畀四歲細路玩嘅積木有咩推介");
    let typed = understood.units.iter().map(|unit| &unit.alternatives[0]);
    let typed: Vec<&str> = typed.map(|typed| typed.text.as_str()).collect();
    assert_eq!(typed, ["細路", "積木"]);
    let ways = &understood.units[0].alternatives;
    assert!(ways.iter().any(|way| way.text == "兒童"));
}
