//! `check` finds every planted fault with its place, and our own dictionaries have none.

use sampan_analyzers::DictionaryFiles;
use sampan_analyzers::check::{Check, Finding, Severity, check};

const CONCEPTS: &str = "common/concepts/test.tsv";
const KINDS: &str = "common/kinds/test.tsv";
const HEADER: &str = "id\ten\thk\ttw\tcn\tmy\tsg\tcategory\tweight\tsource\tnote\n";

/// The built-in dictionaries with these concepts in place of the linguists', and no kinds.
fn files(concepts: &str) -> DictionaryFiles {
    let mut files = DictionaryFiles::embedded();
    files.0.retain(|path, _| {
        !path.starts_with("common/concepts/") && !path.starts_with("common/kinds/")
    });
    let table = format!(
        "{HEADER}fridge\tfridge\t雪櫃\t冰箱\t冰箱\t\t\tappliances\t1.0\town\t\n\
         television\ttelevision\t電視機\t電視\t电视机\t\t\tappliances\t1.0\town\t\n{concepts}"
    );
    files.0.insert(CONCEPTS.to_owned(), table);
    files
}

fn findings(files: &DictionaryFiles) -> Vec<Finding> {
    check(files, DictionaryFiles::embedded_sources())
}

fn errors(files: &DictionaryFiles) -> Vec<Finding> {
    let mut found = findings(files);
    found.retain(|finding| finding.severity == Severity::Error);
    found
}

/// The only error there is, which must be in that place and of that kind.
fn only_error(files: &DictionaryFiles, place: (&str, usize, &str), of: Check) -> Finding {
    let found = errors(files);
    assert_eq!(found.len(), 1, "{found:#?}");
    let finding = found.into_iter().next().expect("one");
    let found = (finding.file.as_str(), finding.line, finding.column.as_str());
    assert_eq!((found, finding.check), (place, of), "{finding:?}");
    assert!(!finding.reason.is_empty() && !finding.advice.is_empty());
    finding
}

fn with(path: &str, text: &str) -> DictionaryFiles {
    let mut files = files("");
    files.0.insert(path.to_owned(), text.to_owned());
    files
}

fn appended(path: &str, line: &str) -> (DictionaryFiles, usize) {
    let mut files = files("");
    let text = files.0.entry(path.to_owned()).or_default();
    text.push_str(line);
    let lines = text.lines().count();
    (files, lines)
}

#[test]
fn our_own_dictionaries_have_no_errors() {
    let found = errors(&DictionaryFiles::embedded());
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(errors(&files("")), []);
}

#[test]
fn a_cell_that_cannot_be_read_is_named_by_line_and_character() {
    let row = "kettle\tkettle\t水煲\t熱水壺\t烧水壶\t\t\tappliances\theavy\town\t\n";
    let finding = only_error(&files(row), (CONCEPTS, 4, "weight"), Check::Schema);
    let before = "kettle\tkettle\t水煲\t熱水壺\t烧水壶\t\t\tappliances\t";
    assert_eq!(finding.position, before.chars().count() + 1);
    for (row, column) in [
        ("kettle\tkettle\t水煲\t熱水壺\t\t\t\t\t1.0\t\t\n", "source"),
        ("\tkettle\t水煲\t熱水壺\t\t\t\t\t1.0\town\t\n", "id"),
        ("Kettle\tkettle\t水煲\t熱水壺\t\t\t\t\t1.0\town\t\n", "id"),
        ("kettle\tkettle\t水煲\t…\t\t\t\t\t1.0\town\t\n", "tw"),
        (
            "kettle\tkettle\t水煲\t\t\t\t\t\t1.0\town\t\ttoo many\n",
            "row",
        ),
    ] {
        let found = errors(&files(row));
        let named = found
            .iter()
            .any(|f| (f.line, f.column.as_str(), f.check) == (4, column, Check::Schema));
        assert!(named, "{row:?}: {found:#?}");
    }
    let files = with("common/stop_words.tsv", "word\tnote\n的\t\n");
    let found = errors(&files);
    assert!(
        found
            .iter()
            .any(|f| f.file == "common/stop_words.tsv" && f.column == "source"),
        "{found:#?}"
    );
}

#[test]
fn all_faults_are_told_not_only_the_first() {
    let rows = "kettle\tkettle\t水煲\t熱水壺\t\t\t\t\t9\town\t\n\
                fan\tfan\t風扇\t电風扇\t\t\t\t\t1.0\tnobody\t\n\
                fridge\t\t雪櫃\t冷藏櫃\t\t\t\t\t1.0\town\t\n";
    let mut files = files(rows);
    let broken = "name = { zh = \"香港\" }\n";
    files
        .0
        .insert("hk/region.toml".to_owned(), broken.to_owned());
    let found = errors(&files);
    let has = |line: usize, column: &str, check: Check| {
        found
            .iter()
            .any(|f| (f.line, f.column.as_str(), f.check) == (line, column, check))
    };
    assert!(has(4, "weight", Check::Schema), "{found:#?}");
    assert!(has(5, "tw", Check::Character), "{found:#?}");
    assert!(has(5, "source", Check::Source), "{found:#?}");
    assert!(has(6, "id", Check::Duplicate), "{found:#?}");
    assert!(
        found.iter().any(|f| f.file == "hk/region.toml"),
        "{found:#?}"
    );
}

#[test]
fn what_stands_twice_is_found() {
    let id = "fridge\tcold box\t冷櫃\t冷藏櫃\t\t\t\t\t1.0\town\t\n";
    let finding = only_error(&files(id), (CONCEPTS, 4, "id"), Check::Duplicate);
    assert!(finding.reason.contains("test.tsv:2"), "{}", finding.reason);
    let term = "kettle\tkettle\t水煲|電水煲|水煲\t熱水壺\t\t\t\t\t1.0\town\t\n";
    only_error(&files(term), (CONCEPTS, 4, "hk"), Check::Duplicate);
    let (twice, line) = appended("common/stop_words.tsv", "的\town\t\n");
    let place = ("common/stop_words.tsv", line, "word");
    only_error(&twice, place, Check::Duplicate);
    let (twice, line) = appended("common/words.tsv", "邊款\t7\town\t\n");
    only_error(&twice, ("common/words.tsv", line, "word"), Check::Conflict);
    let alike = "kettle\tkettle|kettles\t水煲\t熱水壺\t\t\t\t\t1.0\town\t\n\
                 dress\t\t連身裙\t連身裙\t连身裙\t\t\t\t1.0\town\t\n";
    let found = findings(&files(alike));
    let warned: Vec<_> = found.iter().map(|f| (f.line, f.severity)).collect();
    let expected = [(4, Severity::Warning), (5, Severity::Warning)];
    assert_eq!(warned, expected, "{found:#?}");
}

#[test]
fn a_term_of_two_concepts_is_a_conflict_unless_it_is_marked() {
    let cooler = "cool-box\tcool box\t雪櫃\t行動冰箱\t\t\t\t\t1.0\town\t\n";
    let finding = only_error(&files(cooler), (CONCEPTS, 4, "hk"), Check::Conflict);
    assert!(finding.reason.contains("fridge"), "{}", finding.reason);
    // Another region's column, a direction, or a word in the note: no conflict.
    for row in [
        "cool-box\tcool box\t冰桶\t雪櫃\t\t\t\t\t1.0\town\t\n",
        "cool-box\tcool box\t>雪櫃\t行動冰箱\t\t\t\t\t1.0\town\t\n",
        "cool-box\tcool box\t<雪櫃\t行動冰箱\t\t\t\t\t1.0\town\t\n",
        "cool-box\tcool box\t雪櫃\t行動冰箱\t\t\t\t\t1.0\town\tcamping ≠fridge\n",
    ] {
        assert_eq!(errors(&files(row)), [], "{row}");
    }
    // A broad thing and its kind share words.
    let mut broad = files(cooler);
    let kinds = "broad\tnarrow\tweight\tsource\tnote\nfridge\tcool-box\t1.0\town\t\n";
    broad.0.insert(KINDS.to_owned(), kinds.to_owned());
    assert_eq!(errors(&broad), []);
    assert_eq!(findings(&broad).len(), 1);
    let unknown = "cool-box\tcool box\t冰桶\t冰箱桶\t\t\t\t\t1.0\town\t≠frigde\n";
    only_error(&files(unknown), (CONCEPTS, 4, "note"), Check::Dangling);
}

#[test]
fn a_thing_that_is_a_kind_of_itself_is_found_however_long_the_way() {
    let concepts = "freezer\tfreezer\t冰櫃\t冷凍櫃\t\t\t\t\t1.0\town\t\n\
                    goods\tgoods\t電器\t家電\t\t\t\t\t1.0\town\t\n";
    let kinds = |rows: &str| {
        let mut files = files(concepts);
        let table = format!("broad\tnarrow\tweight\tsource\tnote\n{rows}");
        files.0.insert(KINDS.to_owned(), table);
        files
    };
    let sound = "goods\tfridge|television\t1.0\town\t\nfridge\tfreezer|冰吧|SMEG\t0.8\town\t\n";
    assert_eq!(errors(&kinds(sound)), []);
    let circle = "goods\tfridge\t1.0\town\t\nfridge\tfreezer\t0.8\town\t\nfreezer\t雪藏櫃|goods\t1.0\town\t\n";
    let finding = only_error(&kinds(circle), (KINDS, 4, "narrow"), Check::Cycle);
    let way = "goods > fridge > freezer > goods";
    assert!(finding.reason.contains(way), "{}", finding.reason);
    let itself = "goods\tgoods\t1.0\town\t\n";
    only_error(&kinds(itself), (KINDS, 2, "narrow"), Check::Cycle);
    let dangling = "goods\tfridge|frezer\t1.0\town\t\n";
    let finding = only_error(&kinds(dangling), (KINDS, 2, "narrow"), Check::Dangling);
    assert_eq!(finding.position, "goods\tfridge|".len() + 1);
    let broad = "good\tfridge\t1.0\town\t\n";
    only_error(&kinds(broad), (KINDS, 2, "broad"), Check::Dangling);
    let twice = "goods\tfridge|television|fridge\t1.0\town\t\n";
    only_error(&kinds(twice), (KINDS, 2, "narrow"), Check::Duplicate);
}

#[test]
fn unknown_characters_and_wrong_scripts_are_found() {
    for (row, column) in [
        // Private use, compatibility form, lost glyph.
        ("a\ta\t水\u{E000}煲\t熱水壺\t\t\t\t\t1.0\town\t\n", "hk"),
        ("a\ta\t水煲\t熱\u{F9CA}\t\t\t\t\t1.0\town\t\n", "tw"),
        ("a\ta\t水煲\t熱水壺\t烧□壶\t\t\t\t1.0\town\t\n", "cn"),
        // Simplified where Traditional is written, and the other way round.
        ("a\ta\t水煲\t热水壶\t\t\t\t\t1.0\town\t\n", "tw"),
        ("a\ta\t电水煲\t熱水壺\t\t\t\t\t1.0\town\t\n", "hk"),
        ("a\ta\t水煲\t熱水壺\t燒水壺\t\t\t\t1.0\town\t\n", "cn"),
        ("a\ta\t水煲\t熱水壺\t\t燒水壺\t\t\t1.0\town\t\n", "my"),
        ("a\t水壺\t水煲\t熱水壺\t\t\t\t\t1.0\town\t\n", "en"),
    ] {
        only_error(&files(row), (CONCEPTS, 4, column), Check::Character);
    }
    // Characters that look Simplified and are not: 胜肽; 皇后; Cantonese 啱晒.
    let right = "a\tpeptide\t胜肽|多肽\t胜肽\t\t\t\t\t1.0\town\t\nb\tqueen\t皇后\t女皇\t\t\t\t\t1.0\town\t\n\
                 c\tT shirt\tT恤|啱晒\tT恤\t\t\t\t\t1.0\town\t\n";
    assert_eq!(errors(&files(right)), []);
    let mut unread = files("a\tkettle\t水\u{3400}\t熱水壺\t\t\t\t\t1.0\town\t\n");
    let readings = "char\tjyutping\tpinyin\tcangjie\n水\tseoi2\tshui3\te\n";
    unread.0.insert(
        "common/readings/characters.tsv".to_owned(),
        readings.to_owned(),
    );
    let found = findings(&unread);
    let named = found
        .iter()
        .any(|f| f.check == Check::Character && f.line == 4 && f.column == "hk");
    assert!(named, "{found:#?}");
}

#[test]
fn a_source_without_a_licence_is_found() {
    let row = "kettle\tkettle\t水煲\t熱水壺\t\t\t\t\t1.0\tsomebody\t\n";
    only_error(&files(row), (CONCEPTS, 4, "source"), Check::Source);
    let listed = "| name | licence |\n|---|---|\n| `own` | ours |\n| `jieba` | MIT |\n| `opencc` | A |\n| `ctcpc` | 0 |\n";
    let found = check(&files(""), listed);
    assert!(
        found
            .iter()
            .all(|f| f.reason.contains("\"rime-cantonese\""))
            && !found.is_empty(),
        "{found:#?}"
    );
}
