//! `sampan eval suggest`: queries that were asked before are offered early in any script and by sound, and nothing is
//! offered that the region cannot buy.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::{fs, process::Command};

use serde_json::Value;
use tempfile::TempDir;

const MAP: &str = "[item]\nid = \"id\"\ntitles = [\"title\"]\n";
const ITEMS: &str = "id\ttitle\n1\t家用洗衣機\n2\t洗衣粉 3kg\n3\t嬰兒奶粉\n4\t不鏽鋼保溫杯\n";

fn suggest(folder: &TempDir, arguments: &[&str]) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sampan"));
    let shop = [
        "eval",
        "suggest",
        "--catalog",
        "items.tsv",
        "--map",
        "map.toml",
    ];
    let output = command
        .arg("--json")
        .args(shop)
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn shop() -> TempDir {
    let folder = TempDir::new().unwrap();
    let log = "洗衣機\t9\n洗衣粉\t5\n嬰兒奶粉\t3\n保溫杯\t2\n沒有的東西\t8\n";
    for (name, text) in [("items.tsv", ITEMS), ("map.toml", MAP), ("log.txt", log)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    // The same words in the other script, and one that nobody asked for.
    fs::write(
        folder.path().join("asked.txt"),
        "洗衣机\n婴儿奶粉\n保温杯套\n",
    )
    .unwrap();
    folder
}

#[test]
fn what_was_asked_before_is_offered_in_any_script_and_by_sound() {
    let folder = shop();
    let arguments = ["--log", "log.txt", "--asked", "asked.txt", "--region", "hk"];
    let (ok, text, error) = suggest(&folder, &arguments);
    assert!(ok, "{error}");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&report["asked"], &report["items"]), (&3.into(), &4.into()));
    // Nothing is sold that 沒有的東西 would find.
    assert_eq!(report["learnt"]["without_hits"], 1);
    assert_eq!(report["learnt"]["clicks"], 19);
    let slice = |name: &str| {
        let slices = report["slices"].as_array().unwrap();
        slices
            .iter()
            .find(|its| its["name"] == name)
            .unwrap()
            .clone()
    };
    let before = slice("asked before");
    assert_eq!(before["queries"], 2);
    // After one character each: 洗衣機 first of two, 嬰兒奶粉 alone.
    assert_eq!(before["mrr_10"]["mean"], 1.0);
    assert!(
        (before["saved"]["mean"].as_f64().unwrap() - (1.0 / 3.0 + 2.0 / 4.0) / 2.0).abs() < 1e-9
    );
    let new = slice("not asked before");
    assert_eq!(new["queries"], 1);
    assert_eq!(new["saved"]["mean"], 0.0);
    // 保溫杯 is a beginning of it.
    assert_eq!(new["saved_in_steps"]["mean"], 0.25);
    let way = |name: &str| {
        let ways = report["ways"].as_array().unwrap();
        ways.iter().find(|its| its["name"] == name).unwrap().clone()
    };
    for sound in ["jyutping", "pinyin", "zhuyin"] {
        let found = &way(sound)["success_5"];
        assert_eq!(
            (&found["hits"], &found["of"]),
            (&2.into(), &3.into()),
            "{sound}: {text}"
        );
    }
    // The log alone does not know that 婴 is 嬰.
    assert_eq!(way("characters, log alone")["success_5"]["hits"], 1);
    assert_eq!(report["unsellable"]["hits"], 0);
    assert!(report["unsellable"]["of"].as_u64().unwrap() >= 3, "{text}");
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let folder = shop();
    for (arguments, named) in [
        (["--log", "log.txt", "--region", "xx"], "xx"),
        (
            ["--log", "items.tsv", "--region", "hk"],
            "items.tsv, line 1",
        ),
        (["--log", "none.txt", "--region", "hk"], "none.txt"),
    ] {
        let (ok, _, error) = suggest(&folder, &arguments);
        assert!(!ok && error.contains(named), "{arguments:?}: {error}");
    }
    let (ok, _, error) = suggest(
        &folder,
        &["--log", "log.txt", "--region", "hk", "--held-out", "1"],
    );
    assert!(!ok && error.contains("--held-out"), "{error}");
}
