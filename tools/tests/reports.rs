//! `--html` and `--markdown` of the evaluations, through the command.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

mod small_shop;

use std::{fs, process::Command};

use small_shop::{QUERIES, write_shop};
use tempfile::TempDir;

const SHOP: [&str; 10] = [
    "--catalog",
    "items.tsv",
    "--map",
    "map.toml",
    "--queries",
    "q.tsv",
    "--region",
    "hk",
    "--qrels",
    "slow.tsv",
];

/// Runs an evaluation of the shop with both files; gives them.
fn reports(folder: &TempDir, arguments: &[&str]) -> (String, String) {
    let files = ["--html", "r.html", "--markdown", "r.md"];
    let ran = Command::new(env!("CARGO_BIN_EXE_sampan"))
        .args(arguments.iter().chain(&files))
        .env("SAMPAN_MODEL", "none")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    (read("r.html"), read("r.md"))
}

#[test]
fn judged_queries_are_listed_with_their_hits_grades_and_matches() {
    let folder = TempDir::new().unwrap();
    write_shop(folder.path());
    let search = ["eval", "search", "--mode", "lexical", "--slice", "script"];
    let (page, markdown) = reports(&folder, &[&search[..], &SHOP].concat());
    for section in ["Summary", "Slices", "Queries"] {
        assert!(page.contains(&format!("<h2>{section}</h2>")), "{section}");
        assert!(markdown.contains(&format!("\n## {section}\n")), "{section}");
    }
    assert_eq!(page.matches("<details ").count(), QUERIES);
    assert!(page.contains(
        "<mark>ZQ300</mark> 毛巾 <span class=\"id\">slow3</span> <span class=\"tag\">grade 1</span>"
    ));
    assert!(page.contains("<h3>sampan (lexical)</h3>") && page.contains("<h3>baseline</h3>"));
    assert!(markdown.contains("| nDCG@10 | 0.6309 |"), "{markdown}");
}

#[test]
fn a_comparison_shows_both_lists_and_what_moved() {
    let folder = TempDir::new().unwrap();
    write_shop(folder.path());
    let slow_first = "inherits = \"common\"\n[weights]\nsales = -1.0\n";
    fs::write(folder.path().join("slow.toml"), slow_first).unwrap();
    let compare = [
        "eval",
        "compare",
        "--lexical",
        "--after-profile",
        "slow.toml",
    ];
    let (page, markdown) = reports(&folder, &[&compare[..], &SHOP].concat());
    assert_eq!(page.matches("<details ").count(), QUERIES);
    assert!(
        page.contains("<span class=\"tag\">grade 1, ↑ 1</span>"),
        "the relevant one moved up"
    );
    assert!(
        markdown.contains("ZQ000 毛巾 (slow0): grade 1, ↑ 1"),
        "{markdown}"
    );
    assert!(page.contains("<td class=\"good\">better</td>"));
}

#[test]
fn an_experiment_has_a_section_a_part_of_the_users() {
    let folder = TempDir::new().unwrap();
    let ab = [
        "eval",
        "ab",
        "events.jsonl",
        "--simulate",
        "1200",
        "--lift",
        "0.2",
        "--home",
        "hk",
    ];
    let (page, markdown) = reports(&folder, &ab);
    assert!(page.contains("<h2>treatment against control: all users</h2>"));
    assert!(
        markdown.contains("| L→O |") && markdown.contains("light users"),
        "{markdown}"
    );
}
