//! Searches that vectors take part in, on a node with a tiny encoder.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use sampan_proto::v1;
use tempfile::TempDir;

use crate::{Node, config::NodeConfig, encode::tests::synthetic};

struct VectorNode {
    node: Arc<Node>,
    _folders: (TempDir, TempDir),
}

fn item(id: &str, title: &str) -> v1::Item {
    v1::Item {
        id: id.to_owned(),
        titles: vec![v1::Title {
            text: title.to_owned(),
            language: String::new(),
        }],
        offers: vec![v1::Offer {
            region: "hk".to_owned(),
            price: Some(v1::Money {
                minor: 10_000,
                currency: "HKD".to_owned(),
            }),
            ship_modes: vec![v1::ShipMode::Local.into()],
            ..Default::default()
        }],
        ..Default::default()
    }
}

impl VectorNode {
    fn with(items: Vec<v1::Item>) -> Self {
        let (model, path) = synthetic::file();
        let data = TempDir::new().unwrap();
        let mut config = NodeConfig::new(data.path());
        config.model = Some(path);
        let node = Node::open(&config).unwrap();
        let this = Self {
            node,
            _folders: (model, data),
        };
        this.upsert(items);
        this
    }

    /// Upserts, and waits until all is seen and encoded.
    fn upsert(&self, items: Vec<v1::Item>) {
        let outcome = self.node.upsert(items).unwrap();
        let patience = Duration::from_secs(60);
        assert!(self.node.wait_visible(outcome.sequence, patience));
        let started = Instant::now();
        while self.node.generation().vectors_waiting > 0 {
            assert!(started.elapsed() < patience, "still encoding");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn ask(&self, text: &str, mode: v1::RecallMode) -> v1::SearchResponse {
        let request = v1::SearchRequest {
            text: text.to_owned(),
            region: "hk".to_owned(),
            recall_mode: mode.into(),
            explain: true,
            ..Default::default()
        };
        self.node.search(&request).unwrap()
    }

    fn found(&self, text: &str, mode: v1::RecallMode) -> Vec<String> {
        let hits = self.ask(text, mode).hits;
        hits.into_iter().map(|hit| hit.item_id).collect()
    }
}

#[test]
fn what_no_word_finds_vectors_bring_and_say_so() {
    let node = VectorNode::with(vec![item("red", "red"), item("lemon", "檸")]);
    assert_eq!(node.found("shoe", v1::RecallMode::Lexical), [""; 0]);
    let answer = node.ask("shoe", v1::RecallMode::Hybrid);
    assert_eq!((answer.hits.len(), answer.total), (2, 2));
    let explained = answer
        .hits
        .iter()
        .filter_map(|hit| hit.explanation.as_ref());
    let sources: Vec<&[String]> = explained.map(|why| why.sources.as_slice()).collect();
    assert_eq!(sources, [["vector"], ["vector"]]);
    assert_eq!(node.found("shoe", v1::RecallMode::Vector).len(), 2);
    // The best by meaning is the text itself.
    assert_eq!(node.found("red", v1::RecallMode::Vector)[0], "red");
}

#[test]
fn a_word_that_must_not_be_there_is_not_brought_by_vectors() {
    let node = VectorNode::with(vec![item("red", "紅鞋子"), item("bag", "手袋")]);
    let found = node.found("手袋 唔要鞋子", v1::RecallMode::Hybrid);
    assert_eq!(found, ["bag"]);
}

#[test]
fn a_changed_text_has_a_changed_vector_and_a_deleted_item_has_none() {
    let node = VectorNode::with(vec![item("a", "red"), item("b", "檸")]);
    node.upsert(vec![item("a", "檸"), item("b", "red")]);
    assert_eq!(node.found("red", v1::RecallMode::Vector)[0], "b");
    let outcome = node.node.delete(vec!["b".to_owned()]).unwrap();
    assert!(
        node.node
            .wait_visible(outcome.sequence, Duration::from_secs(60))
    );
    assert_eq!(node.found("red", v1::RecallMode::Vector), ["a"]);
}

#[test]
fn the_first_vector_of_a_client_puts_the_encoder_aside() {
    let node = VectorNode::with(vec![item("a", "red")]);
    assert_eq!(node.node.generation().vectors.len(), 1);
    node.upsert(vec![v1::Item {
        vector: vec![1.0, 0.0, 0.0],
        ..item("b", "檸")
    }]);
    let generation = node.node.generation();
    assert!(generation.encoder.is_none());
    assert_eq!(generation.vectors.dimensions(), Some(3));
    let refused = node.node.search(&v1::SearchRequest {
        text: "red".to_owned(),
        region: "hk".to_owned(),
        recall_mode: v1::RecallMode::Vector.into(),
        ..Default::default()
    });
    assert!(refused.unwrap_err().to_string().contains("recall_mode"));
}

/// Opens a node, with a model or without, and stores an item in it.
fn node_with(data: &TempDir, model: Option<&Path>, item: Option<v1::Item>) -> Arc<Node> {
    let mut config = NodeConfig::new(data.path());
    config.model = model.map(Path::to_owned);
    let node = Node::open(&config).unwrap();
    if let Some(item) = item {
        let outcome = node.upsert(vec![item]).unwrap();
        assert!(node.wait_visible(outcome.sequence, Duration::from_secs(60)));
    }
    node
}

fn await_vectors(node: &Node) {
    let started = Instant::now();
    while node.generation().vectors.is_empty() {
        assert!(started.elapsed() < Duration::from_secs(60), "no vector");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn vectors_are_there_again_after_a_restart() {
    let (_model, path) = synthetic::file();
    let data = TempDir::new().unwrap();
    let before = node_with(&data, Some(&path), Some(item("a", "red")));
    before.close();
    drop(before);
    let after = node_with(&data, Some(&path), None);
    await_vectors(&after);
    assert_eq!(after.generation().vectors.len(), 1);
}

#[test]
fn a_node_that_ran_without_a_model_has_vectors_once_it_has_one() {
    let (_model, path) = synthetic::file();
    let data = TempDir::new().unwrap();
    let without = node_with(&data, None, Some(item("a", "red")));
    without.close();
    drop(without);
    let with = node_with(&data, Some(&path), None);
    await_vectors(&with);
    let generation = with.generation();
    assert!(generation.encoder.is_some());
    assert_eq!(generation.vectors.len(), 1);
}

#[test]
fn vectors_that_a_client_sent_keep_the_encoder_aside_after_a_restart() {
    let (_model, path) = synthetic::file();
    let data = TempDir::new().unwrap();
    let sent = v1::Item {
        vector: vec![1.0, 0.0, 0.0],
        ..item("a", "red")
    };
    let before = node_with(&data, Some(&path), Some(sent));
    before.close();
    drop(before);
    let after = node_with(&data, Some(&path), Some(item("b", "檸")));
    let generation = after.generation();
    assert!(generation.encoder.is_none());
    assert_eq!(generation.vectors.dimensions(), Some(3));
    assert_eq!(generation.vectors.len(), 1);
}

#[test]
fn near_words_are_mined_until_a_table_is_put_and_again_when_it_is_dropped() {
    let node = VectorNode::with(vec![item("red", "red shoe"), item("lemon", "檸檬")]);
    let kind = v1::DocumentKind::Expansions.into();
    let request = v1::GetDocumentRequest {
        kind,
        region: "common".to_owned(),
    };
    let started = Instant::now();
    let mined = loop {
        match node.node.documents().get(&request) {
            Ok(document) => break document,
            Err(error) => assert!(started.elapsed() < Duration::from_secs(60), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(mined.origin, "mined");
    assert!(
        mined.toml.contains("word\tneighbour\tweight"),
        "{}",
        mined.toml
    );
    let listed = node.node.documents().list(&v1::ListDocumentsRequest {
        kind,
        ..Default::default()
    });
    assert_eq!(listed.unwrap()[0].version, mined.version);
    let put = |toml: &str, expected_version: &str| {
        node.node.documents().put(&v1::PutDocumentRequest {
            kind,
            region: "common".to_owned(),
            toml: toml.to_owned(),
            expected_version: expected_version.to_owned(),
            ..Default::default()
        })
    };
    let edited = "word\tneighbour\tweight\nzorbex\t檸檬\t0.5\n";
    // The edit of what was mined starts from what was mined.
    put(edited, &mined.version).unwrap();
    assert_eq!(node.found("zorbex", v1::RecallMode::Lexical), ["lemon"]);
    assert_eq!(node.node.documents().get(&request).unwrap().origin, "admin");
    put("", "").unwrap();
    assert_eq!(node.node.documents().get(&request).unwrap(), mined);
    assert_eq!(node.found("zorbex", v1::RecallMode::Lexical), [""; 0]);
}
