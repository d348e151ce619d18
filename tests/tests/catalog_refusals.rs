//! A wrong item is refused alone, with the path of the wrong field and a reason; what lies at a limit is taken.

use sampan_proto::{
    Timestamp,
    v1::{self, ShipMode},
};
use sampan_tests::{
    clients::Clients,
    items::{attribute, hkd, item, money, offer, owned, titled},
    node::TestNode,
};

type Change<T> = fn(&mut T);

const ITEM_FIELDS: [(&str, Change<v1::Item>); 48] = [
    ("id", |i| i.id.clear()),
    ("id", |i| i.id = "  ".to_owned()),
    ("id", |i| i.id = "x".repeat(129)),
    ("id", |i| i.id = "a\nb".to_owned()),
    ("titles", |i| i.titles.clear()),
    ("titles", |i| i.titles = vec![titled("杯"); 9]),
    ("titles[0].text", |i| i.titles[0].text.clear()),
    ("titles[0].text", |i| i.titles[0].text = " 　\t".to_owned()),
    ("titles[1].text", |i| {
        i.titles.push(titled(&"x".repeat(1_025)))
    }),
    ("titles[0].text", |i| {
        i.titles[0].text = "a\u{0}b".to_owned()
    }),
    ("titles[0].language", |i| {
        i.titles[0].language = "x".repeat(65)
    }),
    ("brand", |i| i.brand = "x".repeat(257)),
    ("brand", |i| i.brand = "a\u{7f}b".to_owned()),
    ("category_path", |i| {
        i.category_path = vec!["x".to_owned(); 9]
    }),
    ("category_path[1]", |i| i.category_path = owned(&["x", ""])),
    ("category_path[0]", |i| {
        i.category_path = vec!["x".repeat(129)]
    }),
    ("attributes", |i| {
        let names = (0..65).map(|n| attribute(&n.to_string(), "x"));
        i.attributes = names.collect();
    }),
    ("attributes[\"\"]", |i| {
        i.attributes = [attribute("", "x")].into()
    }),
    ("attributes[\"色\"]", |i| {
        i.attributes = [attribute("色", "")].into()
    }),
    ("attributes[\"色\"]", |i| {
        i.attributes = [attribute("色", &"x".repeat(257))].into();
    }),
    ("attributes[\"色\"]", |i| {
        let values = vec!["x".to_owned(); 33];
        i.attributes = [("色".to_owned(), v1::AttributeValues { values })].into();
    }),
    ("tags", |i| i.tags = vec!["x".to_owned(); 65]),
    ("tags[1]", |i| i.tags = vec!["x".to_owned(), "x".repeat(65)]),
    ("tags[0]", |i| i.tags = owned(&[""])),
    ("seller", |i| i.seller = "x".repeat(129)),
    ("image_url", |i| i.image_url = "x".repeat(2_049)),
    ("origin_country", |i| i.origin_country = "chn".to_owned()),
    ("origin_country", |i| i.origin_country = "港".to_owned()),
    ("weight_grams", |i| i.weight_grams = Some(0)),
    ("weight_grams", |i| i.weight_grams = Some(10_000_001)),
    ("quality_prior", |i| i.quality_prior = 1.01),
    ("quality_prior", |i| i.quality_prior = -0.01),
    ("quality_prior", |i| i.quality_prior = f32::NAN),
    ("created", |i| {
        i.created = Some(Timestamp {
            seconds: -1,
            nanos: 0,
        })
    }),
    ("created", |i| {
        i.created = Some(Timestamp {
            seconds: 253_402_300_800,
            nanos: 0,
        })
    }),
    ("created", |i| {
        i.created = Some(Timestamp {
            seconds: 0,
            nanos: -1,
        })
    }),
    ("created", |i| {
        i.created = Some(Timestamp {
            seconds: 0,
            nanos: 1_000_000_000,
        })
    }),
    ("vector", |i| i.vector = vec![0.5; 2_049]),
    ("vector", |i| i.vector = vec![0.0; 4]),
    ("vector", |i| i.vector = vec![1.0, f32::NAN, 0.0, 0.0]),
    ("vector", |i| i.vector = vec![1.0, f32::INFINITY, 0.0, 0.0]),
    // The node's vectors have four numbers: see the test.
    ("vector", |i| i.vector = vec![1.0; 5]),
    ("offers[1].region", |i| i.offers.push(i.offers[0].clone())),
    ("offers", |i| i.offers = vec![i.offers[0].clone(); 33]),
    ("offers[0].region", |i| i.offers[0].region.clear()),
    ("offers[0].region", |i| i.offers[0].region = "xx".to_owned()),
    ("offers[0].region", |i| i.offers[0].region = "HK".to_owned()),
    ("offers[0].price", |i| i.offers[0].price = None),
];

/// Wrong offers, at their path below the offer.
const OFFER_FIELDS: [(&str, Change<v1::Offer>); 12] = [
    ("price.minor", |o| o.price = Some(hkd(-1))),
    ("price.minor", |o| o.price = Some(hkd(1_000_000_000_001))),
    ("price.currency", |o| o.price = Some(money(1, ""))),
    ("price.currency", |o| o.price = Some(money(1, "hkd"))),
    ("price.currency", |o| o.price = Some(money(1, "XXX"))),
    ("freight_minor", |o| o.freight_minor = Some(-1)),
    ("freight_minor", |o| o.freight_minor = Some(i64::MAX)),
    ("delivery_days", |o| o.delivery_days = Some(3_651)),
    ("ship_modes", |o| o.ship_modes.clear()),
    ("ship_modes[0]", |o| o.ship_modes = vec![0]),
    ("ship_modes[1]", |o| o.ship_modes = vec![1, 99]),
    ("region", |o| o.region = "nowhere".to_owned()),
];

async fn node_with_vectors() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let first = v1::Item {
        vector: vec![1.0, 0.0, 0.0, 0.0],
        ..item("first", "杯")
    };
    clients.stock(vec![first]).await;
    (node, clients)
}

#[tokio::test]
async fn each_wrong_field_of_an_item_is_named() {
    let (_node, clients) = node_with_vectors().await;
    let mut wrong: Vec<(String, v1::Item)> = Vec::new();
    for (field, change) in ITEM_FIELDS {
        let mut item = item("wrong", "杯");
        change(&mut item);
        wrong.push((field.to_owned(), item));
    }
    for (field, change) in OFFER_FIELDS {
        let mut item = item("wrong", "杯");
        item.offers
            .insert(0, offer("tw", &[ShipMode::Local], hkd(1)));
        change(&mut item.offers[1]);
        wrong.push((format!("offers[1].{field}"), item));
    }
    let count = wrong.len();
    let right = (0..count).map(|n| item(&format!("right-{n}"), "杯"));
    let batch = wrong.iter().map(|(_, item)| item.clone()).zip(right);
    let batch = batch.flat_map(|(wrong, right)| [wrong, right]).collect();
    let answer = clients.try_upsert(vec![batch]).await.expect("taken");
    assert_eq!(
        (answer.accepted, answer.refused),
        (count as u64, count as u64)
    );
    for (place, (field, item)) in wrong.iter().enumerate() {
        let result = &answer.results[place * 2];
        assert!(!result.accepted, "{field} was accepted: {item:?}");
        assert_eq!(&result.field, field, "{}", result.reason);
        assert!(!result.reason.is_empty(), "{field}: no reason");
        assert_eq!(result.item_id, item.id);
        assert!(
            answer.results[place * 2 + 1].accepted,
            "its neighbour is right"
        );
    }
    clients.settle(answer.sequence).await;
    assert_eq!(clients.status().await.items as usize, count + 1);
}

#[tokio::test]
async fn an_item_with_everything_at_its_limit_is_taken() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let values = vec!["x".repeat(256); 32];
    let names = (0..64).map(|n| {
        let values = v1::AttributeValues {
            values: values.clone(),
        };
        (format!("{n:0>128}"), values)
    });
    let longest = v1::Offer {
        stock: Some(u32::MAX),
        freight_minor: Some(1_000_000_000_000),
        delivery_days: Some(3_650),
        ..offer(
            "hk",
            &sampan_tests::catalogue::ALL_MODES,
            hkd(1_000_000_000_000),
        )
    };
    let largest = v1::Item {
        id: "x".repeat(128),
        titles: vec![titled(&"杯".repeat(341)); 8],
        brand: "x".repeat(256),
        category_path: vec!["x".repeat(128); 8],
        attributes: names.collect(),
        tags: vec!["x".repeat(64); 64],
        seller: "x".repeat(128),
        created: Some(Timestamp {
            seconds: 253_402_300_799,
            nanos: 999_999_999,
        }),
        quality_prior: 1.0,
        sales_prior: u64::MAX,
        vector: vec![f32::MAX; 2_048],
        image_url: "x".repeat(2_048),
        origin_country: "hk".to_owned(),
        weight_grams: Some(10_000_000),
        offers: vec![longest],
    };
    let smallest = v1::Item {
        id: "x".to_owned(),
        titles: vec![titled("y")],
        ..Default::default()
    };
    clients.stock(vec![largest.clone(), smallest.clone()]).await;
    let back = clients
        .try_get_item(&largest.id)
        .await
        .expect("it is there");
    assert_eq!(back, largest);
    let status = clients.status().await;
    assert_eq!((status.vectors, status.warnings), (1, Vec::<String>::new()));
    let found = clients
        .search(sampan_tests::clients::query("杯", "hk"))
        .await;
    assert_eq!(found.hits[0].item_id, largest.id);
    let sum = found.hits[0]
        .offer
        .as_ref()
        .and_then(|offer| offer.display_landed.clone());
    assert_eq!(sum, Some(hkd(1_000_000_000_000)), "it ships free");
}

#[tokio::test]
async fn each_wrong_field_of_an_offer_update_is_named() {
    let (_node, clients) = node_with_vectors().await;
    let right = v1::OfferUpdate {
        item_id: "first".to_owned(),
        offers: vec![offer("tw", &[ShipMode::Local], hkd(1))],
        ..Default::default()
    };
    let fields: [(&str, Change<v1::OfferUpdate>); 7] = [
        ("item_id", |u| u.item_id.clear()),
        ("item_id", |u| u.item_id = "x".repeat(129)),
        ("item_id", |u| u.item_id = "nowhere".to_owned()),
        ("offers", |u| u.offers.clear()),
        ("offers", |u| u.offers = vec![u.offers[0].clone(); 33]),
        ("offers[1].region", |u| u.offers.push(u.offers[0].clone())),
        ("remove_regions[1]", |u| {
            u.remove_regions = owned(&["hk", "xx"])
        }),
    ];
    let mut updates = Vec::new();
    let mut names = Vec::new();
    for (field, change) in fields {
        let mut update = right.clone();
        change(&mut update);
        updates.push(update);
        names.push(field.to_owned());
    }
    for (field, change) in OFFER_FIELDS {
        let mut update = right.clone();
        change(&mut update.offers[0]);
        updates.push(update);
        names.push(format!("offers[0].{field}"));
    }
    updates.push(right);
    let answer = clients.try_update_offers(updates).await.expect("taken");
    for (result, field) in answer.results.iter().zip(&names) {
        assert!(!result.accepted, "{field} was accepted");
        assert_eq!(&result.field, field, "{}", result.reason);
        assert!(!result.reason.is_empty(), "{field}: no reason");
    }
    assert!(answer.results.last().is_some_and(|result| result.accepted));
}
