//! Rules are judged before they act: contradictions are refused, and a dry run tells what first pages gain and lose.

use sampan_proto::v1::{self, DocumentKind};
use sampan_tests::{
    clients::{Clients, ids, query},
    dictionaries::DictionaryCopy,
    items::{item, owned},
    node::TestNode,
    refusal::assert_code,
    wait::{RELOADED_WITHIN, until_true},
};
use tonic::Code;

fn rule(id: &str, when: &str, then: &str) -> String {
    format!(
        "[[rule]]\nid = {id:?}\nreason = \"測試\"\nowner = \"tests\"\nwhen = {{ {when} }}\nthen = {{ {then} }}\n"
    )
}

fn put(region: &str, toml: &str) -> v1::PutDocumentRequest {
    v1::PutDocumentRequest {
        kind: DocumentKind::Rules.into(),
        region: region.to_owned(),
        toml: toml.to_owned(),
        ..Default::default()
    }
}

fn pin(item: &str) -> String {
    format!("pin = [{{ item = {item:?}, position = 1 }}]")
}

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    stock(&clients).await;
    (node, clients)
}

async fn stock(clients: &Clients) {
    let cup = |number: u64| v1::Item {
        sales_prior: 40_000 - 1_500 * number,
        tags: owned(&[if number == 3 { "藍" } else { "紅" }]),
        ..item(&format!("cup-{number:02}"), "陶瓷杯")
    };
    clients.stock((0..25).map(cup).collect()).await;
}

#[tokio::test]
async fn a_contradiction_is_refused_by_both_ids_and_lines_and_the_old_rules_stay() {
    let (_node, clients) = shop().await;
    let first = rule("first", "query = \"陶瓷杯\"", &pin("cup-20"));
    clients
        .try_put(put("hk", &first))
        .await
        .expect("it is taken");
    let second = rule("second", "contains = \"陶瓷杯\"", &pin("cup-21"));
    for (region, toml, places) in [
        (
            "hk",
            first.clone() + &second,
            ["hk/rules.toml:2", "hk/rules.toml:8"],
        ),
        (
            "common",
            second.clone(),
            ["hk/rules.toml:2", "common/rules.toml:2"],
        ),
    ] {
        for dry_run in [true, false] {
            let request = v1::PutDocumentRequest {
                dry_run,
                ..put(region, &toml)
            };
            let message = assert_code(clients.try_put(request).await, Code::InvalidArgument);
            assert!(message.starts_with("toml: "), "{message}");
            for part in ["\"first\"", "\"second\"", "place 1", places[0], places[1]] {
                assert!(message.contains(part), "{part}: {message}");
            }
        }
    }
    let hits = clients.search(query("陶瓷杯", "hk")).await.hits;
    assert_eq!(
        (hits[0].item_id.as_str(), hits[0].pinned_by.as_str()),
        ("cup-20", "first")
    );
    clients
        .try_put(put("tw", &second))
        .await
        .expect("no shopper meets both");
}

#[tokio::test]
async fn a_wrong_rule_is_refused_with_line_and_field() {
    let (_node, clients) = shop().await;
    let wrong = rule("ok", "query = \"a\"", &pin("x"))
        + &rule("wrong", "query = \"b\"", "boost = { tag = \"t\", by = 7 }");
    let message = assert_code(
        clients.try_put(put("hk", &wrong)).await,
        Code::InvalidArgument,
    );
    assert!(
        message.contains("hk/rules.toml:12: \"wrong\": then.boost.by: 7"),
        "{message}"
    );
    let listed = clients.try_get_document(DocumentKind::Rules, "hk").await;
    assert_code(listed, Code::NotFound);
}

#[tokio::test]
async fn a_dry_run_tells_what_a_first_page_gains_and_loses_and_changes_nothing() {
    let (_node, clients) = shop().await;
    let then = "pin = [{ item = \"cup-24\", position = 2 }, { item = \"nowhere\", position = 5 }], \
                hide = { item = [\"cup-00\"] }, boost = { tag = \"藍\", by = 1.0 }, \
                redirect = \"/cups\", banner = \"杯\"";
    let toml = rule("cups", "query = \"陶瓷杯\"", then);
    let before = clients.search(query("陶瓷杯", "hk")).await;
    let written = clients.status().await.sequence_written;
    let dry = v1::PutDocumentRequest {
        dry_run: true,
        ..put("hk", &toml)
    };
    let answer = clients.try_put(dry).await.expect("tried");
    let change = |id: &str| {
        let mut changes = answer.changes.iter().filter(|change| change.item_id == id);
        changes.next().map(|change| change.change.as_str())
    };
    assert_eq!(change("cup-24"), Some("pinned"));
    assert_eq!(change("cup-00"), Some("hidden"));
    assert_eq!(change("cup-03"), Some("boosted"));
    assert_eq!(change("cup-01"), None, "it only moves up");
    assert_eq!(answer.changes_total as usize, answer.changes.len());
    let told = answer.effects.join("\n");
    for part in [
        "1 rules are new",
        "\"nowhere\" does not exist",
        "hk \"陶瓷杯\"",
        "1 pinned",
        "redirects to /cups",
        "1 banners",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(
        clients.status().await.sequence_written,
        written,
        "nothing was written"
    );
    let after = clients.search(query("陶瓷杯", "hk")).await;
    assert_eq!(ids(&after.hits), ids(&before.hits));
    assert!(after.redirect.is_empty() && after.applied_rules.is_empty());

    let real = clients.try_put(put("hk", &toml)).await.expect("put");
    assert_eq!(real.version, answer.version);
    let page = clients.search(query("陶瓷杯", "hk")).await;
    assert_eq!(page.hits[1].item_id, "cup-24", "as it was told");
    let gone = v1::PutDocumentRequest {
        dry_run: true,
        ..put("hk", "# no rules\n")
    };
    let answer = clients.try_put(gone).await.expect("tried");
    let back = answer
        .changes
        .iter()
        .find(|change| change.item_id == "cup-00");
    assert_eq!(back.map(|change| change.change.as_str()), Some("enters"));
    assert!(answer.effects[0].contains("1 go"), "{:?}", answer.effects);
}

#[tokio::test]
async fn rules_outlive_a_restart() {
    let (node, clients) = shop().await;
    let toml = rule("cups", "query = \"陶瓷杯\"", &pin("cup-24"));
    clients.try_put(put("hk", &toml)).await.expect("put");
    let node = node.restart().await;
    let clients = node.clients().await;
    let hits = clients.search(query("陶瓷杯", "hk")).await.hits;
    assert_eq!(hits[0].item_id, "cup-24");
}

#[tokio::test]
async fn a_file_of_rules_is_followed_and_one_that_contradicts_itself_is_not() {
    let dictionaries = DictionaryCopy::new();
    let right = rule("right", "query = \"陶瓷杯\"", &pin("cup-20"));
    dictionaries.write("hk/rules.toml", &right);
    let node = TestNode::start_with_dictionaries(dictionaries.path());
    let clients = node.clients().await;
    stock(&clients).await;
    let first = || async {
        clients.search(query("陶瓷杯", "hk")).await.hits[0]
            .item_id
            .clone()
    };
    assert_eq!(first().await, "cup-20");
    let wrong = rule("ahead", "query = \"陶瓷杯\"", &pin("cup-21")) + &right;
    dictionaries.write("hk/rules.toml", &wrong);
    let warns = |word: &'static str| {
        let clients = clients.clone();
        async move {
            let warnings = clients.status().await.warnings;
            warnings.iter().any(|warning| warning.contains(word))
        }
    };
    until_true(RELOADED_WITHIN, "it is told", || warns("\"ahead\"")).await;
    assert_eq!(first().await, "cup-20", "the old rules stay");
    // A shop opens all the same, with the first of the two.
    let node = node.restart().await;
    let clients = node.clients().await;
    let hits = clients.search(query("陶瓷杯", "hk")).await.hits;
    assert_eq!(
        (hits[0].item_id.as_str(), hits[0].pinned_by.as_str()),
        ("cup-21", "ahead")
    );
    let warnings = clients.status().await.warnings;
    assert!(
        warnings.iter().any(|warning| warning.contains("\"right\"")),
        "{warnings:?}"
    );
}
