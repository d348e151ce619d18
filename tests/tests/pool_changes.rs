//! Pools follow the catalogue, the clock and their document: at once, together on every path, and only when valid.

use std::{collections::BTreeSet, time::Duration};

use sampan_proto::v1::{self, DocumentKind, ShipMode};
use sampan_tests::{
    clients::{Clients, card_ids, ids, query},
    items::{hkd, item, item_everywhere, now_seconds, offer, owned},
    node::TestNode,
    refusal::assert_code,
    wait::{VISIBLE_WITHIN, until_true},
};
use tonic::Code;

/// Time in which the node gathers new arrivals for the feed.
const GATHERED_WITHIN: Duration = Duration::from_secs(10);

fn pool(id: &str, lines: &str) -> String {
    format!("[[pool]]\nid = {id:?}\n{lines}\n")
}

fn within(pool: &str) -> v1::SearchRequest {
    let filters = v1::Filters {
        pools: owned(&[pool]),
        ..Default::default()
    };
    v1::SearchRequest {
        filters: Some(filters),
        ..query("", "hk")
    }
}

async fn held(clients: &Clients, pool: &str) -> Vec<String> {
    let hits = clients.search_all(within(pool)).await;
    let held: BTreeSet<String> = hits.into_iter().map(|hit| hit.item_id).collect();
    held.into_iter().collect()
}

fn put(toml: &str) -> v1::PutDocumentRequest {
    v1::PutDocumentRequest {
        kind: DocumentKind::Pools.into(),
        region: "hk".to_owned(),
        toml: toml.to_owned(),
        ..Default::default()
    }
}

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let tagged = |id: &str, tag: &str| v1::Item {
        tags: owned(&[tag]),
        ..item(id, "陶瓷杯")
    };
    let items = vec![tagged("red", "紅"), tagged("blue", "藍")];
    clients.stock(items).await;
    (node, clients)
}

#[tokio::test]
async fn membership_follows_an_offer_an_item_and_a_deletion() {
    let (_node, clients) = shop().await;
    let pools = pool("cheap", "price_max = 50") + &pool("green", "tag = [\"綠\"]");
    clients.put_pools("hk", &pools).await;
    let priced = |id: &str, minor| v1::OfferUpdate {
        item_id: id.to_owned(),
        offers: vec![offer("hk", &[ShipMode::Local], hkd(minor))],
        ..Default::default()
    };
    for (minor, expected) in [(5_000, vec!["red"]), (5_001, vec![]), (100, vec!["red"])] {
        let answer = clients.try_update_offers(vec![priced("red", minor)]).await;
        clients.settle(answer.expect("taken").sequence).await;
        assert_eq!(held(&clients, "cheap").await, expected, "{minor}");
    }
    // A label that nothing had when the rule was read.
    let labelled = v1::Item {
        tags: owned(&["綠"]),
        ..item("blue", "陶瓷杯")
    };
    clients.stock(vec![labelled]).await;
    assert_eq!(held(&clients, "green").await, ["blue"]);
    let gone = clients.try_delete(&["blue"]).await.expect("deleted");
    clients.settle(gone.sequence).await;
    assert!(held(&clients, "green").await.is_empty());
    let listed = clients.pools("hk").await;
    let green = listed.iter().find(|pool| pool.id == "green");
    assert_eq!(green.expect("it is listed").items, 0);
}

#[tokio::test]
async fn a_dry_run_lists_who_joins_and_leaves_and_changes_nothing() {
    let (_node, clients) = shop().await;
    clients.put_pools("hk", &pool("p", "tag = [\"紅\"]")).await;
    let version = clients.status().await.pools_version;
    let written = clients.status().await.sequence_written;
    let next = pool("p", "tag = [\"藍\"]") + &pool("q", "union = [\"p\"]");
    let dry = v1::PutDocumentRequest {
        dry_run: true,
        ..put(&next)
    };
    let answer = clients.try_put(dry).await.expect("tried");
    let mut changes: Vec<_> = answer
        .changes
        .iter()
        .map(|c| (c.detail.as_str(), c.change.as_str(), c.item_id.as_str()))
        .collect();
    changes.sort_unstable();
    let expected = [
        ("p: hk", "joins", "blue"),
        ("p: hk", "leaves", "red"),
        ("q: hk", "joins", "blue"),
    ];
    assert_eq!(changes, expected);
    assert_eq!(answer.changes_total, 3);
    let told = |word: &str| answer.effects.iter().any(|effect| effect.contains(word));
    assert!(
        told("q is new: 1 items join") && told("then hk 1"),
        "{:?}",
        answer.effects
    );
    assert_eq!(clients.status().await.sequence_written, written);
    assert_eq!(clients.status().await.pools_version, version);
    assert_eq!(held(&clients, "p").await, ["red"]);

    let real = clients.put_pools("hk", &next).await;
    assert_eq!(
        (real.version, real.changes),
        (answer.version, answer.changes)
    );
    assert_eq!(held(&clients, "q").await, ["blue"]);
    let back = clients.try_put(put("")).await.expect("dropped");
    assert_eq!(back.changes_total, 2, "{:?}", back.changes);
    assert!(clients.pools("hk").await.is_empty());
}

#[tokio::test]
async fn a_dry_run_lists_a_thousand_items_and_counts_all() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = (0..1_100).map(|n| item_everywhere(&format!("i-{n}"), "杯", &["hk", "tw"]));
    clients.stock(items.collect()).await;
    let all = v1::PutDocumentRequest {
        dry_run: true,
        region: "common".to_owned(),
        ..put(&pool("p", "price_min = 1\ncurrency = \"HKD\""))
    };
    let answer = clients.try_put(all).await.expect("tried");
    assert_eq!((answer.changes.len(), answer.changes_total), (1_000, 1_100));
    assert!(
        answer
            .changes
            .iter()
            .all(|change| change.detail == "p: hk, tw")
    );
}

#[tokio::test]
async fn an_invalid_document_is_refused_by_line_and_the_old_one_stays() {
    let (_node, clients) = shop().await;
    let first = pool("p", "tag = [\"紅\"]");
    clients.put_pools("hk", &first).await;
    for (lines, line, word) in [
        ("id = \"x\"", 5, "selects nothing"),
        ("id = \"x\"\nprice_max = \"1.005\"", 6, "price_max"),
        ("id = \"x\"\nunion = [\"nobody\"]", 6, "nobody"),
        ("id = \"x\"\ntag = [\"a\"]\nwithout = [\"x\"]", 7, "x > x"),
        ("id = \"x\"\ncolour = 1", 6, "colour"),
        ("id = \"p\"\ntag = [\"a\"]", 5, "another pool"),
    ] {
        for dry_run in [true, false] {
            let request = v1::PutDocumentRequest {
                dry_run,
                ..put(&format!("{first}[[pool]]\n{lines}\n"))
            };
            let message = assert_code(clients.try_put(request).await, Code::InvalidArgument);
            let place = format!("toml: hk/pools.toml:{line}: ");
            assert!(message.starts_with(&place), "{place}: {message}");
            assert!(message.contains(word), "{word}: {message}");
        }
    }
    let kept = clients.try_get_document(DocumentKind::Pools, "hk").await;
    assert_eq!(kept.expect("it is there").toml, first);
    assert_eq!(held(&clients, "p").await, ["red"]);
}

#[tokio::test]
async fn a_pool_that_a_profile_uses_is_not_dropped() {
    let (_node, clients) = shop().await;
    clients.put_pools("hk", &pool("p", "tag = [\"紅\"]")).await;
    clients
        .put_profile("hk", "[pools.p]\nexclude = true\n")
        .await;
    let message = assert_code(clients.try_put(put("")).await, Code::InvalidArgument);
    assert!(message.contains("hk/ranking.toml:1"), "{message}");
    assert_eq!(ids(&clients.search(query("", "hk")).await.hits), ["blue"]);
}

#[tokio::test]
async fn a_pool_begins_and_ends_on_the_second() {
    let (_node, clients) = shop().await;
    let now = now_seconds();
    let moment = |seconds: i64| {
        // Seconds since the start of 1970 as TOML writes them.
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = date(days);
        let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    };
    let lines = format!(
        "tag = [\"紅\"]\nfrom = {}\nuntil = {}",
        moment(now + 2),
        moment(now + 4)
    );
    clients.put_pools("hk", &pool("p", &lines)).await;
    let listed = clients.pools("hk").await.remove(0);
    assert_eq!(listed.from.map(|time| time.seconds), Some(now + 2));
    if now_seconds() < now + 2 {
        assert!(held(&clients, "p").await.is_empty(), "not yet");
    }
    let second = Duration::from_secs(1);
    until_true(2 * second + VISIBLE_WITHIN, "it begins", || async {
        held(&clients, "p").await == ["red"]
    })
    .await;
    assert!(now_seconds() >= now + 2, "it began too soon");
    until_true(2 * second + VISIBLE_WITHIN, "it ends", || async {
        held(&clients, "p").await.is_empty()
    })
    .await;
    assert!(now_seconds() >= now + 4, "it ended too soon");
    assert!(!clients.pools("hk").await[0].in_force);
}

/// Year, month and day of a day since 1970, counted year by year.
fn date(mut days: i64) -> (i64, i64, i64) {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1970;
    while days >= 365 + i64::from(is_leap(year)) {
        days -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + i64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[tokio::test]
async fn search_and_feed_change_together() {
    let (_node, clients) = shop().await;
    let feed = v1::GetFeedRequest {
        region: "hk".to_owned(),
        pools: owned(&["p"]),
        ..Default::default()
    };
    let versions = [("紅", "red"), ("藍", "blue")].map(|(tag, item)| {
        let toml = pool("p", &format!("tag = [{tag:?}]"));
        (toml, item)
    });
    clients.put_pools("hk", &versions[1].0).await;
    let blue = clients.status().await.pools_version;
    clients.put_pools("hk", &versions[0].0).await;
    let red = clients.status().await.pools_version;
    assert_ne!(red, blue);
    until_true(GATHERED_WITHIN, "new arrivals", || async {
        clients.feed(feed.clone()).await.cards.len() == 1
    })
    .await;
    let writer = {
        let clients = clients.clone();
        tokio::spawn(async move {
            for round in 1..=20 {
                clients.put_pools("hk", &versions[round % 2].0).await;
            }
        })
    };
    let expected = |version: &str| match version {
        v if v == red => ["red"],
        v if v == blue => ["blue"],
        other => panic!("version {other}"),
    };
    let mut seen = BTreeSet::new();
    // The document is put last as it was first, and acts at once on both.
    while !writer.is_finished() {
        let found = clients.search(within("p")).await;
        assert_eq!(ids(&found.hits), expected(&found.pools_version));
        let cards = clients.feed(feed.clone()).await;
        assert_eq!(card_ids(&cards.cards), expected(&cards.pools_version));
        seen.extend([found.pools_version, cards.pools_version]);
    }
    writer.await.expect("all are put");
    assert_eq!(seen.len(), 2, "both were seen");
    let found = clients.search(within("p")).await;
    let cards = clients.feed(feed).await;
    assert_eq!(
        (found.pools_version, cards.pools_version),
        (red.clone(), red)
    );
}

#[tokio::test]
async fn prices_and_membership_are_of_one_moment_in_every_answer() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let id = |number: usize| format!("i-{number:02}");
    let items = (0..40).map(|number| item(&id(number), "杯"));
    clients.stock(items.collect()).await;
    clients
        .put_pools("hk", &pool("cheap", "price_max = 50"))
        .await;
    let writer = {
        let clients = clients.clone();
        tokio::spawn(async move {
            for round in 0..60 {
                let updates = (0..40).map(|number| {
                    let is_cheap = (number * 7 + round * 11) % 3 == 0;
                    let price = hkd(if is_cheap { 4_000 } else { 6_000 });
                    v1::OfferUpdate {
                        item_id: id(number),
                        offers: vec![offer("hk", &[ShipMode::Local], price)],
                        ..Default::default()
                    }
                });
                let answer = clients.try_update_offers(updates.collect()).await;
                clients.settle(answer.expect("taken").sequence).await;
            }
        })
    };
    let (mut inside, mut outside) = (0, 0);
    while !writer.is_finished() {
        for is_within in [true, false] {
            let named = owned(&["cheap"]);
            let filters = match is_within {
                true => v1::Filters {
                    pools: named,
                    ..Default::default()
                },
                false => v1::Filters {
                    not_pools: named,
                    ..Default::default()
                },
            };
            let request = v1::SearchRequest {
                filters: Some(filters),
                page_size: 100,
                ..query("", "hk")
            };
            for hit in clients.search(request).await.hits {
                let price = hit.offer.and_then(|offer| offer.price).expect("a price");
                assert_eq!(price.minor <= 5_000, is_within, "{}", hit.item_id);
                *(if is_within { &mut inside } else { &mut outside }) += 1;
            }
        }
    }
    writer.await.expect("all are taken");
    assert!(inside > 0 && outside > 0, "{inside}, {outside}");
}

#[tokio::test]
async fn later_pages_are_of_the_pools_of_the_first_but_for_what_must_not_be_shown() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let id = |number: usize| format!("i-{number:02}");
    let items = (0..40).map(|number| item(&id(number), "杯"));
    clients.stock(items.collect()).await;
    let list = |numbers: std::ops::Range<usize>| {
        let ids: Vec<String> = numbers.map(id).collect();
        format!("item = {ids:?}")
    };
    let mut search = v1::SearchRequest {
        page_size: 10,
        ..within("p")
    };
    let mut feed = v1::GetFeedRequest {
        region: "hk".to_owned(),
        pools: owned(&["p"]),
        page_size: 10,
        ..Default::default()
    };
    let pools = |first: std::ops::Range<usize>| {
        pool("p", &list(first)) + &pool("bad", "item = [\"nobody\"]")
    };
    clients.put_pools("hk", &pools(0..30)).await;
    until_true(GATHERED_WITHIN, "new arrivals", || async {
        clients.feed_all(feed.clone()).await.len() == 30
    })
    .await;
    let first = clients.search(search.clone()).await;
    let first_cards = clients.feed(feed.clone()).await;
    let seen: BTreeSet<String> = first.hits.iter().map(|hit| hit.item_id.clone()).collect();
    let cards: BTreeSet<String> = card_ids(&first_cards.cards)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let to_come: Vec<String> = (0..30)
        .map(id)
        .filter(|id| !seen.contains(id) && !cards.contains(id))
        .collect();
    let (barred, excluded) = (&to_come[0], &to_come[1]);

    // The pool becomes quite another one; one item of the old is barred, and one excluded.
    let bad = format!("item = [{excluded:?}]");
    clients
        .put_pools("hk", &(pool("p", &list(30..40)) + &pool("bad", &bad)))
        .await;
    clients
        .put_profile("hk", "[pools.bad]\nexclude = true\n")
        .await;
    let rule = format!(
        "[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\nitem = [{barred:?}]\n"
    );
    clients.put_restrictions("hk", &rule).await;

    let expected = |seen: &BTreeSet<String>| -> BTreeSet<String> {
        let others = (0..30).map(id).filter(|id| !seen.contains(id));
        others.filter(|id| id != barred && id != excluded).collect()
    };
    search.page_token = first.next_page_token.clone();
    let pages = clients.search_pages(search.clone()).await;
    for page in &pages {
        assert_eq!(page.pools_version, first.pools_version);
        assert_eq!(page.index_version, first.index_version);
    }
    let hits: Vec<v1::Hit> = pages.into_iter().flat_map(|page| page.hits).collect();
    let rest: BTreeSet<String> = hits.iter().map(|hit| hit.item_id.clone()).collect();
    assert_eq!((rest.len(), &rest), (hits.len(), &expected(&seen)));

    feed.page_token = first_cards.next_page_token.clone();
    let next = clients.feed(feed.clone()).await;
    assert_eq!(next.pools_version, first_cards.pools_version);
    let rest = clients.feed_all(feed.clone()).await;
    let rest: BTreeSet<String> = card_ids(&rest).into_iter().map(str::to_owned).collect();
    assert_eq!(rest, expected(&cards));

    search.page_token = String::new();
    let anew = clients.search_all(search).await;
    let anew: BTreeSet<String> = anew.into_iter().map(|hit| hit.item_id).collect();
    assert_eq!(anew, (30..40).map(id).collect());
}

#[tokio::test]
async fn pools_outlive_a_restart() {
    let (node, clients) = shop().await;
    clients.put_pools("hk", &pool("p", "tag = [\"紅\"]")).await;
    let version = clients.status().await.pools_version;
    let node = node.restart().await;
    let clients = node.clients().await;
    assert_eq!(held(&clients, "p").await, ["red"]);
    assert_eq!(clients.status().await.pools_version, version);
}
