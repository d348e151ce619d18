//! What goods cost at the door is what an oracle works out, to the minor unit, whatever the market, the way, the weight,
//! the currency, and who says what sending costs; and no order is inverted.

use std::collections::BTreeMap;

use sampan_proto::v1::{self, ShipMode, Sort};
use sampan_tests::{
    clients::{Clients, query},
    items::{item, money, now_seconds, offer},
    node::TestNode,
    oracle::{
        self, FreightPrice, FreightRow, Landed, Market, Rates, landed, rules_of_dictionaries,
    },
};

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

async fn put_tables(clients: &Clients, table: &[FreightRow]) {
    for folder in ["common"].into_iter().chain(REGIONS) {
        let destination = if folder == "common" { "" } else { folder };
        let rows = table.iter().filter(|row| row.destination == destination);
        let text: String = rows.map(FreightRow::to_toml).collect();
        clients
            .put_freight(folder, &format!("# rows\n{text}"))
            .await;
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
