//! `analyze`, `convert`, `completions` and `--help`, through the command.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// Runs the command with some standard input; gives whether it succeeded, and both outputs.
fn run(arguments: &[&str], input: &str) -> (bool, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sampan"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments ends without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn words_give_the_line_back_without_its_white_space() {
    let lines = [
        "想搵部平靚正嘅雪櫃",
        "",
        "Sony WH-1000XM5 無線 耳機",
        "  麵　條 500g ",
        "𠝹刀🙂ｶﾀｶﾅ",
    ];
    let (success, out, error) = run(
        &["analyze", "--region", "hk", "--stage", "words"],
        &lines.map(|line| format!("{line}\n")).concat(),
    );
    assert!(success, "{error}");
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let found: Vec<&str> = out.lines().collect();
    assert_eq!(found.len(), lines.len(), "{out}");
    for (found, line) in found.iter().zip(lines) {
        assert_eq!(bare(found), bare(line));
        assert!(
            !found.contains("  ") && found.trim() == *found,
            "single spaces: {found:?}"
        );
    }
}

#[test]
fn tokens_have_offsets_and_the_plan_is_json() {
    let (success, out, _) = run(
        &["analyze", "--region", "hk", "--stage", "tokens"],
        "雪櫃\n",
    );
    assert!(
        success && out.contains("雪櫃/") && out.contains("@0-6:"),
        "{out}"
    );
    let (success, out, _) = run(
        &["analyze", "--region", "hk", "--stage", "understood"],
        "雪櫃\n冰箱\n",
    );
    let plans: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(success && plans.len() == 2, "{out}");
    assert_eq!(
        (plans[0]["text"].as_str(), plans[1]["text"].as_str()),
        (Some("雪櫃"), Some("冰箱"))
    );
}

#[test]
fn conversion_is_line_by_line_and_unknown_names_are_told() {
    let (success, out, _) = run(&["convert", "--config", "s2hk"], "头发里面\n\n皇后\n");
    assert!(success);
    assert_eq!(out, "頭髮裏面\n\n皇后\n");
    let (success, _, error) = run(&["convert", "--config", "s2mars"], "x\n");
    assert!(
        !success && error.contains("s2mars") && error.contains("s2hk"),
        "{error}"
    );
    let (success, _, error) = run(&["analyze", "--region", "mars"], "x\n");
    assert!(
        !success && error.contains("mars") && error.contains("hk"),
        "{error}"
    );
}

#[test]
fn every_command_has_help_with_an_example_and_shells_are_completed() {
    let (_, help, _) = run(&["--help"], "");
    let commands = [
        "demo",
        "serve",
        "import",
        "search",
        "suggest",
        "feed",
        "similar",
        "get",
        "events",
        "status",
        "admin",
        "analyze",
        "convert",
        "dict",
        "eval",
        "generate",
        "model",
        "completions",
    ];
    for command in commands {
        assert!(
            help.contains(&format!("  {command}")),
            "{command} is not in\n{help}"
        );
        let path: &[&str] = if command == "eval" {
            &["eval", "search"]
        } else {
            &[command]
        };
        let (success, text, _) = run(&[path, &["--help"]].concat(), "");
        assert!(
            success && text.contains("Examples:\n  sampan") || text.contains("echo "),
            "{text}"
        );
    }
    for shell in ["bash", "zsh", "fish"] {
        let (success, script, _) = run(&["completions", shell], "");
        assert!(success && script.contains("suggest"), "{shell}");
    }
}
