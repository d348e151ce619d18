//! What differs between dictionaries is told row by row with its effect, and rows are merged whole or not at all.

use sampan_analyzers::compare::{Change, RowChange, compare, effects, touched_terms};
use sampan_analyzers::explain::explain;
use sampan_analyzers::merge::{Known, merge};
use sampan_analyzers::{Analyzer, DictionaryFiles};

const CONCEPTS: &str = "common/concepts/test.tsv";
const KINDS: &str = "common/kinds/test.tsv";
const HEADER: &str = "id\ten\thk\ttw\tcn\tmy\tsg\tcategory\tweight\tsource\tnote\n";

fn files() -> DictionaryFiles {
    let mut files = DictionaryFiles::embedded();
    files.0.retain(|path, _| {
        !path.starts_with("common/concepts/") && !path.starts_with("common/kinds/")
    });
    let concepts = format!(
        "{HEADER}fridge\tfridge\t雪櫃\t冰箱\t冰箱\t\t\tappliances\t1.0\town\t\n\
         freezer\tfreezer\t冰櫃\t冷凍櫃\t冷柜\t\t\tappliances\t1.0\town\t\n\
         appliance\tappliance\t電器\t家電\t家电\t\t\tappliances\t1.0\town\t\n"
    );
    files.0.insert(CONCEPTS.to_owned(), concepts);
    let kinds = "broad\tnarrow\tweight\tsource\tnote\nappliance\tfridge\t1.0\town\t\nfridge\tfreezer\t0.5\town\t\n";
    files.0.insert(KINDS.to_owned(), kinds.to_owned());
    files
}

fn edited(path: &str, edit: impl Fn(&str) -> String) -> DictionaryFiles {
    let mut files = files();
    let text = edit(files.get(path).unwrap_or_default());
    files.0.insert(path.to_owned(), text);
    files
}

fn build(files: &DictionaryFiles) -> Analyzer {
    Analyzer::build(files).expect("sound dictionaries")
}

fn only(changes: Vec<RowChange>) -> RowChange {
    assert_eq!(changes.len(), 1, "{changes:#?}");
    changes.into_iter().next().expect("one")
}

#[test]
fn a_fold_key_is_the_same_whatever_the_dictionaries_say() {
    let words = edited("common/words.tsv", |text| {
        format!("{text}发面柜\t9000\town\n")
    });
    let mut bare = files();
    bare.0
        .retain(|path, _| !path.contains("words") && path != CONCEPTS && path != KINDS);
    let analyzers = [files(), words, bare].map(|files| build(&files));
    for text in ["雪櫃", "發麵櫃", "头发护理", "Ｗｈ-1000 XM5 乾杯", "皇后裏"] {
        let [one, two, three] = analyzers.each_ref().map(|own| own.fold_key(text));
        assert!(one == two && two == three, "{text}: {one}, {two}, {three}");
    }
}

#[test]
fn a_changed_row_is_told_with_its_effect_on_queries() {
    let old = files();
    assert_eq!(compare(&old, &old), []);
    let new = edited(CONCEPTS, |text| text.replace("\t雪櫃\t", "\t雪櫃|電冰櫃\t"));
    let changes = compare(&old, &new);
    let row = only(changes.clone());
    assert_eq!(
        (row.change, row.kind, row.key.as_str()),
        (Change::Changed, "concept", "fridge")
    );
    let place = row.new.expect("it is there");
    assert_eq!((place.file.as_str(), place.line), (CONCEPTS, 2));
    assert_eq!(row.cells.len(), 1);
    assert_eq!(row.cells[0].column, "hk");
    assert_eq!(row.cells[0].added, ["電冰櫃"]);
    assert_eq!(touched_terms(&changes), ["電冰櫃"]);

    let queries = ["冰箱", "雙門電冰櫃", "毛巾"].map(str::to_owned);
    let regions = ["hk".to_owned(), "tw".to_owned()];
    let (before, after) = (build(&old), build(&new));
    let found = effects((&before, &after), &regions, &queries, &mut |_| {});
    let affected: Vec<&str> = found.iter().map(|effect| effect.query.as_str()).collect();
    assert!(
        affected.contains(&"冰箱") && affected.contains(&"雙門電冰櫃"),
        "{found:#?}"
    );
    assert!(!affected.contains(&"毛巾"), "{found:#?}");
    let fridge = found.iter().find(|effect| effect.query == "冰箱");
    let fridge = fridge.expect("it is affected");
    assert!(
        fridge.gained.iter().any(|line| line.contains("電冰櫃")),
        "{fridge:#?}"
    );
    assert_eq!(
        effects((&before, &before), &regions, &queries, &mut |_| {}),
        []
    );
}

#[test]
fn rows_are_the_same_by_key_wherever_they_stand() {
    let old = files();
    let removed = edited(CONCEPTS, |text| {
        let kept = text.lines().filter(|line| !line.starts_with("freezer"));
        kept.map(|line| format!("{line}\n")).collect()
    });
    let row = only(compare(&old, &removed));
    assert_eq!((row.change, row.key.as_str()), (Change::Removed, "freezer"));
    assert_eq!(row.old.map(|place| place.line), Some(3));
    let row = only(compare(&removed, &old));
    assert_eq!((row.change, row.key.as_str()), (Change::Added, "freezer"));
    // Moved to another file and another place: nothing changed.
    let mut moved = files();
    let text = moved.0.remove(CONCEPTS).unwrap_or_default();
    let (first, others): (Vec<&str>, Vec<&str>) = text
        .lines()
        .skip(1)
        .partition(|line| line.starts_with("fridge"));
    let table = |rows: Vec<&str>| format!("{HEADER}{}\n", rows.join("\n"));
    moved
        .0
        .insert("common/concepts/a.tsv".to_owned(), table(others));
    moved
        .0
        .insert("common/concepts/b.tsv".to_owned(), table(first));
    assert_eq!(compare(&old, &moved), []);
    // One alternative of a list; one kind of a thing; one setting.
    let words = edited("common/stop_words.tsv", |text| text.replace("的|嘅", "的"));
    let row = only(compare(&old, &words));
    assert_eq!(
        (row.kind, row.change, row.key.as_str()),
        ("stop word", Change::Removed, "嘅")
    );
    let kinds = edited(KINDS, |text| {
        text.replace("\tfridge\t", "\tfridge|freezer\t")
    });
    let row = only(compare(&old, &kinds));
    assert_eq!(
        (row.change, row.key.as_str()),
        (Change::Added, "appliance > freezer")
    );
    let rates = edited("hk/region.toml", |text| text.replace("\"HKD\"", "\"USD\""));
    let row = only(compare(&old, &rates));
    assert_eq!((row.kind, row.cells[0].added.len()), ("setting", 1));
    assert!(row.key.contains("currency"), "{}", row.key);
}

#[test]
fn sound_rows_are_merged_and_change_nothing_else() {
    let (files, sources) = (files(), DictionaryFiles::embedded_sources());
    // Other order of columns, one row that is there already.
    let rows = "hk\tid\ttw\tweight\tsource\ten\tcn\tcategory\n\
                水煲\tkettle\t熱水壺\t0.9\town\tkettle\t烧水壶\tkitchen\n\
                冰櫃\tfreezer\t冷凍櫃\t1.0\town\tfreezer\t冷柜\tappliances\n";
    let merged = merge(
        (&files, sources),
        CONCEPTS,
        ("new.tsv", rows),
        Known::Refuse,
    );
    assert_eq!(merged.refused, []);
    assert_eq!((merged.added, merged.replaced, merged.unchanged), (1, 0, 1));
    let old = files.get(CONCEPTS).unwrap_or_default();
    let added = merged.text.strip_prefix(old).expect("what was there stays");
    assert_eq!(
        added,
        "kettle\tkettle\t水煲\t熱水壺\t烧水壶\t\t\tkitchen\t0.9\town\t\n"
    );
    let mut with_it = files.clone();
    with_it.0.insert(CONCEPTS.to_owned(), merged.text.clone());
    let row = only(compare(&files, &with_it));
    assert_eq!((row.change, row.key.as_str()), (Change::Added, "kettle"));
    let again = merge(
        (&with_it, sources),
        CONCEPTS,
        ("new.tsv", rows),
        Known::Refuse,
    );
    assert_eq!((again.added, again.unchanged), (0, 2));
    assert_eq!(again.text, merged.text);
}

#[test]
fn rows_that_cannot_be_taken_are_named_by_their_own_line_and_column() {
    let (files, sources) = (files(), DictionaryFiles::embedded_sources());
    let refused = |rows: &str| {
        let table = format!("{HEADER}{rows}");
        let merged = merge(
            (&files, sources),
            CONCEPTS,
            ("new.tsv", &table),
            Known::Refuse,
        );
        let places: Vec<(String, usize, String)> = merged
            .refused
            .into_iter()
            .map(|finding| (finding.file, finding.line, finding.column))
            .collect();
        places
    };
    let sound = "kettle\tkettle\t水煲\t熱水壺\t烧水壶\t\t\t\t1.0\town\t\n";
    let at = |line: usize, column: &str| vec![("new.tsv".to_owned(), line, column.to_owned())];
    for (row, column) in [
        ("fan\tfan\t風扇\t電風扇\t\t\t\t\theavy\town\t\n", "weight"),
        ("fan\tfan\t風扇\t电風扇\t\t\t\t\t1.0\town\t\n", "tw"),
        ("fan\tfan\t風扇\t電風扇\t\t\t\t\t1.0\tnobody\t\n", "source"),
        ("fridge\tfridge\t雪藏櫃\t冰箱\t\t\t\t\t1.0\town\t\n", "id"),
        ("ice-box\tice box\t雪櫃\t保冰箱\t\t\t\t\t1.0\town\t\n", "hk"),
        ("fan\tfan\t風扇\t電風扇\t\t\t\t\t1.0\town\t\textra\n", "row"),
    ] {
        assert_eq!(refused(&format!("{sound}{row}")), at(3, column), "{row}");
    }
    assert_eq!(refused(sound), []);
    // A file that is read before: the conflict is found at the row that was there.
    let rows = format!("{HEADER}ice-box\tice box\t雪櫃\t保冰箱\t\t\t\t\t1.0\town\t\n");
    let first = "common/concepts/a-first.tsv";
    let merged = merge((&files, sources), first, ("new.tsv", &rows), Known::Refuse);
    assert_eq!(merged.refused.len(), 1, "{:#?}", merged.refused);
    assert_eq!(merged.refused[0].line, 2);
    let replaced = format!("{HEADER}fridge\tfridge\t雪藏櫃\t冰箱\t\t\t\t\t1.0\town\t\n");
    let merged = merge(
        (&files, sources),
        CONCEPTS,
        ("new.tsv", &replaced),
        Known::Replace,
    );
    assert_eq!((merged.refused, merged.replaced), (vec![], 1));
    let unknown = "id\tthing\nx\ty\n";
    let merged = merge(
        (&files, sources),
        CONCEPTS,
        ("new.tsv", unknown),
        Known::Refuse,
    );
    let columns: Vec<&str> = merged.refused.iter().map(|f| f.column.as_str()).collect();
    assert!(
        columns.contains(&"thing") && columns.contains(&"weight"),
        "{columns:?}"
    );
}

#[test]
fn a_term_is_explained_with_every_line_that_has_it() {
    let files = files();
    let found = explain(&files, &build(&files), "冰箱", None);
    let places: Vec<(&str, usize, &str)> = found
        .mentions
        .iter()
        .filter(|mention| mention.kind == "concept")
        .map(|mention| (mention.file.as_str(), mention.line, mention.column.as_str()))
        .collect();
    assert_eq!(places, [(CONCEPTS, 2, "tw"), (CONCEPTS, 2, "cn")]);
    assert!(found.general_frequency.is_some());
    let above: Vec<&str> = found
        .kinds_above
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    let below: Vec<&str> = found
        .kinds_below
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    assert_eq!((above, below), (vec!["appliance"], vec!["freezer"]));
    let regions: usize = found.understood.iter().map(|one| one.regions.len()).sum();
    assert_eq!(regions, files.regions().len());
    // In whatever script it is typed; a pattern, a stop word.
    let simplified = explain(&files, &build(&files), "雪柜", Some("hk"));
    let mut kinds = simplified.mentions.iter().map(|mention| mention.kind);
    assert!(kinds.any(|kind| kind == "concept"), "{simplified:#?}");
    assert_eq!(simplified.understood.len(), 1);
    let kinds = |term: &str| -> Vec<&str> {
        let found = explain(&files, &build(&files), term, Some("hk"));
        found.mentions.iter().map(|mention| mention.kind).collect()
    };
    assert!(kinds("平靚正").contains(&"spoken pattern"));
    assert!(kinds("的").contains(&"stop word"));
    assert!(kinds("邊款").contains(&"word"));
    assert!(kinds("毫升").contains(&"unit"));
}
