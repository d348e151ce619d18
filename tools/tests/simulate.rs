//! `sampan simulate`, through the command: over the demo with a constructed log, and over a constructed shop.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

mod small_shop;

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use small_shop::{QUERIES, write_shop};
use tempfile::TempDir;

/// Runs the command; gives its exit code and what it wrote to both.
fn sampan(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_sampan"))
        .args(arguments)
        .env("SAMPAN_MODEL", "none")
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        ran.status.code().unwrap(),
        text(ran.stdout),
        text(ran.stderr),
    )
}

/// A shop of pairs, and a log that asks for each: once by the first, twice by the second, and so on.
fn shop() -> TempDir {
    let folder = TempDir::new().unwrap();
    write_shop(folder.path());
    let lines = (0..QUERIES).map(|number| format!("ZQ{number}00\t{}\n", number + 1));
    fs::write(folder.path().join("counts.tsv"), lines.collect::<String>()).unwrap();
    folder
}

const PAIRS: [&str; 11] = [
    "--json",
    "simulate",
    "--log",
    "counts.tsv",
    "--region",
    "hk",
    "--catalog",
    "items.tsv",
    "--map",
    "map.toml",
    "--plan",
];

#[test]
fn a_constructed_log_over_the_demo_is_simulated_whole() {
    let folder = TempDir::new().unwrap();
    let write = [
        "simulate",
        "--write-example",
        "example",
        "--example-visits",
        "900",
    ];
    let (code, text, error) = sampan(folder.path(), &write);
    assert!(code == 0 && text.contains("constructed"), "{error}");
    let simulate = [
        "--json",
        "simulate",
        "--log",
        "example/log.jsonl",
        "--plan",
        "example/plan.toml",
        "--html",
        "report.html",
        "--markdown",
        "report.md",
    ];
    let (code, text, error) = sampan(folder.path(), &simulate);
    assert_eq!(code, 0, "{error}");
    let found: Value = serde_json::from_str(&text).unwrap();
    let number = |pointer: &str| found.pointer(pointer).and_then(Value::as_f64).unwrap();
    assert_eq!(
        number("/log/visits"),
        number("/log/searches") + number("/log/feeds")
    );
    assert!(
        number("/log/feeds") > 0.0 && number("/model/orders") > 50.0,
        "{text}"
    );
    // The model's L→O of the present lists is near what the log came to.
    let logged = number("/model/orders") / number("/model/impressions");
    let expected = number("/outcomes/before/list_to_order");
    assert!(
        (expected / logged - 1.0).abs() < 0.25,
        "{expected} {logged}"
    );
    let ways = found["exposure"][0][1].as_array().unwrap();
    let mail = ways
        .iter()
        .find(|way| way["name"] == "direct_mail")
        .unwrap();
    assert!(
        mail["after"].as_f64().unwrap() > mail["before"].as_f64().unwrap(),
        "{mail}"
    );
    let sellers = found["unevenness"][2].as_array().unwrap();
    assert_eq!(sellers[0], "seller");
    let gini = sellers[1][0].as_f64().unwrap();
    assert!(gini > 0.0 && gini < 1.0, "{sellers:?}");
    assert!(number("/answers/changed") > 0.0 && found["barred"]["shown"] == serde_json::json!([]));
    assert!(
        found["logged"].get("asked").is_some(),
        "{}",
        found["logged"]
    );
    assert!(
        found["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["passes"] == true)
    );
    // The log's shoppers look less the lower, which so few clicks tell roughly.
    let of_clicks = [&simulate[..6], &["--looks", "clicks"]].concat();
    let (code, text, error) = sampan(folder.path(), &of_clicks);
    assert_eq!(code, 0, "{error}");
    let learnt: Value = serde_json::from_str(&text).unwrap();
    let looks = learnt["model"]["examination"].as_array().unwrap();
    let looks: Vec<f64> = looks.iter().filter_map(Value::as_f64).collect();
    let mean = |looks: &[f64]| looks.iter().sum::<f64>() / looks.len() as f64;
    assert_eq!((looks.len(), looks[0]), (10, 1.0));
    assert!(looks[1] != number("/model/examination/1"), "{looks:?}");
    let (upper, lower) = (mean(&looks[1..5]), mean(&looks[5..]));
    assert!(lower < upper && upper < 1.0, "{looks:?}");
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Winners and losers"));
    let markdown = fs::read_to_string(folder.path().join("report.md")).unwrap();
    assert!(
        markdown.starts_with("# Simulation: direct mail before local\n"),
        "{markdown}"
    );
}

#[test]
fn a_plan_that_turns_every_pair_is_told_and_costs_what_it_costs() {
    let folder = shop();
    let plan = "[documents.ranking.hk]\ninherits = \"common\"\n[documents.ranking.hk.weights]\nsales = -1.0\n\
                [checklist]\nmax_relevance_loss = 0.1\nmax_zero_results_rise = 0.0\n";
    fs::write(folder.path().join("plan.toml"), plan).unwrap();
    let judged = ["--queries", "q.tsv", "--qrels", "fast.tsv"];
    let (code, text, error) = sampan(
        folder.path(),
        &[&PAIRS[..], &["plan.toml"], &judged].concat(),
    );
    assert_eq!(code, 1, "the checklist fails: {error}");
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found["log"]["visits"], (1..=QUERIES).sum::<usize>());
    assert_eq!(
        (&found["answers"]["asked"], &found["answers"]["changed"]),
        (&QUERIES.into(), &QUERIES.into())
    );
    // Two hits a query, which change places.
    assert_eq!(found["answers"]["most"][0]["before"][0]["item"], "fast11");
    assert_eq!(found["answers"]["most"][0]["after"][0]["item"], "slow11");
    let passes: Vec<(&str, bool)> = found["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| {
            (
                check["name"].as_str().unwrap(),
                check["passes"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        passes,
        [
            ("max_relevance_loss", false),
            ("max_zero_results_rise", true)
        ]
    );
    // A log that only counts tells nothing of orders, and there is nothing to ask it.
    assert_eq!(
        (
            &found["outcomes"]["after"]["list_to_order"],
            &found["logged"]
        ),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_sweep_has_a_front_and_a_curve() {
    let folder = shop();
    fs::write(folder.path().join("plan.toml"), "").unwrap();
    let sweep = [
        "plan.toml",
        "--queries",
        "q.tsv",
        "--qrels",
        "fast.tsv",
        "--sweep",
        "weights.sales=-1:1:1",
        "--gain",
        "local",
        "--svg",
        "sweep.svg",
    ];
    let (code, text, error) = sampan(folder.path(), &[&PAIRS[..], &sweep].concat());
    assert_eq!(code, 0, "{error}");
    let found: Value = serde_json::from_str(&text).unwrap();
    let points = found["sweep"]["points"].as_array().unwrap();
    let relevance: Vec<f64> = points
        .iter()
        .map(|point| point["relevance"].as_f64().unwrap())
        .collect();
    assert_eq!((relevance.len(), relevance[2]), (3, 1.0));
    assert!(relevance[0] < 1.0, "{relevance:?}");
    assert_eq!(
        (&points[0]["is_on_front"], &points[2]["is_on_front"]),
        (&false.into(), &true.into())
    );
    assert!(
        fs::read_to_string(folder.path().join("sweep.svg"))
            .unwrap()
            .starts_with("<svg")
    );
}

#[test]
fn a_plan_that_the_node_refuses_is_named_and_so_is_a_log_without_a_region() {
    let folder = shop();
    fs::write(
        folder.path().join("plan.toml"),
        "[numbers.hk]\n\"boosts.local\" = 9.0\n",
    )
    .unwrap();
    let (code, _, error) = sampan(folder.path(), &[&PAIRS[..], &["plan.toml"]].concat());
    assert!(
        code == 2 && error.contains("numbers.hk") && error.contains("margin"),
        "{error}"
    );
    let no_region = ["simulate", "--log", "counts.tsv", "--plan", "plan.toml"];
    let (code, _, error) = sampan(folder.path(), &no_region);
    assert!(code == 2 && error.contains("--region"), "{error}");
    let no_data = [
        "simulate",
        "--log",
        "counts.tsv",
        "--region",
        "hk",
        "--plan",
        "plan.toml",
        "--data",
        ".",
    ];
    let (code, _, error) = sampan(folder.path(), &no_data);
    assert!(
        code == 2 && error.contains("no folder of a node's data"),
        "{error}"
    );
}
