//! `sampan eval compare`, `sampan eval sweep` and `sampan rank train-data`, through the command.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

mod small_shop;

use std::{
    fs,
    process::{Command, Output},
};

use small_shop::{QUERIES, write_shop};
use tempfile::TempDir;

const SHOP: [&str; 8] = [
    "--catalog",
    "items.tsv",
    "--map",
    "map.toml",
    "--queries",
    "q.tsv",
    "--region",
    "hk",
];

fn sampan(folder: &TempDir, arguments: &[&str]) -> (bool, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_sampan"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.success(), text(stdout), text(stderr))
}

fn shop() -> TempDir {
    let folder = TempDir::new().unwrap();
    write_shop(folder.path());
    let slow_first = "inherits = \"common\"\n[weights]\nsales = -1.0\n";
    fs::write(folder.path().join("slow.toml"), slow_first).unwrap();
    folder
}

#[test]
fn a_profile_that_is_better_is_told_with_its_queries() {
    let folder = shop();
    let arguments = [
        "--json",
        "eval",
        "compare",
        "--qrels",
        "slow.tsv",
        "--lexical",
    ];
    let profile = ["--after-profile", "slow.toml"];
    let (ok, text, error) = sampan(&folder, &[&arguments[..], &SHOP, &profile].concat());
    assert!(ok, "{error}");
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found["queries"], QUERIES);
    let mrr = &found["measures"][1];
    assert_eq!((&mrr["before"], &mrr["after"]), (&0.5.into(), &1.0.into()));
    assert_eq!((&mrr["wins"], &mrr["losses"]), (&QUERIES.into(), &0.into()));
    assert!(mrr["p_adjusted"].as_f64().unwrap() < 0.05);
    assert_eq!(found["changed"].as_array().unwrap().len(), QUERIES);
    // Sales lift no more: that is why, before anything else.
    let reason = &found["changed"][0]["reason"];
    assert_eq!(reason["edits"], serde_json::json!([]), "{reason}");
    let moved = reason["moved"].as_array().unwrap();
    assert!(!moved.is_empty(), "{reason}");
    for item in moved {
        assert_eq!(item["signals"][0]["signal"], "sales", "{item}");
        assert_eq!(item["signals"][0]["after"]["weight"], -1.0, "{item}");
    }
}

/// One more name in the line of what it names.
#[test]
fn an_edit_that_one_side_does_not_make_is_told_everywhere() {
    let folder = shop();
    for (name, text) in [
        (
            "items.tsv",
            "id\ttitle\tsales\tprice\ndown\t羽絨服 女\t5\t10\nspace\t太空模型\t1\t10\n",
        ),
        ("q.tsv", "q1\t太空褸\n"),
        ("qrels.tsv", "q1 0 down 1\n"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let edited = folder.path().join("edited");
    let from = concat!(env!("CARGO_MANIFEST_DIR"), "/../dictionaries");
    let copied = Command::new("cp").arg("-r").arg(from).arg(&edited).status();
    assert!(copied.unwrap().success());
    let path = edited.join("common/concepts/clothing.tsv");
    let text = fs::read_to_string(&path).unwrap();
    let (known, more) = ("|羽絨褸|羽絨外套\t", "|羽絨褸|羽絨外套|太空褸\t");
    assert!(text.contains(known));
    fs::write(&path, text.replace(known, more)).unwrap();
    let arguments = [
        "eval",
        "compare",
        "--qrels",
        "qrels.tsv",
        "--lexical",
        "--after-dictionaries",
        "edited",
        "--html",
        "r.html",
        "--markdown",
        "r.md",
    ];
    let (ok, text, error) = sampan(&folder, &[&arguments[..], &SHOP].concat());
    assert!(ok, "{error}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    for told in [text, read("r.html"), read("r.md")] {
        assert!(
            told.contains("+ 太空褸 → ") && told.contains("羽絨服") && told.contains("region.term"),
            "{told}"
        );
        assert!(told.contains("down"), "{told}");
    }
}

#[test]
fn a_run_of_another_build_is_a_side_too_and_tables_are_for_people() {
    let folder = shop();
    let run = [
        "eval", "search", "--qrels", "fast.tsv", "--mode", "lexical", "--run", "old.trec",
    ];
    let (ok, _, error) = sampan(&folder, &[&run[..], &SHOP].concat());
    assert!(ok, "{error}");
    let both = ["--before-run", "old.trec", "--after-run", "old.trec"];
    let alone = [
        "eval",
        "compare",
        "--queries",
        "q.tsv",
        "--qrels",
        "fast.tsv",
        "--region",
        "hk",
    ];
    let (ok, text, error) = sampan(&folder, &[&alone[..], &both].concat());
    assert!(ok, "{error}");
    assert!(
        text.contains("no difference shown") && text.contains("0 answered otherwise"),
        "{text}"
    );
    let (ok, _, error) = sampan(&folder, &[&alone[..], &both[..2]].concat());
    assert!(!ok && error.contains("--catalog"), "{error}");
}

#[test]
fn a_sweep_tells_what_each_value_costs_and_buys() {
    let folder = shop();
    let swept = [
        "--json",
        "eval",
        "sweep",
        "--qrels",
        "fast.tsv",
        "--lexical",
        "--key",
        "boosts.direct_mail",
        "--values",
        "0,5",
        "--set",
        "boosts.margin=9",
        "--exposure",
        "direct-mail",
        "--constructed",
        "0.5",
        "--svg",
        "curve.svg",
    ];
    let (ok, text, error) = sampan(&folder, &[&swept[..], &SHOP].concat());
    assert!(ok, "{error}");
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    let number = |point: usize, key: &str| found["points"][point][key].as_f64().unwrap();
    assert_eq!((number(0, "ndcg_10"), number(1, "value")), (1.0, 5.0));
    assert!(number(1, "ndcg_10") < 1.0, "{text}");
    assert!(number(1, "exposure") >= number(0, "exposure"));
    let curve = fs::read_to_string(folder.path().join("curve.svg")).unwrap();
    assert!(curve.starts_with("<svg") && curve.contains("boosts.direct_mail"));
    let refused = [
        "--key",
        "boosts.charm",
        "--values",
        "1",
        "--exposure",
        "local",
        "--lexical",
    ];
    let command = ["eval", "sweep", "--qrels", "fast.tsv"];
    let (ok, _, error) = sampan(&folder, &[&command[..], &SHOP, &refused].concat());
    assert!(!ok && error.contains("charm"), "{error}");
}

#[test]
fn train_data_has_a_row_a_hit_with_its_grade_and_signals() {
    let folder = shop();
    let command = [
        "rank",
        "train-data",
        "--qrels",
        "fast.tsv",
        "--model",
        "none",
        "--out",
        "s.csv",
    ];
    let (ok, text, error) = sampan(&folder, &[&command[..], &SHOP].concat());
    assert!(ok, "{error}");
    assert!(
        text.contains(&format!("{QUERIES} of them relevant")),
        "{text}"
    );
    let rows = fs::read_to_string(folder.path().join("s.csv")).unwrap();
    let mut lines = rows.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(names[..4], ["query", "item", "label", "lexical"]);
    let sales = names.iter().position(|name| *name == "sales").unwrap();
    let mut relevant = 0;
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), names.len());
        if cells[2] == "1" {
            relevant += 1;
            assert!(cells[1].starts_with("fast") && cells[sales].parse::<f64>().unwrap() > 0.5);
        }
    }
    assert_eq!(relevant, QUERIES);
}
