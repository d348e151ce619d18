//! `sampan eval counterfactual` on logs whose truth is known, through the command.
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
fn a_log_in_open_bandits_format_answers_for_a_plan_and_refuses_one_it_cannot_support() {
    let folder = tempfile::TempDir::new().unwrap();
    let (_, truth, _) = eval(folder.path(), &["coverage", "--write", "."]);
    let truth = truth["plan_list"].as_f64().unwrap();
    let asked = [
        "counterfactual",
        "log.csv",
        "--context",
        "user_feature_0",
        "--target-policy",
    ];
    let (code, report, errors) = eval(folder.path(), &[&asked[..], &["plan.csv"]].concat());
    assert_eq!(code, 0, "{errors}");
    let answers = report["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 9);
    for answer in answers {
        let estimate = &answer["estimate"];
        let number = |name: &str| estimate[name].as_f64().unwrap();
        let lists = ["item_position", "cascade", "whole_list", "pseudo_inverse"];
        let is_of_lists = lists.contains(&answer["estimator"].as_str().unwrap());
        let truth = if is_of_lists { truth } else { truth / 3.0 };
        assert!(
            number("low") <= truth && truth <= number("high"),
            "{answer}"
        );
        assert!(number("effect_low") > 0.0, "{answer}");
    }

    let unheard = "item_id,probability\n0,0.5\nnew,0.5\n";
    std::fs::write(folder.path().join("unheard.csv"), unheard).unwrap();
    let (code, report, _) = eval(folder.path(), &[&asked[..], &["unheard.csv"]].concat());
    assert_eq!(code, 1);
    for answer in report["answers"].as_array().unwrap() {
        assert_eq!(answer["refused"]["reason"], "never_shown", "{answer}");
    }
}

#[test]
fn events_are_read_and_what_is_wrong_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut events = String::new();
    for request in 0..400 {
        let shown = if request % 2 == 0 { "a" } else { "b" };
        let event = |kind: &str| {
            format!(
                "{{\"kind\":\"{kind}\",\"user_id\":\"u{request}\",\"request_id\":\"r{request}\",\"item_id\":\"{shown}\",\
                 \"region\":\"hk\",\"position\":0,\"propensity\":0.5}}\n"
            )
        };
        events += &event("impression");
        // Of a, one in two is ordered; of b, one in four.
        if request % 4 == 0 || request % 8 == 1 {
            events += &event("order");
        }
    }
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("log.jsonl", &events);
    write("plan.csv", "item_id,probability\na,0.75\nb,0.25\n");
    let asked = [
        "counterfactual",
        "log.jsonl",
        "--target-policy",
        "plan.csv",
        "--reward",
        "order",
    ];
    let (code, report, errors) = eval(folder.path(), &asked);
    assert_eq!(code, 0, "{errors}");
    let ips = report["answers"][0]["estimate"]["value"].as_f64().unwrap();
    assert!((ips - (0.75 * 0.5 + 0.25 * 0.25)).abs() < 1e-9, "{report}");

    write(
        "log.jsonl",
        &events.replacen("\"propensity\":0.5", "\"propensity\":0", 1),
    );
    let (code, _, errors) = eval(folder.path(), &asked);
    assert!(
        code != 0 && errors.contains("propensity: 0 is not above 0"),
        "{errors}"
    );
}
