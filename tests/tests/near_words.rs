//! A relevance engineer says which words stand near a word: it acts within seconds where the words themselves find little,
//! is told as an edit, and is taken back as quickly; what is invalid changes nothing.

use sampan_proto::v1::{self, DocumentKind};
use sampan_tests::{
    clients::{Clients, ids, query},
    items::{item, item_everywhere},
    node::TestNode,
    refusal::assert_code,
    wait::{VISIBLE_WITHIN, until_true},
};
use tonic::Code;

const RULE: &str = "vector.neighbour";
const HEADER: &str = "word\tneighbour\tweight\n";
/// A word that no dictionary knows.
const UNKNOWN: &str = "zorbex";

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let mut items = vec![
        item_everywhere("vacuum", "無線吸塵機", &["hk", "tw"]),
        item_everywhere("towel", "純棉毛巾", &["hk", "tw"]),
        item("robe", "浴袍"),
        item("flask", "保溫壺"),
    ];
    items.extend((0..50).map(|n| item(&format!("cup-{n}"), "陶瓷杯")));
    clients.stock(items).await;
    (node, clients)
}

fn put(region: &str, table: &str) -> v1::PutDocumentRequest {
    v1::PutDocumentRequest {
        kind: DocumentKind::Expansions.into(),
        region: region.to_owned(),
        toml: table.to_owned(),
        ..Default::default()
    }
}

fn table(rows: &[&str]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

async fn put_common(clients: &Clients, rows: &[&str]) -> v1::PutDocumentResponse {
    let answer = clients.try_put(put("common", &table(rows))).await;
    answer.expect("the table is taken")
}

fn explained(text: &str, region: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        explain: true,
        ..query(text, region)
    }
}

fn near_edits(answer: &v1::SearchResponse) -> Vec<(&v1::ByteRange, &str)> {
    let edits = answer.rewrites.iter().filter(|edit| edit.rule == RULE);
    edits
        .map(|edit| {
            (
                edit.source.as_ref().expect("a source"),
                edit.target.as_str(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_table_acts_at_once_is_explained_and_is_withdrawn_again() {
    let (_node, clients) = shop().await;
    let asked = || explained(UNKNOWN, "hk");
    assert_eq!(ids(&clients.search(asked()).await.hits), [""; 0]);
    let told = put_common(&clients, &["Zorbex\t吸尘机\t0.8"]).await;
    assert!(
        told.effects[0].contains("1 words gain"),
        "{:?}",
        told.effects
    );
    until_true(VISIBLE_WITHIN, "search follows", || async {
        ids(&clients.search(asked()).await.hits) == ["vacuum"]
    })
    .await;
    let answer = clients.search(asked()).await;
    let whole = v1::ByteRange {
        start: 0,
        end: UNKNOWN.len() as u32,
    };
    assert_eq!(near_edits(&answer), [(&whole, "吸塵機")]);
    let weight = answer.rewrites[0].weight;
    assert!(
        weight > 0.0 && weight < 0.5,
        "less than a dictionary's: {weight}"
    );
    let hit = &answer.hits[0];
    assert!(hit.partial_match, "it only stands near");
    let why = hit.explanation.as_ref().expect("it was asked for");
    assert_eq!(why.rewrites, [RULE]);
    assert!(
        why.sources.iter().any(|source| source == "near_words"),
        "{:?}",
        why.sources
    );
    assert_eq!(answer.total, 1);

    let back = clients.try_put(put("common", "")).await;
    back.expect("it is withdrawn");
    until_true(VISIBLE_WITHIN, "search follows", || async {
        clients.search(asked()).await.hits.is_empty()
    })
    .await;
    let gone = clients
        .try_get_document(DocumentKind::Expansions, "common")
        .await;
    assert_code(gone, Code::NotFound);
}

#[tokio::test]
async fn a_table_is_kept_read_and_listed_and_outlasts_a_restart() {
    let (node, clients) = shop().await;
    let answer = put_common(&clients, &["zorbex\t吸塵機\t0.8"]).await;
    let node = node.restart().await;
    let clients = node.clients().await;
    let kept = clients
        .try_get_document(DocumentKind::Expansions, "common")
        .await
        .expect("it is there");
    assert_eq!(
        (kept.version.as_str(), kept.origin.as_str()),
        (answer.version.as_str(), "admin")
    );
    assert_eq!(kept.toml, table(&["zorbex\t吸塵機\t0.8"]));
    let request = v1::ListDocumentsRequest {
        kind: DocumentKind::Expansions.into(),
        ..Default::default()
    };
    let listed = clients.admin.clone().list_documents(request).await;
    let listed = listed.expect("documents").into_inner().documents;
    let listed: Vec<_> = listed
        .iter()
        .map(|document| (&*document.region, &*document.version))
        .collect();
    assert_eq!(listed, [("common", &*kept.version)]);
    assert_eq!(
        ids(&clients.search(query(UNKNOWN, "hk")).await.hits),
        ["vacuum"]
    );
    let stale = v1::PutDocumentRequest {
        expected_version: "000000000000".to_owned(),
        ..put("common", HEADER)
    };
    assert_code(clients.try_put(stale).await, Code::Aborted);
}

#[tokio::test]
async fn a_query_that_finds_enough_is_left_as_it_is() {
    let (_node, clients) = shop().await;
    put_common(
        &clients,
        &[
            "陶瓷杯\t毛巾\t1.0",
            "杯\t毛巾\t1.0",
            "陶瓷\t毛巾\t1.0",
            "浴袍\t毛巾\t1.0",
        ],
    )
    .await;
    until_true(VISIBLE_WITHIN, "the table acts", || async {
        !near_edits(&clients.search(query("浴袍", "hk")).await).is_empty()
    })
    .await;
    let few = clients.search(query("浴袍", "hk")).await;
    assert_eq!((ids(&few.hits), few.total), (vec!["robe", "towel"], 1));
    let enough = clients.search(query("陶瓷杯", "hk")).await;
    assert_eq!((near_edits(&enough), enough.total), (vec![], 50));
    // One fewer, and it is little.
    clients.try_delete(&["cup-0"]).await.expect("it is deleted");
    until_true(VISIBLE_WITHIN, "one is gone", || async {
        clients.search(query("陶瓷杯", "hk")).await.total == 49
    })
    .await;
    let little = clients.search(query("陶瓷杯", "hk")).await;
    assert!(!near_edits(&little).is_empty());
}

#[tokio::test]
async fn what_must_not_be_there_has_no_near_words_and_a_rule_can_be_switched_off() {
    let (_node, clients) = shop().await;
    put_common(&clients, &["浴袍\t保溫壺\t1.0", "毛巾\t保溫壺\t1.0"]).await;
    until_true(VISIBLE_WITHIN, "the table acts", || async {
        !near_edits(&clients.search(query("浴袍", "hk")).await).is_empty()
    })
    .await;
    let answer = clients.search(query("毛巾 唔要浴袍", "hk")).await;
    let edits = near_edits(&answer);
    assert_eq!(edits.len(), 1, "{edits:?}");
    assert_eq!(edits[0].0.start, 0, "that of 毛巾 alone");
    assert_eq!(ids(&answer.hits), ["towel", "flask"]);
    let off = v1::SearchRequest {
        disabled_rules: vec![RULE.to_owned()],
        ..query("浴袍", "hk")
    };
    let answer = clients.search(off).await;
    assert_eq!(
        (near_edits(&answer), ids(&answer.hits)),
        (vec![], vec!["robe"])
    );
}

#[tokio::test]
async fn a_regions_own_table_comes_before_the_common_one() {
    let (_node, clients) = shop().await;
    put_common(&clients, &["zorbex\t吸塵機\t0.8"]).await;
    let own = put("tw", &table(&["zorbex\t毛巾\t0.8"]));
    clients.try_put(own).await.expect("the table is taken");
    until_true(VISIBLE_WITHIN, "both act", || async {
        let here = clients.search(query(UNKNOWN, "hk")).await;
        let there = clients.search(query(UNKNOWN, "tw")).await;
        ids(&here.hits) == ["vacuum"] && ids(&there.hits) == ["towel"]
    })
    .await;
}

#[tokio::test]
async fn what_the_rule_did_is_counted() {
    let (_node, clients) = shop().await;
    put_common(&clients, &["zorbex\t吸塵機\t0.8", "zorbex\t毛巾\t0.5"]).await;
    let counted = || async {
        let rules = clients.status().await.rules;
        let rule = rules.into_iter().find(|rule| rule.rule == RULE);
        let rule = rule.expect("the rule is in the status");
        (rule.queries, rule.edits)
    };
    until_true(VISIBLE_WITHIN, "the table acts", || async {
        clients.search(query(UNKNOWN, "hk")).await.hits.len() == 2
    })
    .await;
    let (queries, edits) = counted().await;
    clients.search(query(UNKNOWN, "hk")).await;
    assert_eq!(counted().await, (queries + 1, edits + 2));
}

#[tokio::test]
async fn an_invalid_table_is_refused_by_line_and_the_old_one_stays() {
    let (_node, clients) = shop().await;
    put_common(&clients, &["zorbex\t吸塵機\t0.8"]).await;
    until_true(VISIBLE_WITHIN, "the table acts", || async {
        !clients.search(query(UNKNOWN, "hk")).await.hits.is_empty()
    })
    .await;
    let good = "浴袍\t保溫壺\t0.5";
    let long = "袍".repeat(33);
    for (text, line, reason) in [
        ("# nothing\n".to_owned(), 1, "empty"),
        ("word\tweight\n".to_owned(), 1, "neighbour"),
        (table(&[good, "浴袍\t\t0.5"]), 3, "neighbour"),
        (table(&[good, "\t保溫壺\t0.5"]), 3, "word"),
        (table(&[good, "毛巾\t保溫壺\t"]), 3, "weight"),
        (table(&[good, "毛巾\t保溫壺\tmuch"]), 3, "weight"),
        (table(&[good, "毛巾\t保溫壺\t0.09"]), 3, "weight"),
        (table(&[good, "毛巾\t保溫壺\t1.01"]), 3, "weight"),
        (table(&[good, "毛巾\t保溫壺\tNaN"]), 3, "weight"),
        (table(&[good, "毛巾\t毛巾\t0.5"]), 3, "itself"),
        (table(&[good, good]), 3, "already"),
        (table(&[good, "毛巾\t保溫壺\t0.5\tmore"]), 3, "cells"),
        (table(&[good, &format!("{long}\t保溫壺\t0.5")]), 3, "32"),
        (table(&[good, &format!("毛巾\t{long}\t0.5")]), 3, "32"),
    ] {
        for dry_run in [true, false] {
            let request = v1::PutDocumentRequest {
                dry_run,
                ..put("common", &text)
            };
            let message = assert_code(clients.try_put(request).await, Code::InvalidArgument);
            let place = format!("toml: common/expansions.tsv:{line}:");
            assert!(
                message.starts_with(&place),
                "{place} for {text:?}: {message}"
            );
            assert!(message.contains(reason), "{reason}: {message}");
        }
    }
    let kept = clients
        .try_get_document(DocumentKind::Expansions, "common")
        .await
        .expect("it is there");
    assert_eq!(kept.toml, table(&["zorbex\t吸塵機\t0.8"]));
    assert_eq!(
        ids(&clients.search(query(UNKNOWN, "hk")).await.hits),
        ["vacuum"]
    );
    let elsewhere = clients.try_put(put("atlantis", &table(&[good]))).await;
    assert_code(elsewhere, Code::InvalidArgument);
}

#[tokio::test]
async fn limits_are_taken_and_what_is_above_them_is_not() {
    const BYTES_MAX: usize = 16 << 20;
    let (_node, clients) = shop().await;
    let try_put = |text: String| {
        let clients = clients.clone();
        async move { clients.try_put(put("common", &text)).await }
    };
    let rows = |count: usize| -> Vec<String> {
        (0..count).map(|n| format!("毛巾\t袍{n}\t0.5")).collect()
    };
    let table_of = |rows: &[String]| table(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    try_put(table_of(&rows(8))).await.expect("eight neighbours");
    let message = assert_code(try_put(table_of(&rows(9))).await, Code::InvalidArgument);
    assert!(
        message.contains("expansions.tsv:10:") && message.contains('8'),
        "{message}"
    );
    let longest = "袍".repeat(32);
    try_put(table(&[
        &format!("毛巾\t{longest}\t0.1"),
        &format!("{longest}\t毛巾\t1.0"),
    ]))
    .await
    .expect("thirty-two characters, the least and the greatest weight");
    let padded = |bytes: usize| {
        let rows = table(&["毛巾\t浴袍\t0.5"]);
        format!("#{}\n{rows}", "x".repeat(bytes - rows.len() - 2))
    };
    assert_eq!(padded(BYTES_MAX).len(), BYTES_MAX);
    try_put(padded(BYTES_MAX)).await.expect("sixteen megabytes");
    let message = assert_code(try_put(padded(BYTES_MAX + 1)).await, Code::InvalidArgument);
    assert!(
        message.contains("toml") && message.contains("16777216"),
        "{message}"
    );
}
