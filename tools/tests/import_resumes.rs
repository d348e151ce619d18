//! An import sends every item once, tells what was refused where, and goes on where it was interrupted. Through the
//! command, against a node in this process.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

mod fake_node;

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use fake_node::FakeNode;
use tempfile::TempDir;

const MAP: &str = "[item]\nid = \"id\"\ntitles = [\"title\"]\nbrand = \"brand\"\n";

/// A folder with a catalogue of `lines` items and a map, and the command to import it.
struct Shop {
    folder: TempDir,
    address: String,
}

impl Shop {
    fn new(address: &str, lines: impl Iterator<Item = String>) -> Self {
        let shop = Self {
            folder: TempDir::new().unwrap(),
            address: address.to_owned(),
        };
        std::fs::write(
            shop.path("a.jsonl"),
            lines.map(|line| line + "\n").collect::<String>(),
        )
        .unwrap();
        std::fs::write(shop.path("map.toml"), MAP).unwrap();
        shop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn rejects(&self) -> Option<String> {
        std::fs::read_to_string(self.path("a.jsonl.rejects.tsv")).ok()
    }

    /// Runs `sampan import a.jsonl` and gives exit code and output.
    async fn import(&self, more: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sampan"));
        command
            .args([
                "import",
                "a.jsonl",
                "--map",
                "map.toml",
                "--address",
                &self.address,
            ])
            .args(more)
            .current_dir(self.folder.path());
        let Output {
            status,
            stdout,
            stderr,
        } = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
        (status.code().unwrap(), text)
    }
}

fn item(number: usize) -> String {
    format!("{{\"id\":\"{number}\",\"title\":\"雪櫃\",\"brand\":\"樂信\"}}")
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_accepted_is_exit_code_0_and_leaves_nothing_behind() {
    let (node, address) = FakeNode::start().await;
    let shop = Shop::new(&address, (0..2_500).map(item));
    let (code, text) = shop.import(&[]).await;
    assert_eq!(code, 0, "{text}");
    assert!(
        text.starts_with("a.jsonl: 2500 items accepted, 0 refused"),
        "{text}"
    );
    assert!(node.with(|state| state.accepted.len() == 2_500));
    let mut left: Vec<_> = std::fs::read_dir(shop.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["a.jsonl", "map.toml"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_told_by_line_field_and_reason() {
    let (node, address) = FakeNode::start().await;
    let mut lines: Vec<String> = (0..5).map(item).collect();
    lines[1] = "not json".to_owned();
    lines[3] = "{\"id\":\"3\",\"title\":\"雪櫃\"}".to_owned();
    lines[4] = "{\"id\":\"4\",\"brand\":\"樂信\"}".to_owned();
    let shop = Shop::new(&address, lines.into_iter());
    let (code, text) = shop.import(&[]).await;
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("2 items accepted, 3 refused"), "{text}");
    let rejects = shop.rejects().unwrap();
    let rows: Vec<&str> = rejects.lines().collect();
    assert_eq!(rows[0], "file\tline\tid\tfield\treason");
    assert!(
        rows[1].starts_with("a.jsonl\t2\t\trecord\tthe line is not JSON"),
        "{rejects}"
    );
    assert_eq!(rows[2], "a.jsonl\t4\t3\tbrand\tis empty");
    assert_eq!(
        rows[3],
        "a.jsonl\t5\t4\titem.titles\tis missing; an item needs a title"
    );
    assert_eq!(rows.len(), 4);
    // The map has no offers: the items are sold at an unknown price in every region of the node.
    let offers = node.with(|state| state.offers["0"].clone());
    let regions: Vec<&str> = offers.iter().map(|offer| offer.region.as_str()).collect();
    assert_eq!(regions, ["hk", "tw"]);
    assert_eq!(offers[1].price.as_ref().unwrap().currency, "TWD");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_import_goes_on_and_ends_with_every_item_and_every_refusal_once() {
    let (node, address) = FakeNode::start().await;
    let without_brand = |number: usize| format!("{{\"id\":\"{number}\",\"title\":\"雪櫃\"}}");
    let lines = (0..4_500).map(|n| {
        if n % 100 == 7 {
            without_brand(n)
        } else {
            item(n)
        }
    });
    let shop = Shop::new(&address, lines);
    node.with(|state| state.batches_left = Some(2));
    let (code, text) = shop.import(&[]).await;
    assert_eq!(code, 2, "{text}");
    assert!(
        text.contains("imported up to line 2000; run the same command again"),
        "{text}"
    );

    node.with(|state| state.batches_left = None);
    let (code, text) = shop.import(&[]).await;
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("4455 items accepted, 45 refused"), "{text}");
    assert!(text.contains("went on after line 2000"), "{text}");
    let accepted = node.with(|state| state.accepted.clone());
    assert_eq!(accepted.len(), 4_455);
    for (id, times) in accepted {
        // The batch that was written without an answer is sent again; an item replaces itself.
        let unanswered = (2_000..3_000).contains(&id.parse::<usize>().unwrap());
        assert_eq!(times, if unanswered { 2 } else { 1 }, "item {id}");
    }
    let rejects = shop.rejects().unwrap();
    let lines: Vec<&str> = rejects
        .lines()
        .skip(1)
        .map(|row| row.split('\t').nth(1).unwrap())
        .collect();
    let expected: Vec<String> = (0..45).map(|n| (n * 100 + 8).to_string()).collect();
    assert_eq!(lines, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_a_restart_and_a_node_that_lost_its_data_start_over() {
    for case in ["changed", "restart", "lost"] {
        let (node, address) = FakeNode::start().await;
        let shop = Shop::new(&address, (0..2_500).map(item));
        node.with(|state| state.batches_left = Some(1));
        assert_eq!(shop.import(&[]).await.0, 2);
        node.with(|state| state.batches_left = None);
        let more: &[&str] = match case {
            "changed" => {
                let text: String = (0..2_500).map(|n| item(n) + " \n").collect();
                std::fs::write(shop.path("a.jsonl"), text).unwrap();
                &[]
            }
            "restart" => &["--restart"],
            _ => {
                node.with(|state| *state = fake_node::State::default());
                &[]
            }
        };
        let (code, text) = shop.import(more).await;
        assert_eq!(code, 0, "{case}: {text}");
        assert!(!text.contains("went on after"), "{case}: {text}");
        assert_eq!(node.with(|state| state.accepted.len()), 2_500, "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_run_is_exit_code_2_with_a_sentence_that_helps() {
    let (_node, address) = FakeNode::start().await;
    let shop = Shop::new(&address, (0..1).map(item));
    let map = |text: &str| std::fs::write(shop.path("map.toml"), text).unwrap();

    map("[item]\nid = \"id\"\ntitle = \"title\"\n");
    let (code, text) = shop.import(&[]).await;
    assert!(code == 2 && text.contains("item.titles: missing"), "{text}");

    map(&format!("{MAP}regions = [\"xx\"]\n"));
    let (code, text) = shop.import(&[]).await;
    assert!(
        code == 2 && text.contains("no region \"xx\"; it has hk, tw"),
        "{text}"
    );

    map(MAP);
    let (code, text) = shop.import(&["b.xls"]).await;
    assert!(code == 2 && text.contains("b.xls"), "{text}");

    let nobody = Shop {
        address: "127.0.0.1:1".into(),
        ..shop
    };
    let (code, text) = nobody.import(&[]).await;
    assert!(
        code == 2 && text.contains("no node answers at http://127.0.0.1:1"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn several_files_share_one_rejects_file_and_one_exit_code() {
    let (node, address) = FakeNode::start().await;
    let shop = Shop::new(&address, (0..3).map(item));
    std::fs::write(shop.path("b.csv"), "id,title,brand\n9,茶,\n10,茶,天仁\n").unwrap();
    std::fs::write(shop.path("c.tsv"), "id\ttitle\tbrand\n11\t茶\t\n").unwrap();
    let (code, text) = shop
        .import(&["b.csv", "c.tsv", "--rejects", "all.tsv", "--json"])
        .await;
    assert_eq!(code, 1, "{text}");
    let reports: serde_json::Value = serde_json::from_str(&text).unwrap();
    let counts: Vec<(i64, i64)> = reports
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            (
                r["accepted"].as_i64().unwrap(),
                r["refused"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(counts, [(3, 0), (1, 1), (0, 1)]);
    let rejects = std::fs::read_to_string(shop.path("all.tsv")).unwrap();
    let expected = "file\tline\tid\tfield\treason\nb.csv\t2\t9\tbrand\tis empty\nc.tsv\t2\t11\tbrand\tis empty\n";
    assert_eq!(rejects, expected);
    assert_eq!(node.with(|state| state.accepted.len()), 4);
}
