//! Restrictions go to a table and back through the command, and a bad table changes nothing.
#![allow(clippy::unwrap_used)] // A step that fails is a test that fails.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use sampan_proto::v1::DocumentKind;
use sampan_tests::{clients::Clients, node::TestNode};

const RULES: &str = "valid_until = 2099-01-01

[[restriction]]
id = \"spirits\"
reason = \"烈酒\\t不可郵寄\"
source = \"own\"
category = [\"食品 > 酒類\", \"酒 | 水\"]
brand = [\"維記\"]
tag = [\"烈酒\"]
item = [\"a\", \"b\"]
origin = [\"jp\"]
attribute = [{ name = \"度數\", value = \"40=\" }]
ship_modes = [\"direct_mail\", \"consolidated\"]
from = 2026-01-01
until = 2098-12-31T08:00:00+08:00

[[restriction]]
id = \"last\"
reason = \"\"
source = \"own\"
tag = [\"x\"]
";

fn run(node: &TestNode, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sampan"))
        .args(["admin", "--address", node.address()])
        .args(arguments)
        .output()
        .unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

async fn rules(clients: &Clients) -> toml::Table {
    let document = clients
        .try_get_document(DocumentKind::Restrictions, "hk")
        .await;
    document.unwrap().toml.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_takes_and_brings_back_every_rule() {
    let node = TestNode::start();
    let clients = node.clients().await;
    clients.put_restrictions("hk", RULES).await;
    let exported = run(
        &node,
        &["export", "restrictions", "--region", "hk", "--tsv"],
    );
    assert!(exported.status.success(), "{exported:?}");
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("hk.tsv");
    fs::write(&table, &exported.stdout).unwrap();
    clients.put_restrictions("hk", "# none\n").await;

    let import = ["import", "restrictions", "--region", "hk", text(&table)];
    let dry = run(&node, &[&import[..], &["--dry-run"]].concat());
    assert!(dry.status.success(), "{dry:?}");
    assert!(rules(&clients).await.is_empty(), "only tried");
    let imported = run(&node, &import);
    assert!(imported.status.success(), "{imported:?}");
    let expected: toml::Table = RULES.parse().unwrap();
    assert_eq!(rules(&clients).await, expected);

    let wrong = String::from_utf8(exported.stdout)
        .unwrap()
        .replace("direct_mail", "pigeon");
    fs::write(&table, wrong).unwrap();
    let refused = run(&node, &import);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(told.contains("line 3: ship_modes: \"pigeon\""), "{told}");
    assert_eq!(rules(&clients).await, expected, "nothing was put");
}
