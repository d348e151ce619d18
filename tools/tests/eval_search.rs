//! `sampan eval search` measures the node beside the baseline, through the command.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::process::{Command, Output};

use tempfile::TempDir;

const CATALOGUE: &str = "id,title,brand\n1,變頻雙門雪櫃,樂信\n2,迷你電冰箱,冰力\n3,嬰兒奶粉 900克,美素\n4,行動電源 10000mAh,閃能\n";
const MAP: &str = "[item]\nid = \"id\"\ntitles = [\"title\"]\nbrand = \"brand\"\n";
const QUERIES: &str = "q1\t奶粉\nq2\t行动电源\nq3\t雪櫃\nq4\t沒有判斷\n";
const QRELS: &str = "q1 0 3 1\nq2 0 4 2\nq3 0 1 1\nq3 0 2 1\nq3 0 99 1\n";

/// Runs an evaluation in a folder with the files above.
fn eval(more: &[&str]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let files = [
        ("c.csv", CATALOGUE),
        ("m.toml", MAP),
        ("q.tsv", QUERIES),
        ("r.tsv", QRELS),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_sampan"))
        .args([
            "eval",
            "search",
            "--catalog",
            "c.csv",
            "--map",
            "m.toml",
            "--region",
            "hk",
        ])
        .args(["--queries", "q.tsv", "--qrels", "r.tsv", "--depth", "100"])
        .args(more)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    (folder, String::from_utf8(stdout).unwrap())
}

#[test]
fn both_rows_are_printed_and_what_is_not_judged_is_said() {
    let (_folder, text) = eval(&["--mode", "lexical"]);
    assert!(
        text.contains(" sampan (lexical) ") && text.contains(" baseline\n"),
        "{text}"
    );
    assert!(
        text.contains("4 items (0 refused), 4 queries from hk, depth 100"),
        "{text}"
    );
    assert!(
        text.contains("1 queries have no relevant judgement"),
        "{text}"
    );
    assert!(
        text.contains("1 relevant documents are not in the catalogue"),
        "{text}"
    );
}

#[test]
fn the_run_the_report_and_the_queries_are_written() {
    let more = [
        "--run",
        "o.trec",
        "--report",
        "o.json",
        "--per-query",
        "o.tsv",
        "--json",
    ];
    let (folder, text) = eval(&more);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let report: serde_json::Value = serde_json::from_str(&read("o.json")).unwrap();
    assert_eq!(
        report,
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    );
    assert_eq!(report["rows"][0]["name"], "sampan (hybrid)");
    assert_eq!(report["rows"][1]["name"], "baseline");
    // Every judged query finds its items first; q3 has a third one that is not there to be found.
    assert_eq!(report["rows"][0]["mrr_10"], 1.0, "{report}");
    let recall = report["rows"][0]["recall_10"].as_f64().unwrap();
    assert!((recall - (2.0 + 2.0 / 3.0) / 3.0).abs() < 1e-9, "{report}");

    let run = read("o.trec");
    let mut last = (String::new(), 0, f64::INFINITY);
    for line in run.lines() {
        let columns: Vec<&str> = line.split(' ').collect();
        let [query, "Q0", _id, rank, score, "sampan"] = columns[..] else {
            panic!("{line}")
        };
        let (rank, score): (u32, f64) = (rank.parse().unwrap(), score.parse().unwrap());
        if query == last.0 {
            assert!(rank == last.1 + 1 && score < last.2, "{run}");
        } else {
            assert_eq!(rank, 1, "{run}");
        }
        last = (query.to_owned(), rank, score);
    }
    assert!(run.starts_with("q1 Q0 3 1 "), "{run}");
    let per_query = read("o.tsv");
    assert_eq!(per_query.lines().count(), 5);
    assert!(
        per_query.starts_with("query\ttext\trelevant\tsampan_ndcg_10"),
        "{per_query}"
    );
}

#[test]
fn the_baseline_alone_and_converted_text_can_be_measured() {
    let (folder, text) = eval(&[
        "--mode",
        "baseline",
        "--run",
        "o.trec",
        "--titles-convert",
        "t2s",
    ]);
    assert!(
        !text.contains("sampan") && text.contains(" baseline\n"),
        "{text}"
    );
    let run = std::fs::read_to_string(folder.path().join("o.trec")).unwrap();
    assert!(run.starts_with("q1 Q0 3 1 "), "{run}");
    let (_folder, text) = eval(&[
        "--queries-convert",
        "t2s",
        "--titles-convert",
        "s2hk",
        "--json",
    ]);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["rows"][0]["mrr_10"], 1.0, "{report}");
}

#[test]
fn queries_are_measured_apart_by_kind_and_from_other_regions() {
    let more = [
        "--mode",
        "lexical",
        "--json",
        "--slice",
        "script,length",
        "--also-from",
        "tw",
    ];
    let (_folder, text) = eval(&more);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let names = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["sampan (lexical)", "from tw", "baseline"]
    );
    let slices = report["slices"].as_array().unwrap();
    let slice = |name: &str| slices.iter().find(|slice| slice["name"] == name).unwrap();
    // 奶粉 is the same in both scripts, 行动电源 is Simplified, 雪櫃 and 沒有判斷 are Traditional.
    assert_eq!(slice("same in both")["queries"], 1);
    assert_eq!(slice("Simplified")["queries"], 1);
    let traditional = slice("Traditional");
    assert_eq!(
        (&traditional["queries"], &traditional["judged"]),
        (&2.into(), &1.into())
    );
    assert!(traditional["ndcg_interval"].is_array(), "{traditional}");

    let (_folder, text) = eval(&["--mode", "lexical", "--slice", "script"]);
    assert!(text.contains(" Traditional "), "{text}");
}
