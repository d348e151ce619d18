//! `sampan expansions`: what it needs is said before anything is read.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::process::Command;

use tempfile::TempDir;

/// Runs `sampan expansions mine` and gives its exit code and what it said of its failure.
fn mine(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sampan"));
    let files = ["--catalog", "none.jsonl", "--map", "none.toml"];
    command
        .args(["expansions", "mine"])
        .args(files)
        .args(arguments);
    let output = command.output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn without_an_encoder_it_says_how_to_get_one() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("use.encoder");
    let (code, said) = mine(&["--model", missing.to_str().unwrap()]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("sampan model fetch") && said.contains("use.encoder"),
        "{said}"
    );
    let (code, said) = mine(&["--model", "none"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("--model"), "{said}");
}

#[test]
fn a_word_has_one_to_eight_neighbours() {
    for number in ["0", "9", "many"] {
        let (code, said) = mine(&["--neighbours", number]);
        assert_eq!(code, Some(2));
        assert!(said.contains("--neighbours"), "{number}: {said}");
    }
    // These are taken: what is missing next is the encoder.
    for number in ["1", "8"] {
        let (_, said) = mine(&["--neighbours", number, "--model", "none"]);
        assert!(said.contains("--model"), "{number}: {said}");
    }
}
