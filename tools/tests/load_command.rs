//! `sampan load`: what it measures of a node, and what it refuses before it asks one.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::{fs, process::Command};

use sampan_tests::shop::shop;
use serde_json::Value;
use tempfile::TempDir;

/// Runs `sampan --json load` and gives its exit code, what it printed, and what it said of its failure.
fn load(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sampan"));
    let output = command
        .args(["--json", "load"])
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_tells_waiting_times_bytes_and_stages_and_draws_them() {
    let (node, _clients) = shop(&["hk"], &[("a", "雪櫃"), ("b", "雙門雪櫃")]).await;
    let folder = TempDir::new().unwrap();
    let (queries, svg) = (
        folder.path().join("log.txt"),
        folder.path().join("curve.svg"),
    );
    fs::write(&queries, "雪櫃\n冰箱\n\n").unwrap();
    let arguments: Vec<String> = [
        ("--address", node.address()),
        ("--queries", queries.to_str().unwrap()),
        ("--svg", svg.to_str().unwrap()),
        ("--region", "hk"),
        ("--rate", "20"),
        ("--factor", "2"),
        ("--steps", "2"),
        ("--seconds", "1.5"),
        ("--warm-up", "0.2"),
        ("--feed-share", "0.3"),
    ]
    .iter()
    .flat_map(|(name, value)| [name.to_string(), value.to_string()])
    .chain(["--sweep".to_owned()])
    .collect();
    let run = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        load(&arguments)
    });
    let (code, printed, said) = run.await.unwrap();
    assert_eq!(code, Some(0), "{said}");
    let rates: Vec<Value> = serde_json::from_str(&printed).unwrap();
    let first = &rates[0];
    assert_eq!(first["rate"], 20.0);
    // 30 are expected; with Poisson arrivals 8 is four standard deviations less.
    assert!(first["answers"].as_u64().unwrap() >= 8, "{first}");
    assert_eq!(
        (first["errors"].as_u64(), first["dropped"].as_u64()),
        (Some(0), Some(0))
    );
    let micros = |name: &str| first[name].as_u64().unwrap();
    assert!(0 < micros("p50_micros") && micros("p50_micros") <= micros("max_micros"));
    let bytes = |name: &str| first["answer_bytes"][name].as_u64().unwrap();
    assert!(0 < bytes("p50") && bytes("p50") <= bytes("p99"), "{first}");
    let stages = first["stages_micros"].as_array().unwrap();
    assert_eq!(stages[0]["stage"], "all stages");
    let understand = stages.iter().find(|its| its["stage"] == "understand");
    let understand = understand.unwrap();
    assert!(
        understand["wall"]["mean"].as_f64().unwrap() > 0.0,
        "{understand}"
    );
    // Searches are seven in ten of the requests; visits of the feed match nothing.
    let matching = stages.iter().find(|its| its["stage"] == "match").unwrap();
    assert!(
        matching["answers"].as_u64() < first["answers"].as_u64(),
        "{first}"
    );
    let processor = |of: &Value| of["processor"]["mean"].as_f64().unwrap();
    assert!(processor(&stages[0]) > 0.0, "{first}");
    assert!(processor(&stages[0]) >= processor(understand), "{first}");
    let curve = fs::read_to_string(&svg).unwrap();
    assert!(
        curve.starts_with("<svg") && curve.contains("p99.9"),
        "{curve}"
    );
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let folder = TempDir::new().unwrap();
    let queries = folder.path().join("log.txt");
    fs::write(&queries, "雪櫃\n").unwrap();
    let queries = queries.to_str().unwrap();
    let right = ["--queries", queries, "--region", "hk"];
    for (name, value) in [
        ("--rate", "0"),
        ("--rate", "nan"),
        ("--seconds", "0"),
        ("--warm-up", "-1"),
        ("--factor", "1"),
        ("--steps", "0"),
        ("--feed-share", "1.5"),
        ("--connections", "0"),
    ] {
        let wrong = format!("{name}={value}");
        let (code, _, said) = load(&[&right[..], &[&wrong]].concat());
        assert_ne!(code, Some(0));
        assert!(said.contains(name), "{wrong}: {said}");
    }
    let empty = folder.path().join("empty.txt");
    fs::write(&empty, "\n").unwrap();
    let (code, _, said) = load(&["--queries", empty.to_str().unwrap(), "--region", "hk"]);
    assert_ne!(code, Some(0));
    assert!(said.contains("holds no query"), "{said}");
}
