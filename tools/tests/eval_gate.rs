//! `sampan eval gate` on the written sets and the demo catalogue, through the command.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::{path::Path, process::Command};

use serde_json::Value;

const SETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/language");

/// Runs the gate: exit code, answer, errors.
fn gate(baseline: &Path, more: &[&str]) -> (i32, Value, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sampan"))
        .args(["--json", "eval", "gate", "--sets", SETS])
        .arg(baseline)
        .args(more)
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let answer = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code().unwrap(), answer, errors)
}

#[test]
fn figures_hold_against_themselves_and_a_worse_one_shuts_the_gate() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("gate.json");
    let (code, answer, errors) = gate(&file, &["--write"]);
    assert_eq!(
        (code, &answer["passes"]),
        (0, &Value::from(true)),
        "{errors}"
    );

    let mut written: Value =
        serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let figures = written["figures"].as_array_mut().unwrap();
    assert!(figures.len() >= 6, "{figures:?}");
    // As if look-alikes had once been kept apart better than now.
    let best = figures
        .iter_mut()
        .find(|its| its["name"] == "look-alikes kept apart")
        .unwrap();
    (best["mean"], best["low"], best["high"]) = (0.99.into(), 0.98.into(), 1.0.into());
    std::fs::write(&file, written.to_string()).unwrap();
    let (code, answer, _) = gate(&file, &[]);
    assert_eq!((code, &answer["passes"]), (1, &Value::from(false)));
    let figures = answer["figures"].as_array().unwrap();
    let shut: Vec<&Value> = figures
        .iter()
        .filter(|its| its["verdict"] == "worse")
        .collect();
    assert_eq!(shut.len(), 1);
    assert_eq!(shut[0]["recorded"]["name"], "look-alikes kept apart");
    // The others did not move: the same words bring the same figures.
    let within = figures
        .iter()
        .filter(|its| its["verdict"] == "within")
        .count();
    assert_eq!(within, figures.len() - 1, "{answer}");
}

#[test]
fn a_file_that_is_no_baseline_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("gate.json");
    let (code, _, errors) = gate(&file, &[]);
    assert!(code != 0 && errors.contains("gate.json"), "{errors}");
    std::fs::write(&file, "{\"figures\":[{\"name\":\"x\"}]}").unwrap();
    let (code, _, errors) = gate(&file, &[]);
    assert!(code != 0 && errors.contains("queries"), "{errors}");
}
