//! `sampan eval parity`: whether a query brings the same in every script, through the command.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::process::Command;

use serde_json::Value;

#[test]
fn the_node_answers_alike_in_every_script() {
    let folder = tempfile::TempDir::new().unwrap();
    let files = [
        (
            "c.csv",
            "id,title\n1,變頻雙門雪櫃\n2,嬰兒奶粉 900克\n3,行动电源 10000mAh\n4,電飯煲 5公升\n",
        ),
        ("m.toml", "[item]\nid = \"id\"\ntitles = [\"title\"]\n"),
        ("q.tsv", "q1\t行動電源\nq2\t电饭煲\nq3\t奶粉\n"),
        ("r.tsv", "q1 0 3 1\nq2 0 4 1\nq3 0 2 1\n"),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let run = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_sampan"))
            .args(more)
            .args([
                "eval",
                "parity",
                "--catalog",
                "c.csv",
                "--map",
                "m.toml",
                "--region",
                "hk",
            ])
            .args(["--queries", "q.tsv", "--qrels", "r.tsv", "--lexical"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout).unwrap()
    };
    let found: Value = serde_json::from_str(&run(&["--json"])).unwrap();
    assert_eq!(
        (&found["queries"], &found["same_in_all"], &found["judged"]),
        (&2.into(), &1.into(), &2.into())
    );
    assert_eq!(found["ndcg_gap"], 0.0, "{found}");
    assert!(found["least_overlap"].as_f64().unwrap() > 0.999, "{found}");
    let text = run(&[]);
    assert!(
        text.contains(" Hong Kong ") && text.contains("nDCG@10 gap 0.0000"),
        "{text}"
    );
}
