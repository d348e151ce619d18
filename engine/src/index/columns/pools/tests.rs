//! Pools that are kept up to date item by item are those that are made of all items at once.

use proptest::{
    prelude::RngExt as _,
    test_runner::{RngAlgorithm, TestRng},
};
use sampan_analyzers::Analyzer;
use sampan_proto::v1;

use super::*;
use crate::{config::DictionarySource, index::columns::ColumnsWriter};

/// Every way to select, and every way to make a pool out of others.
const POOLS: &str = r#"
[[pool]]
id = "tagged"
tag = ["t1", "T2"]
[[pool]]
id = "branded"
brand = ["b1"]
category = ["c1 > d0", "C2"]
[[pool]]
id = "listed"
item = ["3", "5", "8", "13", "21"]
[[pool]]
id = "cheap"
price_max = 50
currency = "HKD"
in_stock = true
[[pool]]
id = "mailed"
ship_modes = ["direct_mail"]
seller = ["s0", "s1"]
attribute = [{ name = "size", value = "1" }]
[[pool]]
id = "popular"
popular = 10
[[pool]]
id = "popular-cheap"
popular = 20
price_max = "80.00"
currency = "HKD"
[[pool]]
id = "either"
union = ["tagged", "cheap"]
without = ["listed"]
[[pool]]
id = "tagged-again"
tag = ["t1", "T2"]
[[pool]]
id = "both"
tag = ["t3"]
intersect = ["either", "popular"]
"#;

fn configuration(pools: &str) -> Configuration {
    let mut files = DictionarySource::Embedded.load().unwrap();
    files
        .0
        .insert("common/pools.toml".to_owned(), pools.to_owned());
    Configuration::read(files.into()).unwrap()
}

fn analyzer(configuration: &Configuration) -> Arc<Analyzer> {
    Analyzer::shared(&configuration.files).unwrap()
}

fn item(random: &mut TestRng, id: u32) -> v1::Item {
    let mut draw = |below: u32| random.random_range(0..below);
    let values = v1::AttributeValues {
        values: vec![draw(3).to_string()],
    };
    let regions = ["hk", "tw", "sg"].into_iter().filter(|_| draw(4) > 0);
    let regions: Vec<&str> = regions.collect();
    let offers = regions.into_iter().map(|region| v1::Offer {
        region: region.to_owned(),
        price: Some(v1::Money {
            minor: i64::from(draw(12)) * 1_000,
            currency: "HKD".to_owned(),
        }),
        stock: Some(draw(2)),
        ship_modes: vec![1 + draw(4) as i32],
        ..Default::default()
    });
    let offers = offers.collect();
    v1::Item {
        id: id.to_string(),
        titles: vec![v1::Title::default()],
        offers,
        brand: format!("B{}", draw(3)),
        category_path: vec![format!("c{}", draw(3)), format!("d{}", draw(2))],
        seller: format!("s{}", draw(4)),
        tags: vec![format!("t{}", draw(5))],
        attributes: [("size".to_owned(), values)].into(),
        ..Default::default()
    }
}

/// The items of each pool of each region.
fn listed(pools: &Pools, configuration: &Configuration) -> Vec<(String, Vec<Ordinal>)> {
    let regions = configuration.regions.iter();
    let known = regions.flat_map(|(region, its)| {
        let pools = pools.of(region).iter();
        pools.map(|known| {
            let name = format!("{} {}", its.code, known.pool.id);
            (name, known.items.iter().collect())
        })
    });
    known.collect()
}

#[test]
fn what_is_kept_item_by_item_is_what_is_made_at_once() {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let configuration = configuration(POOLS);
    let analyzer = analyzer(&configuration);
    let key = |text: &str| analyzer.fold_key(text);
    let mut writer = ColumnsWriter::default();
    writer.apply_pools(&configuration, &[], true, &key);
    let mut behaviour = crate::behaviour::BehaviourWriter::default();
    let mut joined = 0;
    for _ in 0..60 {
        let touched: Vec<Ordinal> = (0..10).map(|_| random.random_range(0..80)).collect();
        for ordinal in &touched {
            if random.random_bool(0.2) {
                writer.remove(*ordinal);
            } else {
                let item = item(&mut random, *ordinal);
                writer.set(*ordinal, &item, &configuration, &analyzer);
            }
        }
        writer.apply_pools(&configuration, &touched, false, &key);
        for _ in 0..5 {
            let event = v1::Event {
                kind: v1::EventKind::Click.into(),
                user_id: "u".to_owned(),
                region: "hk".to_owned(),
                ..Default::default()
            };
            let goods = crate::behaviour::Goods {
                ordinal: random.random_range(0..80),
                seller: "",
                category: "",
            };
            behaviour.apply(&event, Some(goods), None);
        }
        let behaviour = behaviour.snapshot();
        writer.take_popular(&behaviour, &configuration);
        let columns = writer.publish(0);
        let mut anew = PoolsWriter::default();
        anew.take_popular(
            popular_items(&behaviour, &configuration),
            &columns,
            &configuration.rates,
        );
        anew.define(&configuration, &columns, &key);
        let (kept, made) = (listed(&columns.pools, &configuration), anew.publish(0));
        assert_eq!(kept, listed(&made, &configuration));
        joined += kept.iter().filter(|(_, items)| !items.is_empty()).count();
    }
    assert!(joined > 500, "only {joined} pools had items");
}

/// A naive opinion on a few of them.
#[test]
fn each_pool_holds_what_its_rule_says() {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[8; 32]);
    let configuration = configuration(POOLS);
    let analyzer = analyzer(&configuration);
    let key = |text: &str| analyzer.fold_key(text);
    let mut writer = ColumnsWriter::default();
    let items: Vec<v1::Item> = (0..200).map(|id| item(&mut random, id)).collect();
    for (ordinal, item) in (0..).zip(&items) {
        writer.set(ordinal, item, &configuration, &analyzer);
    }
    writer.apply_pools(&configuration, &[], true, &key);
    let pools = writer.publish(0).pools;
    let hk = configuration.regions.find("hk").unwrap();
    let holds = |id: &str, rule: &dyn Fn(&v1::Item, &v1::Offer) -> bool| {
        let known = &pools.find(hk, id).unwrap().items;
        for (ordinal, item) in (0..).zip(&items) {
            let offer = item.offers.iter().find(|offer| offer.region == "hk");
            let expected = offer.is_some_and(|offer| rule(item, offer));
            assert_eq!(known.contains(ordinal), expected, "{id}: {item:?}");
        }
        assert!(!known.is_empty(), "{id}");
    };
    let tagged = |item: &v1::Item| ["t1", "t2"].contains(&item.tags[0].as_str());
    let price = |offer: &v1::Offer| offer.price.as_ref().map_or(0, |price| price.minor);
    let cheap = |offer: &v1::Offer| (1..=5_000).contains(&price(offer)) && offer.stock == Some(1);
    let listed = |item: &v1::Item| ["3", "5", "8", "13", "21"].contains(&item.id.as_str());
    holds("tagged", &|item, _| tagged(item));
    holds("branded", &|item, _| {
        let path: Vec<&str> = item.category_path.iter().map(String::as_str).collect();
        item.brand == "B1" && (path == ["c1", "d0"] || path[0] == "c2")
    });
    holds("listed", &|item, _| listed(item));
    holds("cheap", &|_, offer| cheap(offer));
    holds("mailed", &|item, offer| {
        let size = &item.attributes["size"].values[0];
        let mailed = offer.ship_modes.contains(&v1::ShipMode::DirectMail.into());
        mailed && ["s0", "s1"].contains(&item.seller.as_str()) && size == "1"
    });
    holds("either", &|item, offer| {
        (tagged(item) || cheap(offer)) && !listed(item)
    });
    assert!(pools.find(hk, "popular").unwrap().items.is_empty());
}

#[test]
fn other_pools_may_come_and_go_and_the_rest_stays() {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let before = configuration(POOLS);
    let analyzer = analyzer(&before);
    let key = |text: &str| analyzer.fold_key(text);
    let mut writer = ColumnsWriter::default();
    for ordinal in 0..100 {
        writer.set(ordinal, &item(&mut random, ordinal), &before, &analyzer);
    }
    writer.apply_pools(&before, &[], true, &key);
    let columns = writer.publish(0);
    let after =
        configuration(&(POOLS.replace("\"t1\", ", "") + "[[pool]]\nid = \"t\"\ntag = [\"t1\"]\n"));
    let tried = Pools::tried(&columns, &after, &key, 0);
    writer.apply_pools(&after, &[], true, &key);
    let pools = writer.publish(0).pools;
    assert_eq!(listed(&pools, &after), listed(&tried, &after));
    let hk = after.regions.find("hk").unwrap();
    let items = |pools: &Pools, id: &str| RoaringBitmap::clone(&pools.find(hk, id).unwrap().items);
    let gone = items(&columns.pools, "tagged") - items(&pools, "tagged");
    assert_eq!(gone, items(&pools, "t"));
    assert!(!gone.is_empty());
    // What nothing was said about was not even judged again.
    let shared = |id: &str| {
        let (old, new) = (columns.pools.find(hk, id), pools.find(hk, id));
        Arc::ptr_eq(&old.unwrap().items, &new.unwrap().items)
    };
    assert!(shared("cheap") && !shared("tagged"));
}

#[test]
fn a_pool_is_empty_before_it_begins_and_after_it_ends() {
    let text = "[[pool]]\nid = \"day\"\ntag = [\"t1\", \"t2\", \"t3\"]\nfrom = 1970-01-02\nuntil = 1970-01-03\n\
        [[pool]]\nid = \"rest\"\nitem = [\"1\", \"2\", \"3\", \"4\"]\nwithout = [\"day\"]\n";
    let configuration = configuration(text);
    let analyzer = analyzer(&configuration);
    let key = |text: &str| analyzer.fold_key(text);
    let mut writer = ColumnsWriter::default();
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[10; 32]);
    for ordinal in 0..50 {
        writer.set(
            ordinal,
            &item(&mut random, ordinal),
            &configuration,
            &analyzer,
        );
    }
    writer.apply_pools(&configuration, &[], true, &key);
    let hk = configuration.regions.find("hk").unwrap();
    let mut counts = Vec::new();
    for now in [0, 86_399, 86_400, 172_799, 172_800] {
        let pools = writer.publish(now).pools;
        let day = pools.find(hk, "day").unwrap();
        assert_eq!(day.in_force, (86_400..172_800).contains(&now), "{now}");
        assert_eq!(day.items.is_empty(), !day.in_force);
        counts.push(pools.find(hk, "rest").unwrap().items.len());
        assert!(!writer.pools_turned(now));
    }
    assert!(writer.pools_turned(100_000));
    // A pool that no longer holds takes nothing from another.
    assert!(counts[0] == counts[1] && counts[2] < counts[1] && counts[4] == counts[0]);
}
