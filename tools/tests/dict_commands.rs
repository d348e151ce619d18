//! `sampan dict`, through the command, on a copy of the dictionaries.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::{fs, path::Path, process::Command};

use sampan_tests::dictionaries::DictionaryCopy;
use serde_json::Value;

const FOOD: &str = "common/concepts/food.tsv";
/// A thing that no dictionary has.
const ROW: &str =
    "moon-cheese\tmoon cheese\t月球芝士\t月球起司\t月球奶酪\t\t\tfood/dairy\t1.0\town\tinvented\n";
const HEADER: &str = "id\ten\thk\ttw\tcn\tmy\tsg\tcategory\tweight\tsource\tnote\n";

/// Exit code, and standard output.
fn run(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sampan"))
        .arg("dict")
        .args(arguments)
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), format!("{text}{error}"))
}

fn json(arguments: &[&str]) -> (i32, Value) {
    let (code, text) = run(&[arguments, &["--json"]].concat());
    let value = serde_json::from_str(&text);
    (
        code,
        value.unwrap_or_else(|error| panic!("{error}: {text}")),
    )
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn check_ends_with_one_when_there_is_an_error_and_names_its_place() {
    let copy = DictionaryCopy::new();
    let folder = text(copy.path());
    let (code, found) = json(&["check", "--dictionaries", folder]);
    assert_eq!((code, &found["errors"]), (0, &Value::from(0)), "{found:#}");
    copy.append(FOOD, &ROW.replace("月球起司", "月球\u{e000}司"));
    copy.append("tw/ranking.toml", "\n[weights]\nsails = 1\n");
    let line = copy.read(FOOD).lines().count();
    let (code, shown) = run(&["check", "--dictionaries", folder]);
    assert_eq!(code, 1);
    assert!(shown.contains(&format!("{FOOD}:{line}:")), "{shown}");
    assert!(shown.contains("tw/ranking.toml"), "{shown}");
    assert!(shown.contains("2 errors"), "{shown}");
    let (code, shown) = run(&["check", "--dictionaries", "/nowhere"]);
    assert_eq!(code, 2, "{shown}");
}

#[test]
fn an_edit_shows_in_explain_and_in_diff() {
    let copy = DictionaryCopy::new();
    let folder = text(copy.path());
    let (code, before) = json(&["explain", "月球起司", "--dictionaries", folder]);
    assert_eq!((code, &before["mentions"]), (0, &Value::Array(vec![])));
    copy.append(FOOD, ROW);
    let (_, shown) = run(&[
        "explain",
        "月球起司",
        "--region",
        "tw",
        "--dictionaries",
        folder,
    ]);
    let line = copy.read(FOOD).lines().count();
    assert!(shown.contains(&format!("{FOOD}:{line}")), "{shown}");
    assert!(shown.contains("月球芝士 (hk 0.90)"), "{shown}");
    let (code, shown) = run(&["explain", "月球起司", "--region", "mars"]);
    assert!(code == 2 && shown.contains("mars"), "{shown}");

    let queries = copy.path().join("queries.txt");
    fs::write(&queries, "月球起司\n1\t月球奶酪\n毛巾\n").unwrap();
    let old = text(&sampan_tests::dictionaries::folder()).to_owned();
    let arguments = [
        "diff",
        &old,
        folder,
        "--queries",
        text(&queries),
        "--region",
        "tw",
    ];
    let (code, found) = json(&arguments);
    assert_eq!((code, &found["queries"]), (0, &Value::from(3)));
    assert_eq!(found["rows"].as_array().unwrap().len(), 1, "{found:#}");
    assert_eq!(found["rows"][0]["key"], "moon-cheese");
    let affected = found["effects"].as_array().unwrap();
    let affected: Vec<&str> = affected
        .iter()
        .filter_map(|one| one["query"].as_str())
        .collect();
    assert_eq!(affected, ["月球起司", "月球奶酪"]);
    let (_, shown) = run(&arguments);
    assert!(
        shown.contains("1 added, 0 removed, 0 changed; 2 of 3"),
        "{shown}"
    );
}

#[test]
fn import_writes_all_rows_or_nothing() {
    let copy = DictionaryCopy::new();
    let folder = text(copy.path());
    let rows = copy.path().join("rows.new");
    let before = copy.read(FOOD);
    fs::write(&rows, format!("{HEADER}{ROW}")).unwrap();
    let arguments = [
        "import",
        text(&rows),
        "--into",
        FOOD,
        "--dictionaries",
        folder,
    ];
    let (code, shown) = run(&arguments);
    assert!(
        code == 0 && shown.contains("1 rows added") && shown.contains("--write"),
        "{shown}"
    );
    assert!(copy.read(FOOD) == before, "only looked at");
    let write = [&arguments[..], &["--write"]].concat();
    let (code, found) = json(&write);
    assert_eq!(
        (code, &found["written"]),
        (0, &Value::Bool(true)),
        "{found:#}"
    );
    let after = copy.read(FOOD);
    let expected = format!("{}\n{ROW}", before.trim_end_matches('\n'));
    assert!(after == expected, "the row at the end, and nothing else");

    // One good row, one bad: named, and nothing is written.
    let bad = "sun-cheese\tsun cheese\t太陽芝士\t太阳起司\t\t\t\tfood/dairy\t1.0\town\t\n";
    let good = "star-cheese\tstar cheese\t星星芝士\t星星起司\t\t\t\tfood/dairy\t1.0\town\t\n";
    fs::write(&rows, format!("{HEADER}{good}{bad}")).unwrap();
    let (code, found) = json(&write);
    assert_eq!(
        (code, &found["written"]),
        (1, &Value::Bool(false)),
        "{found:#}"
    );
    let refused = &found["refused"][0];
    assert_eq!(
        (&refused["line"], &refused["column"]),
        (&3.into(), &"tw".into())
    );
    assert!(copy.read(FOOD) == after, "nothing was written");
    let outside = [
        "import",
        text(&rows),
        "--into",
        "../x.tsv",
        "--dictionaries",
        folder,
    ];
    assert_eq!(run(&outside).0, 2);
}

#[test]
fn mined_words_can_be_imported() {
    let copy = DictionaryCopy::new();
    let path = |name: &str| copy.path().join(name);
    let things = ["毛巾", "雨伞", "水杯", "拖鞋", "枕头", "窗帘", "帽子"];
    let marks = ["家用", "大号", "新款", "便宜", "可爱"];
    // In one title of five, between ever different things.
    let planted = |n: usize| if n.is_multiple_of(5) { "泇璐棉" } else { "" };
    let titles: String = (0..1_000)
        .map(|n| {
            let (mark, thing) = (marks[n / 5 % 5], things[n / 3 % 7]);
            format!("{n}\t{mark}{}{thing}\n", planted(n))
        })
        .collect();
    fs::write(path("titles.tsv"), format!("id\ttitle\n{titles}")).unwrap();
    fs::write(path("map"), "[item]\nid = \"id\"\ntitles = [\"title\"]\n").unwrap();
    fs::write(path("log"), "红色毛巾\n毛巾\n").unwrap();
    let (titles, map, log, out) = (path("titles.tsv"), path("map"), path("log"), path("mined"));
    let arguments = [
        "mine",
        "--titles",
        text(&titles),
        "--map",
        text(&map),
        "--queries",
        text(&log),
        "--out",
        text(&out),
    ];
    let (code, found) = json(&arguments);
    assert_eq!(code, 0, "{found:#}");
    assert_eq!(found["candidates"][0]["word"], "泇璐棉", "{found:#}");
    assert_eq!(found["candidates"][0]["titles"], 200);
    assert_eq!(found["unanswered"][0]["query"], "红色毛巾");
    let (titles_left, words) = (fs::remove_file(&titles), "common/words.tsv");
    titles_left.unwrap();
    let folder = text(copy.path());
    let import = [
        "import",
        text(&out),
        "--into",
        words,
        "--dictionaries",
        folder,
        "--write",
    ];
    let (code, shown) = run(&import);
    assert!(code == 0 && shown.contains("1 rows added"), "{shown}");
    assert!(copy.read(words).contains("泇璐棉\t300\town\t"));
}
