//! What a profile does with pools: boosts within the margin, quotas, recall for the feed, and exclusion on every path.

use std::time::Duration;

use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::{Clients, card_ids, ids, query},
    items::{event, item, moment, now_seconds, owned},
    node::TestNode,
    wait::until_true,
};

use crate::search_explanations::adding_up;

/// Time in which the node gathers new arrivals and names.
const GATHERED_WITHIN: Duration = Duration::from_secs(10);

fn id(number: usize) -> String {
    format!("i-{number:02}")
}

/// Items of the same words; each sells worse than the one before it.
async fn shop(count: usize) -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = (0..count).map(|number| v1::Item {
        sales_prior: 40_000 / (1 + number as u64),
        ..item(&id(number), "玻璃杯")
    });
    clients.stock(items.collect()).await;
    (node, clients)
}

/// A pool of these items.
fn pool(name: &str, numbers: &[usize]) -> String {
    let ids: Vec<String> = numbers.iter().map(|number| id(*number)).collect();
    format!("[[pool]]\nid = {name:?}\ntitle = \"夏日{name}\"\nitem = {ids:?}\n")
}

fn feed() -> v1::GetFeedRequest {
    v1::GetFeedRequest {
        region: "hk".to_owned(),
        page_size: 100,
        ..Default::default()
    }
}

async fn found(clients: &Clients) -> Vec<v1::Hit> {
    let request = v1::SearchRequest {
        explain: true,
        page_size: 100,
        ..query("玻璃杯", "hk")
    };
    clients.search(request).await.hits
}

/// The places of some items, from 0.
fn places(shown: &[&str], numbers: &[usize]) -> Vec<usize> {
    let place = |number: &usize| shown.iter().position(|known| **known == id(*number));
    numbers.iter().filter_map(place).collect()
}

fn relevance(hit: &v1::Hit) -> f64 {
    let boosts = ["direct_mail", "free_shipping", "local", "pool"];
    let parts = adding_up(hit).parts.iter();
    let evidence = parts.filter(|part| !boosts.contains(&part.signal.as_str()));
    evidence.map(|part| part.contribution).sum()
}

/// Nothing stands above what is better by more than the margin.
fn assert_bounded(hits: &[v1::Hit], margin: f64) {
    for (place, above) in hits.iter().enumerate() {
        for below in &hits[place..] {
            let ahead = relevance(below) - relevance(above);
            assert!(ahead <= margin + 1e-9, "{}: {ahead}", above.item_id);
        }
    }
}

#[tokio::test]
async fn a_boost_lifts_by_its_share_and_within_the_margin() {
    let (_node, clients) = shop(30).await;
    let pools = pool("much", &[20, 25]) + &pool("little", &[25, 28]);
    clients.put_pools("hk", &pools).await;
    let uses = "[pools.much]\nboost = 1.0\n[pools.little]\nboost = 0.25\n";
    for (margin, weight, rises) in [(0.2, 0.1, true), (0.2, 0.0001, false)] {
        // The more is sold the better, and by how much is larger than the small weight.
        let profile =
            format!("[weights]\nsales = 0.1\n[boosts]\nmargin = {margin}\npool = {weight}\n{uses}");
        clients.put_profile("hk", &profile).await;
        let hits = found(&clients).await;
        assert_eq!(hits.len(), 30);
        assert_bounded(&hits, margin);
        let first = places(&ids(&hits), &[20, 25]);
        assert_eq!(first == [0, 1], rises, "{first:?}");
        for hit in &hits {
            let part = adding_up(hit)
                .parts
                .iter()
                .find(|part| part.signal == "pool");
            let part = part.expect("a part");
            let share = match hit.item_id.as_str() {
                "i-20" | "i-25" => 1.0,
                "i-28" => 0.25,
                _ => 0.0,
            };
            assert_eq!(
                (part.value, part.weight),
                (share, weight),
                "{}",
                hit.item_id
            );
            assert!(part.rank_without.is_some());
        }
        let lifted = hits
            .iter()
            .find(|hit| hit.item_id == "i-20")
            .expect("shown");
        let parts = &adding_up(lifted).parts;
        let part = parts
            .iter()
            .find(|part| part.signal == "pool")
            .expect("a part");
        assert_eq!(part.rank_without, Some(20));
    }
}

#[tokio::test]
async fn a_quota_is_held_in_search_within_the_margin() {
    let (_node, clients) = shop(40).await;
    let own = [15, 22, 27, 33, 36, 38];
    clients.put_pools("hk", &pool("p", &own)).await;
    // Sales set the items far apart, or hardly.
    for (weight, holds) in [("0.03", true), ("20.0", false)] {
        let profile = format!(
            "[weights]\nsales = {weight}\n[boosts]\nmargin = 0.1\nlocal = 0.0\n[pools.p]\nquota = 2\n"
        );
        clients.put_profile("hk", &profile).await;
        let hits = found(&clients).await;
        assert_bounded(&hits, 0.1);
        let shown = ids(&hits);
        let per_ten: Vec<usize> = shown
            .chunks(10)
            .map(|ten| places(ten, &own).len())
            .collect();
        if !holds {
            assert_eq!(per_ten[0], 0, "{shown:?}");
            continue;
        }
        assert_eq!(per_ten, [2, 2, 2, 0], "{shown:?}");
        assert_eq!(&shown[8..10], ["i-15", "i-22"], "at the window's end");
        let lift = adding_up(&hits[9]).quota.clone().expect("it was lifted");
        assert_eq!((lift.pool.as_str(), lift.rank_without), ("p", 22));
        assert!(adding_up(&hits[0]).quota.is_none());
        // A shopper's own order is no place for it.
        let by_sales = v1::SearchRequest {
            sort: v1::Sort::Sales.into(),
            page_size: 10,
            ..query("玻璃杯", "hk")
        };
        let sorted = clients.search(by_sales).await.hits;
        assert!(places(&ids(&sorted), &own).is_empty());
    }
}

#[tokio::test]
async fn a_quota_is_held_in_the_feed() {
    let (_node, clients) = shop(40).await;
    let own = [31, 33, 35, 37, 39];
    clients.put_pools("hk", &pool("p", &own)).await;
    clients.put_profile("hk", "[pools.p]\nquota = 3\n").await;
    until_true(GATHERED_WITHIN, "new arrivals", || async {
        clients.feed(feed()).await.cards.len() == 40
    })
    .await;
    let cards = clients.feed(feed()).await.cards;
    let shown = card_ids(&cards);
    let per_ten: Vec<usize> = shown
        .chunks(10)
        .map(|ten| places(ten, &own).len())
        .collect();
    assert_eq!(per_ten[..2], [3, 2], "{shown:?}");
}

#[tokio::test]
async fn a_pool_brings_its_items_to_the_feed() {
    let (_node, clients) = shop(60).await;
    // By itself the feed finds one item a source.
    clients.put_pools("hk", &pool("p", &[50, 52, 54, 56])).await;
    let narrow = "[feed]\nper_source = 1\n";
    clients.put_profile("hk", narrow).await;
    until_true(GATHERED_WITHIN, "new arrivals", || async {
        clients.feed(feed()).await.cards.len() == 1
    })
    .await;
    clients
        .put_profile("hk", &format!("{narrow}[pools.p]\nrecall = 3\n"))
        .await;
    let cards = clients.feed(feed()).await.cards;
    let brought: Vec<_> = cards.iter().filter(|card| card.source == "pool").collect();
    assert_eq!(
        places(&card_ids(&cards), &[50, 52, 54]).len(),
        3,
        "the best"
    );
    assert_eq!(brought.len(), 3, "{cards:?}");
    assert!(
        brought.iter().all(|card| card.reason == "夏日p"),
        "{brought:?}"
    );
}

#[tokio::test]
async fn a_feed_that_is_kept_to_a_pool_has_its_old_items_too() {
    let (_node, clients) = shop(20).await;
    // More that is newer than any source of the feed looks at.
    let newer = (0..2_100).map(|number| v1::Item {
        // Of one second, the first comers would count as the newer.
        created: moment(now_seconds() + 60),
        ..item(&format!("new-{number}"), "碟")
    });
    clients.stock(newer.collect()).await;
    let pools = pool("p", &[1, 2, 3, 4, 5]) + &pool("q", &[4, 5, 6]);
    clients.put_pools("hk", &pools).await;
    until_true(GATHERED_WITHIN, "new arrivals", || async {
        let cards = clients.feed(feed()).await.cards;
        !cards.is_empty() && card_ids(&cards).iter().all(|id| id.starts_with("new-"))
    })
    .await;
    for (asked, shown) in [
        (vec!["p"], vec![1, 2, 3, 4, 5]),
        (vec!["p", "q"], vec![4, 5]),
    ] {
        let request = v1::GetFeedRequest {
            pools: owned(&asked),
            ..feed()
        };
        let cards = clients.feed(request).await.cards;
        assert_eq!(
            cards.len(),
            shown.len(),
            "{asked:?}: {:?}",
            card_ids(&cards)
        );
        assert_eq!(places(&card_ids(&cards), &shown).len(), shown.len());
    }
}

/// The paths on which an item is seen.
async fn seen_on(clients: &Clients, item: &str) -> Vec<&'static str> {
    let mut paths = Vec::new();
    let filters = v1::Filters {
        pools: owned(&["bad"]),
        ..Default::default()
    };
    for (path, text, filters) in [
        ("search", "茶壺", None),
        ("browse", "", None),
        ("pool", "", Some(filters)),
    ] {
        let request = v1::SearchRequest {
            facets: vec![v1::FacetKind::Brand.into()],
            filters,
            ..query(text, "hk")
        };
        let answer = clients.search(request).await;
        if ids(&answer.hits).contains(&item) {
            paths.push(path);
        }
        let mut buckets = answer.facets.iter().flat_map(|facet| &facet.buckets);
        if buckets.any(|bucket| bucket.value == "維記") {
            paths.push("facets");
        }
    }
    if !clients.suggest("維記", "hk").await.is_empty() {
        paths.push("suggest");
    }
    if card_ids(&clients.feed_all(feed()).await).contains(&item) {
        paths.push("feed");
    }
    if card_ids(&clients.similar("lid", "hk").await).contains(&item) {
        paths.push("similar");
    }
    paths
}

#[tokio::test]
async fn an_excluded_pool_is_on_no_path() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let pot = v1::Item {
        brand: "維記".to_owned(),
        ..item("pot", "維記 茶壺")
    };
    clients.stock(vec![pot, item("lid", "茶壺 蓋")]).await;
    let events = ["pot", "lid"].map(|item| event(EventKind::Order, "ann", item));
    clients.record(events.into()).await;
    clients
        .put_pools("hk", "[[pool]]\nid = \"bad\"\nbrand = [\"維記\"]\n")
        .await;
    let everywhere = [
        "search", "facets", "browse", "facets", "pool", "facets", "suggest", "feed", "similar",
    ];
    until_true(GATHERED_WITHIN, "it is everywhere", || async {
        seen_on(&clients, "pot").await == everywhere
    })
    .await;
    clients
        .put_profile("hk", "[pools.bad]\nexclude = true\n")
        .await;
    assert!(seen_on(&clients, "pot").await.is_empty());
    let hits = clients.search(query("", "hk")).await.hits;
    assert_eq!(ids(&hits), ["lid"], "its neighbour stays");
    // The rule goes on acting on what is new.
    let pan = v1::Item {
        brand: "維記".to_owned(),
        ..item("pan", "維記 鍋")
    };
    clients.stock(vec![pan]).await;
    assert!(seen_on(&clients, "pan").await.is_empty());
    clients.put_profile("hk", "").await;
    assert_eq!(seen_on(&clients, "pot").await, everywhere);
}
