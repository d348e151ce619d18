//! Every field of every request: what is wrong is refused by name, what lies at a limit is taken.

use std::collections::HashMap;

use sampan_engine::base::limits;
use sampan_proto::v1::{self, DocumentKind};
use sampan_tests::{
    clients::query,
    items::{item, owned},
    node::TestNode,
    refusal::{assert_code, assert_names_field},
};
use tonic::Code;

use crate::shared::shared_node;

/// Texts as many as asked.
fn many(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("n{number}")).collect()
}

fn attributes(count: usize) -> HashMap<String, String> {
    many(count)
        .into_iter()
        .map(|name| (name, String::new()))
        .collect()
}

type Change<T> = fn(&mut T);

/// A user context with one thing wrong each.
fn wrong_users() -> [(&'static str, Change<v1::UserContext>); 9] {
    [
        ("user.user_id", |user| user.user_id = "x".repeat(129)),
        ("user.user_id", |user| user.user_id = "a\u{0}b".to_owned()),
        ("user.session_id", |user| user.session_id = "x".repeat(129)),
        ("user.attributes", |user| user.attributes = attributes(33)),
        ("user.attributes", |user| {
            user.attributes.insert("x".repeat(129), String::new());
        }),
        ("user.attributes", |user| {
            user.attributes.insert("x".to_owned(), "x".repeat(129));
        }),
        ("user.segment", |user| user.segment = "x".repeat(65)),
        ("user.segment", |user| user.segment = " x".to_owned()),
        ("user.segment", |user| user.segment = "a\u{0}b".to_owned()),
    ]
}

/// A user context with everything at its limit.
fn largest_user() -> v1::UserContext {
    v1::UserContext {
        user_id: "x".repeat(128),
        session_id: "x".repeat(128),
        attributes: attributes(32),
        segment: "x".repeat(64),
    }
}

#[tokio::test]
async fn each_wrong_field_of_a_search_is_named() {
    let node = shared_node().await;
    let filters: [(&str, Change<v1::Filters>); 15] = [
        ("filters.category_path", |f| f.category_path = many(9)),
        ("filters.category_path[1]", |f| {
            f.category_path = vec!["x".to_owned(), "x".repeat(129)];
        }),
        ("filters.brands", |f| f.brands = many(65)),
        ("filters.brands[0]", |f| f.brands = vec!["x".repeat(257)]),
        ("filters.sellers", |f| f.sellers = many(65)),
        ("filters.sellers[0]", |f| f.sellers = vec!["x".repeat(129)]),
        ("filters.tags", |f| f.tags = many(17)),
        ("filters.tags[0]", |f| f.tags = vec!["x".repeat(65)]),
        ("filters.price_min_minor", |f| f.price_min_minor = Some(-1)),
        ("filters.price_max_minor", |f| f.price_max_minor = Some(-1)),
        ("filters.price_max_minor", |f| {
            f.price_min_minor = Some(2);
            f.price_max_minor = Some(1);
        }),
        ("filters.landed_min_minor", |f| {
            f.landed_min_minor = Some(-1)
        }),
        ("filters.landed_max_minor", |f| {
            f.landed_min_minor = Some(2);
            f.landed_max_minor = Some(1);
        }),
        ("filters.ship_modes[0]", |f| f.ship_modes = vec![0]),
        ("filters.ship_modes[1]", |f| f.ship_modes = vec![1, 9]),
    ];
    let fields: [(&str, Change<v1::SearchRequest>); 22] = [
        ("text", |r| r.text = "x".repeat(513)),
        ("region", |r| r.region = String::new()),
        ("region", |r| r.region = "xx".to_owned()),
        ("region", |r| r.region = "HK".to_owned()),
        ("region", |r| r.region = "common".to_owned()),
        ("ship_to", |r| r.ship_to = "xx".to_owned()),
        ("display_script", |r| r.display_script = 99),
        ("display_currency", |r| {
            r.display_currency = "XXX".to_owned()
        }),
        ("display_currency", |r| {
            r.display_currency = "hkd".to_owned()
        }),
        ("sort", |r| r.sort = 99),
        ("sort", |r| r.sort = -1),
        ("page_size", |r| r.page_size = 101),
        ("page_size", |r| r.page_size = u32::MAX),
        ("page_token", |r| r.page_token = "no token".to_owned()),
        ("facets[0]", |r| r.facets = vec![0]),
        ("facets[1]", |r| r.facets = vec![1, 99]),
        ("facets[1]", |r| r.facets = vec![2, 2]),
        ("disabled_rules", |r| r.disabled_rules = many(65)),
        ("disabled_rules[1]", |r| {
            r.disabled_rules = owned(&["region.term", "no.such.rule"]);
        }),
        ("recall_mode", |r| r.recall_mode = 99),
        ("recall_mode", |r| r.recall_mode = -1),
        // There is no encoder of queries here.
        ("recall_mode", |r| {
            r.recall_mode = v1::RecallMode::Vector.into()
        }),
    ];
    for text in ["雪櫃", ""] {
        let mut requests = Vec::new();
        for (field, change) in fields {
            let mut request = query(text, "hk");
            change(&mut request);
            requests.push((field, request));
        }
        for (field, change) in filters {
            let mut request = query(text, "hk");
            change(request.filters.get_or_insert_default());
            requests.push((field, request));
        }
        for (field, change) in wrong_users() {
            let mut request = query(text, "hk");
            change(request.user.get_or_insert_default());
            requests.push((field, request));
        }
        for (field, request) in requests {
            assert_names_field(node.clients.try_search(request).await, field);
        }
    }
}

#[tokio::test]
async fn a_search_with_everything_at_its_limit_is_answered() {
    let node = shared_node().await;
    let request = v1::SearchRequest {
        text: "雪".repeat(170) + "xx",
        page_size: 100,
        filters: Some(v1::Filters {
            category_path: vec!["x".repeat(128); 8],
            brands: many(64),
            sellers: many(64),
            tags: many(16),
            price_min_minor: Some(0),
            price_max_minor: Some(i64::MAX),
            ship_modes: vec![1, 2, 3, 4, 4],
            in_stock: true,
            landed_min_minor: Some(0),
            landed_max_minor: Some(i64::MAX),
            // Unknown pools are refused: tests/pools.rs.
            ..Default::default()
        }),
        facets: vec![1, 2, 3, 4, 5, 6],
        user: Some(largest_user()),
        ..query("", "hk")
    };
    assert_eq!(request.text.len(), limits::QUERY_BYTES_MAX);
    let answer = node.clients.search(request).await;
    assert_eq!(answer.total, 0);
    let one = v1::SearchRequest {
        page_size: 1,
        ..query("雪櫃", "hk")
    };
    assert_eq!(node.clients.search(one).await.hits.len(), 1);
    assert_eq!(
        node.clients.search(query("雪櫃", "hk")).await.hits.len(),
        20
    );
}

#[tokio::test]
async fn any_text_is_answered() {
    let node = shared_node().await;
    for text in [
        "\u{0}",
        "雪\u{0}櫃",
        " \t\n ",
        "　　",
        "\"雪櫃\" AND (title:*)",
        "!?…——",
        "🛒🧋",
        "e\u{301}\u{200d}\u{feff}",
        "\u{10ffff}\u{e000}",
        "ノート パソコン",
        "唔要",
        "-",
    ] {
        let answer = node.clients.try_search(query(text, "hk")).await;
        assert!(answer.is_ok(), "{text:?}: {answer:?}");
        let request = v1::SuggestRequest {
            prefix: text.to_owned(),
            region: "hk".to_owned(),
            ..Default::default()
        };
        let answer = node.clients.try_suggest(request).await;
        assert!(answer.is_ok(), "{text:?}: {answer:?}");
    }
}

#[tokio::test]
async fn each_wrong_field_of_a_suggest_request_is_named() {
    let node = shared_node().await;
    let right = v1::SuggestRequest {
        prefix: "雪".repeat(42) + "xx",
        region: "hk".to_owned(),
        count: 20,
        user: Some(largest_user()),
        ..Default::default()
    };
    assert_eq!(right.prefix.len(), limits::PREFIX_BYTES_MAX);
    let answer = node.clients.try_suggest(right.clone()).await;
    answer.expect("a request at its limits is answered");
    let fields: [(&str, Change<v1::SuggestRequest>); 5] = [
        ("prefix", |r| r.prefix = "x".repeat(129)),
        ("region", |r| r.region = String::new()),
        ("region", |r| r.region = "xx".to_owned()),
        ("ship_to", |r| r.ship_to = "xx".to_owned()),
        ("count", |r| r.count = 21),
    ];
    for (field, change) in fields {
        let mut request = right.clone();
        change(&mut request);
        assert_names_field(node.clients.try_suggest(request).await, field);
    }
    for (field, change) in wrong_users() {
        let mut request = right.clone();
        change(request.user.get_or_insert_default());
        assert_names_field(node.clients.try_suggest(request).await, field);
    }
}

#[tokio::test]
async fn each_wrong_field_of_a_feed_request_is_named() {
    let node = shared_node().await;
    let right = v1::GetFeedRequest {
        region: "hk".to_owned(),
        page_size: 100,
        category_path: vec!["x".repeat(128); 8],
        user: Some(largest_user()),
        ..Default::default()
    };
    let answer = node.clients.try_feed(right.clone()).await;
    answer.expect("a request at its limits is answered");
    let fields: [(&str, Change<v1::GetFeedRequest>); 9] = [
        ("region", |r| r.region = String::new()),
        ("region", |r| r.region = "xx".to_owned()),
        ("ship_to", |r| r.ship_to = "xx".to_owned()),
        ("display_script", |r| r.display_script = 99),
        ("display_currency", |r| {
            r.display_currency = "XXX".to_owned()
        }),
        ("page_size", |r| r.page_size = 101),
        ("page_token", |r| r.page_token = "no token".to_owned()),
        ("category_path", |r| r.category_path = many(9)),
        ("category_path[0]", |r| {
            r.category_path = vec!["x".repeat(129)]
        }),
    ];
    for (field, change) in fields {
        let mut request = right.clone();
        change(&mut request);
        assert_names_field(node.clients.try_feed(request).await, field);
    }
    for (field, change) in wrong_users() {
        let mut request = right.clone();
        change(request.user.get_or_insert_default());
        assert_names_field(node.clients.try_feed(request).await, field);
    }
}

#[tokio::test]
async fn each_wrong_field_of_a_similar_items_request_is_named() {
    let node = shared_node().await;
    let right = v1::SimilarItemsRequest {
        item_id: "g-0001".to_owned(),
        region: "hk".to_owned(),
        count: 100,
        ..Default::default()
    };
    let answer = node.clients.try_similar(right.clone()).await;
    answer.expect("a request at its limits is answered");
    let fields: [(&str, Change<v1::SimilarItemsRequest>); 8] = [
        ("item_id", |r| r.item_id = String::new()),
        ("item_id", |r| r.item_id = "x".repeat(129)),
        ("region", |r| r.region = String::new()),
        ("region", |r| r.region = "xx".to_owned()),
        ("ship_to", |r| r.ship_to = "xx".to_owned()),
        ("display_script", |r| r.display_script = 99),
        ("display_currency", |r| {
            r.display_currency = "XXX".to_owned()
        }),
        ("count", |r| r.count = 101),
    ];
    for (field, change) in fields {
        let mut request = right.clone();
        change(&mut request);
        assert_names_field(node.clients.try_similar(request).await, field);
    }
    let request = v1::SimilarItemsRequest {
        item_id: "nowhere".to_owned(),
        ..right
    };
    assert_code(node.clients.try_similar(request).await, Code::NotFound);
}

#[tokio::test]
async fn a_batch_above_its_limit_is_refused_whole() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let ids = many(limits::DELETE_BATCH_MAX + 1);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let items =
        |count: usize| -> Vec<v1::Item> { ids[..count].iter().map(|id| item(id, "杯")).collect() };
    let above = limits::BATCH_MAX + 1;
    assert_names_field(clients.try_upsert(vec![items(above)]).await, "items");
    assert_eq!(
        clients.status().await.sequence_written,
        0,
        "nothing was written"
    );
    clients.stock(items(limits::BATCH_MAX)).await;

    let update = v1::OfferUpdate {
        item_id: "n1".to_owned(),
        remove_regions: owned(&["hk"]),
        ..Default::default()
    };
    let updates = vec![update.clone(); above];
    assert_names_field(clients.try_update_offers(updates).await, "updates");
    let updates = vec![update; limits::BATCH_MAX];
    let answer = clients.try_update_offers(updates).await;
    assert!(answer.expect("taken").results.iter().all(|r| r.accepted));

    let event = v1::Event::default();
    let events = vec![event.clone(); above];
    assert_names_field(clients.try_record(events).await, "events");
    let events = vec![event; limits::BATCH_MAX];
    let answer = clients.try_record(events).await.expect("taken");
    assert_eq!(answer.refused as usize, limits::BATCH_MAX);

    assert_names_field(clients.try_delete(&ids).await, "item_ids");
    let answer = clients.try_delete(&ids[..limits::DELETE_BATCH_MAX]).await;
    let deleted = answer
        .expect("taken")
        .results
        .into_iter()
        .filter(|r| r.accepted);
    assert_eq!(deleted.count(), limits::BATCH_MAX);
}

#[tokio::test]
async fn an_item_is_asked_for_by_a_possible_id() {
    let node = shared_node().await;
    assert_names_field(node.clients.try_get_item("").await, "item_id");
    let endless = "x".repeat(100_000);
    assert_names_field(node.clients.try_get_item(&endless).await, "item_id");
    assert_code(node.clients.try_get_item("nowhere").await, Code::NotFound);
}

#[tokio::test]
async fn each_wrong_field_of_an_admin_request_is_named() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let right = v1::PutDocumentRequest {
        kind: DocumentKind::Restrictions.into(),
        region: "hk".to_owned(),
        toml: "# nothing is barred\n".to_owned(),
        comment: "x".repeat(512),
        author: "x".repeat(128),
        ..Default::default()
    };
    let answer = clients.try_put(right.clone()).await;
    answer.expect("a request at its limits is taken");
    let fields: [(&str, Change<v1::PutDocumentRequest>); 8] = [
        ("kind", |r| r.kind = 0),
        ("kind", |r| r.kind = 99),
        ("region", |r| r.region = String::new()),
        ("region", |r| r.region = "xx".to_owned()),
        ("region", |r| r.region = "../hk".to_owned()),
        ("toml", |r| r.toml = "#".repeat((1 << 20) + 1)),
        ("comment", |r| r.comment = "x".repeat(513)),
        ("author", |r| r.author = "x".repeat(129)),
    ];
    for (field, change) in fields {
        let mut request = right.clone();
        change(&mut request);
        assert_names_field(clients.try_put(request).await, field);
    }
    let mut admin = clients.admin.clone();
    for (field, kind, region) in [("kind", 0, "hk"), ("kind", 99, "hk"), ("region", 2, "xx")] {
        let request = v1::GetDocumentRequest {
            kind,
            region: region.to_owned(),
        };
        assert_names_field(admin.get_document(request).await, field);
    }
    for (field, kind, region) in [("kind", 99, ""), ("region", 0, "xx")] {
        let request = v1::ListDocumentsRequest {
            kind,
            region: region.to_owned(),
        };
        assert_names_field(admin.list_documents(request).await, field);
    }
}
