//! What goods cost at the door is what an oracle works out, to the minor unit, whatever the market, the way, the weight,
//! the currency, and who says what sending costs; and orders, filters and facets go by it.

use std::collections::BTreeMap;

use sampan_proto::v1::{self, DocumentKind, FacetKind, ShipMode, Sort};
use sampan_tests::{
    clients::{Clients, query},
    items::{hkd, item, money, now_seconds, offer, owned},
    node::TestNode,
    oracle::{
        self, FreightPrice, FreightRow, Landed, Market, Rates, landed, rules_of_dictionaries,
    },
    refusal::assert_code,
    wait::{VISIBLE_WITHIN, until_true},
};
use tonic::Code;

use v1::ShipMode::{Consolidated, DirectMail, FreeShipping, Local};

const REGIONS: [&str; 4] = ["hk", "tw", "cn", "us"];
const MODES: [&[ShipMode]; 7] = [
    &[DirectMail],
    &[Consolidated],
    &[Local],
    &[DirectMail, Consolidated],
    &[Local, DirectMail],
    &[FreeShipping, DirectMail],
    &[Consolidated, Local, DirectMail],
];
/// Grams at, below and above the edges of the bands.
const WEIGHTS: [Option<u32>; 10] = [
    None,
    Some(1),
    Some(500),
    Some(501),
    Some(1_000),
    Some(1_001),
    Some(2_499),
    Some(2_500),
    Some(2_501),
    Some(10_000_000),
];
const STATED: [Option<i64>; 3] = [None, Some(0), Some(1_999)];
/// Price of one item: no two amounts round alike in every currency.
const PRICES: [(i64, &str); 4] = [
    (12_345, "HKD"),
    (2_501, "JPY"),
    (9_999, "TWD"),
    (1_050, "USD"),
];
const ORIGINS: [&str; 3] = ["", "cn", "jp"];
/// Where the shop is, where goods go, and what prices are shown in.
const CURRENCIES: [&str; 3] = ["", "JPY", "SGD"];

fn table() -> Vec<FreightRow> {
    let row = |id, destination, modes, currency, price| FreightRow {
        id,
        destination,
        region: &[],
        origin: &[],
        modes,
        currency,
        price,
        dates: "",
        holds: true,
    };
    vec![
        // To Hong Kong: over before the others begin, and not yet begun.
        FreightRow {
            dates: "until = 2020-01-01",
            holds: false,
            ..row("old", "hk", &[DirectMail], "HKD", FreightPrice::Flat(1))
        },
        FreightRow {
            dates: "from = 2090-01-01T00:00:00+08:00",
            holds: false,
            ..row("future", "hk", &[DirectMail], "HKD", FreightPrice::Flat(2))
        },
        FreightRow {
            region: &["cn"],
            dates: "from = 2020-01-01",
            ..row(
                "cn-hk",
                "hk",
                &[DirectMail],
                "CNY",
                FreightPrice::Bands(&[(500, 1_250), (1_000, 2_175), (2_500, 3_333)]),
            )
        },
        FreightRow {
            origin: &["jp", "us"],
            ..row(
                "jp-hk",
                "hk",
                &[DirectMail, Consolidated],
                "JPY",
                FreightPrice::Steps((500, 955), (500, 215), 2_500),
            )
        },
        row("to-hk", "hk", &[Local], "HKD", FreightPrice::Flat(0)),
        row(
            "to-tw",
            "tw",
            &[Local, Consolidated],
            "TWD",
            FreightPrice::Bands(&[(1_000, 6_005)]),
        ),
        // To everywhere, where the destination's own rows do not fit.
        row(
            "everywhere",
            "",
            &[Consolidated],
            "USD",
            FreightPrice::Steps((1, 505), (1_000, 33), 10_000_000),
        ),
        FreightRow {
            region: &["hk", "us"],
            origin: &["cn"],
            ..row(
                "from-cn",
                "",
                &[DirectMail],
                "HKD",
                FreightPrice::Flat(4_445),
            )
        },
    ]
}

fn shelf(modes: usize, price: usize) -> String {
    format!("shelf {modes}-{price}")
}

/// Every combination, on a shelf for each set of modes and each price.
fn catalogue() -> Vec<v1::Item> {
    let mut items = Vec::new();
    for (m, modes) in MODES.iter().enumerate() {
        for (p, (minor, currency)) in PRICES.iter().enumerate() {
            for weight_grams in WEIGHTS {
                for freight_minor in STATED {
                    for origin in ORIGINS {
                        let sold = |region: &&str| v1::Offer {
                            freight_minor,
                            ..offer(region, modes, money(*minor, currency))
                        };
                        items.push(v1::Item {
                            brand: shelf(m, p),
                            weight_grams,
                            origin_country: origin.to_owned(),
                            offers: REGIONS.iter().map(sold).collect(),
                            ..item(&format!("i-{}", items.len()), "行李箱")
                        });
                    }
                }
            }
        }
    }
    items
}

async fn put(
    clients: &Clients,
    region: &str,
    toml: &str,
    dry_run: bool,
) -> v1::PutDocumentResponse {
    let request = v1::PutDocumentRequest {
        kind: DocumentKind::Freight.into(),
        region: region.to_owned(),
        toml: toml.to_owned(),
        dry_run,
        ..Default::default()
    };
    clients.try_put(request).await.expect("the table is taken")
}

async fn put_tables(clients: &Clients, table: &[FreightRow]) {
    for folder in ["common"].into_iter().chain(REGIONS) {
        let destination = if folder == "common" { "" } else { folder };
        let rows = table.iter().filter(|row| row.destination == destination);
        let text: String = rows.map(FreightRow::to_toml).collect();
        put(clients, folder, &format!("# rows\n{text}"), false).await;
    }
}

fn currency_of<'a>(asked: &'a str, region: &str) -> &'a str {
    match (asked, region) {
        ("", "hk") => "HKD",
        ("", "tw") => "TWD",
        ("", "cn") => "CNY",
        ("", "us") => "USD",
        (asked, _) => asked,
    }
}

/// What an answer says of an offer.
fn shown(hit: &v1::Hit, currency: &str) -> Landed {
    let offer = hit.offer.as_ref().expect("an offer");
    let minor = |money: &v1::Money| {
        assert_eq!(money.currency, currency);
        money.minor
    };
    let freight = offer.display_freight.as_ref().map(minor);
    let landed = Landed {
        price: minor(offer.display_price.as_ref().expect("a price")),
        freight: freight.map(|freight| (freight, offer.freight_mode())),
        by_mode: Vec::new(),
    };
    assert_eq!(offer.display_landed.as_ref().map(minor), landed.sum());
    assert!(freight.is_some() || offer.freight_mode() == ShipMode::Unspecified);
    landed
}

#[tokio::test]
async fn the_landed_price_is_the_oracles_over_all_combinations_and_no_order_is_inverted() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let (items, table, rates) = (catalogue(), table(), Rates::of_dictionaries());
    let (rules, now) = (rules_of_dictionaries(), now_seconds());
    put_tables(&clients, &table).await;
    clients.stock(items.clone()).await;
    let by_id: BTreeMap<&str, &v1::Item> = items.iter().map(|i| (i.id.as_str(), i)).collect();
    let (mut compared, mut unknown, mut by_table) = (0, 0, 0);
    for (number, (region, ship_to)) in pairs().enumerate() {
        let market = Market { region, ship_to };
        for (m, p) in (0..MODES.len()).flat_map(|m| (0..PRICES.len()).map(move |p| (m, p))) {
            let asked = CURRENCIES[(number + m + p) % CURRENCIES.len()];
            let currency = currency_of(asked, region);
            let descends = (number + p) % 2 == 0;
            let sort = match descends {
                true => Sort::LandedPriceDescending,
                false => Sort::LandedPriceAscending,
            };
            let request = v1::SearchRequest {
                ship_to: ship_to.to_owned(),
                display_currency: asked.to_owned(),
                sort: sort.into(),
                filters: Some(v1::Filters {
                    brands: vec![shelf(m, p)],
                    ..Default::default()
                }),
                ..query("", region)
            };
            let hits = clients.search_all(request).await;
            let on_shelf = items.iter().filter(|item| item.brand == shelf(m, p));
            let sold = on_shelf.filter(|i| !oracle::ways(i, market, &rules, now).is_empty());
            assert_eq!(hits.len(), sold.count(), "{market:?} {m} {p}");
            let mut sums = Vec::new();
            for hit in &hits {
                let item = by_id[hit.item_id.as_str()];
                let ways = oracle::ways(item, market, &rules, now);
                let expected = landed(item, market, &ways, &table, (&rates, currency));
                let by_mode = expected.by_mode.clone();
                let told = Landed {
                    by_mode: by_mode.clone(),
                    ..shown(hit, currency)
                };
                assert_eq!(told, expected, "{market:?} in {currency}: {item:?}");
                let offer = hit.offer.as_ref().expect("an offer");
                for (told, (mode, minor, row)) in offer.freight_by_mode.iter().zip(&by_mode) {
                    assert_eq!(told.mode(), *mode);
                    assert_eq!(told.freight.as_ref().map(|money| money.minor), *minor);
                    assert_eq!(told.row, *row);
                    by_table += usize::from(!row.is_empty());
                }
                assert_eq!(offer.freight_by_mode.len(), by_mode.len());
                sums.push(expected.sum());
                compared += 1;
                unknown += usize::from(expected.freight.is_none());
            }
            let known: Vec<i64> = sums.iter().copied().flatten().collect();
            let first_unknown = sums.iter().position(Option::is_none);
            assert_eq!(
                first_unknown.unwrap_or(known.len()),
                known.len(),
                "the unknown are last"
            );
            for pair in known.windows(2) {
                assert!(
                    pair[0] == pair[1] || descends == (pair[0] > pair[1]),
                    "{sort:?}: {pair:?}"
                );
            }
        }
    }
    assert!(compared > 30_000, "{compared} compared");
    assert!(
        unknown > 1_000 && by_table > 5_000,
        "{unknown} unknown, {by_table} by a table"
    );
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    let from = REGIONS.iter();
    from.flat_map(|region| REGIONS.iter().map(|ship_to| (*region, *ship_to)))
}

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
    put(&clients, "hk", TO_HK, false).await;
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
    put(&clients, "hk", TO_HK, false).await;
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
    let tried = put(&clients, "hk", TO_HK, true).await;
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
    put(&clients, "hk", TO_HK, false).await;
    let dearer = TO_HK.replace("1000", "1500").replace("5000", "3000");
    let tried = put(&clients, "hk", &dearer, true).await;
    assert!(
        tried.effects[0].starts_with("0 items gain a freight, 1 lose it, 1 have another"),
        "{tried:?}"
    );
    // Withdrawn: what was known is unknown again.
    let dropped = put(&clients, "hk", "", true).await;
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
    put(&clients, "hk", TO_HK, false).await;
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
    put(&clients, "common", TO_HK, false).await;
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
