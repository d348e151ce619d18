//! `sampan eval ab` and `interleaving` on experiments whose truth is known, through the command.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::{path::Path, process::Command};

use serde_json::Value;

/// Runs `sampan --json eval …` in a folder: exit code, answer, errors.
fn eval(folder: &Path, arguments: &[&str]) -> (i32, Value, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sampan"))
        .args(["--json", "eval"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let answer = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code().unwrap(), answer, errors)
}

#[test]
fn an_experiment_is_told_with_its_parts_and_a_broken_one_has_no_verdict() {
    let folder = tempfile::TempDir::new().unwrap();
    let made = [
        "ab",
        "events.jsonl",
        "--simulate",
        "3000",
        "--lift",
        "0.5",
        "--home",
        "hk",
    ];
    let (code, report, errors) = eval(folder.path(), &made);
    assert_eq!(code, 0, "{errors}");
    let comparisons = report["comparisons"].as_array().unwrap();
    let segments: Vec<&str> = comparisons
        .iter()
        .map(|its| its["segment"].as_str().unwrap())
        .collect();
    let parts = [
        "all users",
        "heavy users",
        "light users",
        "home addresses",
        "overseas addresses",
    ];
    assert_eq!(segments, parts);
    let d_to_o = &comparisons[0]["metrics"][3];
    assert_eq!(d_to_o["metric"], "d_to_o");
    assert!(d_to_o["p_adjusted"].as_f64().unwrap() < 0.05, "{d_to_o}");

    // Without the start all events count, and nobody is light or heavy.
    let (_, again, _) = eval(folder.path(), &["ab", "events.jsonl"]);
    assert_eq!(again["comparisons"].as_array().unwrap().len(), 1);

    let shares = [
        "ab",
        "events.jsonl",
        "--shares",
        "control=0.6,treatment=0.4",
    ];
    let (code, report, _) = eval(folder.path(), &shares);
    assert_eq!(
        (code, &report["withheld"]),
        (1, &Value::from("sample_ratio_mismatch"))
    );

    let (code, _, errors) = eval(folder.path(), &["ab", "events.jsonl", "--control", "old"]);
    assert!(
        code != 0 && errors.contains("control, treatment"),
        "{errors}"
    );
    let (code, _, errors) = eval(folder.path(), &made);
    assert!(code != 0 && errors.contains("exists"), "{errors}");
}

#[test]
fn random_splits_reject_one_time_in_twenty() {
    let folder = tempfile::TempDir::new().unwrap();
    let asked = ["ab", "events.jsonl", "--simulate", "1500", "--aa", "400"];
    let (code, results, errors) = eval(folder.path(), &asked);
    assert_eq!(code, 0, "{errors}");
    for result in results.as_array().unwrap() {
        let rejected = result["rejected"].as_f64().unwrap();
        // Counts of 400 splits are within three standard errors of 5 %.
        assert!((rejected - 0.05).abs() < 0.033, "{result}");
    }
}

#[test]
fn credits_of_interleaved_lists_decide() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut events = String::new();
    for user in 0..60 {
        let mut line = |kind: &str, item: &str, team: &str| {
            events += &format!(
                "{{\"user_id\":\"u{user}\",\"request_id\":\"r{user}\",\"kind\":\"{kind}\",\"time\":1,\
                 \"item_id\":\"{item}\",\"team\":\"{team}\"}}\n"
            );
        };
        line("impression", "1", "old");
        line("impression", "2", "new");
        line("click", if user % 3 == 0 { "1" } else { "2" }, "");
    }
    std::fs::write(folder.path().join("events.jsonl"), events).unwrap();
    let (code, counted, errors) = eval(folder.path(), &["interleaving", "events.jsonl"]);
    assert_eq!(code, 0, "{errors}");
    // By name: new comes first.
    assert_eq!(
        (&counted["verdict"], &counted["teams"][0]),
        (&"first".into(), &"new".into())
    );
    let (code, _, errors) = eval(
        folder.path(),
        &["interleaving", "events.jsonl", "--experiment", "x"],
    );
    assert_eq!(code, 0, "{errors}");
}
