//! A freight table is tried, put and withdrawn; filters and facets go by the landed price, and what is unknown stays apart.

use sampan_proto::v1::{self, DocumentKind, FacetKind, ShipMode::Consolidated, Sort};
use sampan_tests::{
    clients::{Clients, query},
    items::{hkd, item, offer, owned},
    node::TestNode,
    oracle::Rates,
    refusal::assert_code,
    wait::{VISIBLE_WITHIN, until_true},
};
use tonic::Code;

/// Three trunks to Hong Kong: for 50 dollars with freight, for 70, and for an unknown price.
async fn trunks() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let trunk = |id: &str, minor, weight_grams| v1::Item {
        offers: vec![offer("hk", &[Consolidated], hkd(minor))],
        weight_grams,
        ..item(id, "行李箱")
    };
    let items = vec![
        trunk("light", 4_000, Some(400)),
        trunk("heavy", 3_000, Some(4_000)),
        trunk("unweighed", 2_000, None),
    ];
    clients.stock(items).await;
    (node, clients)
}

const TO_HK: &str = "[[freight]]\nid = \"hk\"\nsource = \"own\"\nship_modes = [\"consolidated\"]\ncurrency = \"HKD\"\n\
    bands = [{ up_to_grams = 500, minor = 1000 }, { up_to_grams = 5000, minor = 4000 }]\n";

async fn try_table(clients: &Clients, toml: &str) -> v1::PutDocumentResponse {
    let request = v1::PutDocumentRequest {
        kind: DocumentKind::Freight.into(),
        region: "hk".to_owned(),
        toml: toml.to_owned(),
        dry_run: true,
        ..Default::default()
    };
    clients.try_put(request).await.expect("the table is taken")
}

async fn found(clients: &Clients, filters: v1::Filters) -> Vec<String> {
    let request = v1::SearchRequest {
        filters: Some(filters),
        sort: Sort::LandedPriceAscending.into(),
        ..query("行李箱", "hk")
    };
    let hits = clients.search(request).await.hits;
    hits.into_iter().map(|hit| hit.item_id).collect()
}

#[tokio::test]
async fn a_landed_price_filter_takes_its_edges_and_nothing_unknown() {
    let (_node, clients) = trunks().await;
    clients.put_freight("hk", TO_HK).await;
    let range = |landed_min_minor, landed_max_minor| v1::Filters {
        landed_min_minor,
        landed_max_minor,
        ..Default::default()
    };
    for (low, high, expected) in [
        (None, None, vec!["light", "heavy", "unweighed"]),
        (Some(0), None, vec!["light", "heavy"]),
        (Some(5_000), Some(7_000), vec!["light", "heavy"]),
        (Some(5_001), Some(7_000), vec!["heavy"]),
        (Some(5_000), Some(6_999), vec!["light"]),
        (None, Some(4_999), vec![]),
    ] {
        let ids = found(&clients, range(low, high)).await;
        assert_eq!(ids, expected, "{low:?} to {high:?}");
    }
    // The price alone is another filter, and both must hold.
    let both = v1::Filters {
        price_max_minor: Some(3_500),
        ..range(None, Some(7_000))
    };
    assert_eq!(found(&clients, both).await, ["heavy"]);
}

#[tokio::test]
async fn the_facet_keeps_unknown_freight_apart() {
    let (_node, clients) = trunks().await;
    clients.put_freight("hk", TO_HK).await;
    let request = v1::SearchRequest {
        facets: vec![FacetKind::LandedPrice.into()],
        ..query("行李箱", "hk")
    };
    let answer = clients.search(request).await;
    let buckets: Vec<_> = answer.facets[0]
        .buckets
        .iter()
        .map(|b| {
            (
                b.value.as_str(),
                b.count,
                b.price_min_minor,
                b.price_max_minor,
            )
        })
        .collect();
    let expected = [
        ("5000-5000", 1, Some(5_000), Some(5_000)),
        ("7000-7000", 1, Some(7_000), Some(7_000)),
        ("unknown", 1, None, None),
    ];
    assert_eq!(buckets, expected);
    assert_eq!(answer.rate_date, Rates::of_dictionaries().date);
}

#[tokio::test]
async fn a_dry_run_says_whose_freight_becomes_known_unknown_or_another() {
    let (_node, clients) = trunks().await;
    let tried = try_table(&clients, TO_HK).await;
    assert!(
        tried.effects[0].starts_with("2 items gain a freight, 0 lose it, 0 have another"),
        "{tried:?}"
    );
    assert_eq!((tried.changes_total, tried.changes.len()), (2, 2));
    let detail = "hk to hk: unknown -> 10.00 HKD by consolidated";
    let light = tried
        .changes
        .iter()
        .find(|change| change.item_id == "light");
    let light = light.expect("it is listed");
    assert_eq!(
        (light.change.as_str(), light.detail.as_str()),
        ("gains_freight", detail)
    );
    let known = v1::Filters {
        landed_min_minor: Some(0),
        ..Default::default()
    };
    let nobody: [&str; 0] = [];
    assert_eq!(found(&clients, known).await, nobody, "it was only tried");
    clients.put_freight("hk", TO_HK).await;
    let dearer = TO_HK.replace("1000", "1500").replace("5000", "3000");
    let tried = try_table(&clients, &dearer).await;
    assert!(
        tried.effects[0].starts_with("0 items gain a freight, 1 lose it, 1 have another"),
        "{tried:?}"
    );
    // Withdrawn: what was known is unknown again.
    let dropped = try_table(&clients, "").await;
    assert!(
        dropped.effects[0].starts_with("0 items gain a freight, 2 lose it"),
        "{dropped:?}"
    );
    let request = v1::GetDocumentRequest {
        kind: DocumentKind::Freight.into(),
        region: "hk".to_owned(),
    };
    let document = clients
        .admin
        .clone()
        .get_document(request)
        .await
        .expect("it is there");
    assert_eq!(
        document.into_inner().document.expect("a document").toml,
        TO_HK
    );
}

#[tokio::test]
async fn a_table_that_cannot_be_used_is_refused_by_line_and_the_old_one_stays() {
    let (_node, clients) = trunks().await;
    clients.put_freight("hk", TO_HK).await;
    for (text, line) in [
        (TO_HK.replace("HKD", "XXX"), 5),
        (TO_HK.replace("consolidated", "free_shipping"), 4),
        (TO_HK.replace("5000", "500"), 6),
        (TO_HK.replace("bands", "strips"), 6),
    ] {
        let request = v1::PutDocumentRequest {
            kind: DocumentKind::Freight.into(),
            region: "hk".to_owned(),
            toml: text,
            ..Default::default()
        };
        let message = assert_code(clients.try_put(request).await, Code::InvalidArgument);
        assert!(
            message.starts_with(&format!("toml: hk/freight.toml:{line}:")),
            "{message}"
        );
    }
    assert_eq!(
        found(&clients, v1::Filters::default()).await,
        ["light", "heavy", "unweighed"]
    );
}

#[tokio::test]
async fn a_weight_or_a_table_that_changes_is_seen_within_two_seconds() {
    let (_node, clients) = trunks().await;
    let is_first = |id: &'static str| {
        let clients = clients.clone();
        move || {
            let clients = clients.clone();
            async move { found(&clients, v1::Filters::default()).await[0] == id }
        }
    };
    clients.put_freight("common", TO_HK).await;
    until_true(VISIBLE_WITHIN, "the table acts", is_first("light")).await;
    let weighed = v1::Item {
        offers: vec![offer("hk", &[Consolidated], hkd(2_000))],
        weight_grams: Some(500),
        tags: owned(&["weighed"]),
        ..item("unweighed", "行李箱")
    };
    clients.upsert(vec![weighed]).await;
    until_true(VISIBLE_WITHIN, "the weight acts", is_first("unweighed")).await;
}
