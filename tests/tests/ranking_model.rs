//! A learned model ranks when the profile says so; it is explained, bounded like any ranking, and taken back.

use sampan_proto::v1;
use sampan_tests::{
    clients::{Clients, ids, query},
    items::item_everywhere,
    node::TestNode,
};

/// One tree: what sold little stands first.
const MODEL: &str = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\n\
    feature_names=sales lexical\n\nTree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nthreshold=0.4\n\
    decision_type=2\nleft_child=-1\nright_child=-2\nleaf_value=2 0.5\n\nend of trees\n";

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let sold = |id: &str, sales| v1::Item {
        sales_prior: sales,
        ..item_everywhere(id, "純棉毛巾", &["hk"])
    };
    let items = vec![
        sold("many", 40_000),
        sold("some", 9_000),
        sold("few", 2),
        sold("none", 0),
    ];
    clients.stock(items).await;
    (node, clients)
}

fn document(kind: v1::DocumentKind, text: &str) -> v1::PutDocumentRequest {
    v1::PutDocumentRequest {
        kind: kind.into(),
        region: "hk".to_owned(),
        toml: text.to_owned(),
        ..Default::default()
    }
}

async fn towels(clients: &Clients) -> Vec<v1::Hit> {
    let request = v1::SearchRequest {
        explain: true,
        ..query("毛巾", "hk")
    };
    clients.search(request).await.hits
}

fn assert_sums(hits: &[v1::Hit]) {
    for hit in hits {
        let parts = &hit.explanation.as_ref().expect("an explanation").parts;
        let sum = parts.iter().fold(0.0, |sum, part| sum + part.contribution);
        assert_eq!(sum.to_bits(), hit.score.to_bits(), "{}", hit.item_id);
    }
}

#[tokio::test]
async fn a_model_ranks_the_best_and_leaves_the_others_below() {
    let (_node, clients) = shop().await;
    assert_eq!(ids(&towels(&clients).await)[0], "many");
    let model = document(v1::DocumentKind::RankingModel, MODEL);
    clients.try_put(model).await.expect("a model");
    assert_eq!(
        ids(&towels(&clients).await)[0],
        "many",
        "nothing uses it yet"
    );
    let profile = "inherits = \"common\"\n[model]\ncandidates = 3\nweight = 2.0\n";
    let put = clients
        .try_put(document(v1::DocumentKind::RankingProfile, profile))
        .await;
    let effects = put.expect("a profile").effects;
    assert!(
        effects
            .iter()
            .any(|effect| effect.contains("learned model")),
        "{effects:?}"
    );
    let hits = towels(&clients).await;
    // Of the three best by the weighted sum, what sold little is first; the fourth stays last.
    assert_eq!(ids(&hits)[0], "few");
    assert_eq!(ids(&hits)[3], "none");
    assert_sums(&hits);
    let first = &hits[0].explanation.as_ref().expect("an explanation").parts[0];
    assert_eq!(
        (&*first.signal, first.value, first.weight),
        ("model", 2.0, 2.0)
    );
    let last = &hits[3].explanation.as_ref().expect("an explanation").parts[0];
    assert_eq!(last.signal, "below_model");
    let drop_profile = document(v1::DocumentKind::RankingProfile, "");
    clients.try_put(drop_profile).await.expect("back");
    assert_eq!(ids(&towels(&clients).await)[0], "many");
}

#[tokio::test]
async fn a_model_that_is_wrong_or_in_use_is_refused_and_nothing_changes() {
    let (_node, clients) = shop().await;
    let strange = MODEL.replace("sales lexical", "charm lexical");
    for (text, part) in [
        (&*strange, "charm"),
        ("tree\nversion=v4\n", "ranking.model.txt:"),
    ] {
        let refused = clients
            .try_put(document(v1::DocumentKind::RankingModel, text))
            .await;
        let message = refused.expect_err("refused").message().to_owned();
        assert!(message.contains(part), "{message}");
    }
    let early = document(
        v1::DocumentKind::RankingProfile,
        "[model]\ncandidates = 3\n",
    );
    let message = clients.try_put(early.clone()).await.expect_err("no model");
    assert!(message.message().contains("put it first"), "{message:?}");
    let model = document(v1::DocumentKind::RankingModel, MODEL);
    clients.try_put(model).await.expect("a model");
    clients.try_put(early).await.expect("a profile");
    let gone = clients
        .try_put(document(v1::DocumentKind::RankingModel, ""))
        .await;
    assert!(gone.is_err(), "a profile uses it");
    assert_eq!(ids(&towels(&clients).await)[0], "few");
}

#[tokio::test]
async fn an_explanation_tells_the_rank_without_each_boost() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let by = |id: &str, modes: &[v1::ShipMode]| {
        let mut item = item_everywhere(id, "純棉毛巾", &["hk"]);
        item.offers[0].ship_modes = modes.iter().map(|mode| (*mode).into()).collect();
        item
    };
    // Of equals the first imported stands first, so that only the boost lifts the second.
    let items = vec![
        by("mailed", &[v1::ShipMode::Consolidated]),
        by("local", &[v1::ShipMode::Local]),
    ];
    clients.stock(items).await;
    let hits = towels(&clients).await;
    assert_eq!(ids(&hits), ["local", "mailed"]);
    let rank = |hit: &v1::Hit, signal: &str| {
        let parts = &hit.explanation.as_ref().expect("an explanation").parts;
        let part = parts.iter().find(|part| part.signal == signal);
        part.expect("a part").rank_without
    };
    assert_eq!(rank(&hits[0], "local"), Some(1));
    assert_eq!(rank(&hits[1], "local"), Some(0));
    assert_eq!(rank(&hits[0], "direct_mail"), Some(0));
    assert_eq!(rank(&hits[0], "lexical"), None);
    assert_sums(&hits);
}
