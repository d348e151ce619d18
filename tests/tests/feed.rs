//! 「猜你喜歡」: for everyone, following what a shopper does within a second, and never against it.

use std::collections::BTreeSet;

use sampan_proto::v1::{self, EventKind, Script};
use sampan_tests::{
    clients::{Clients, card_ids},
    items::{event, item_everywhere, moment, now_seconds, owned, user},
    node::TestNode,
    refusal::assert_names_field,
    wait::{VISIBLE_WITHIN, until_true},
};

use crate::search_explanations::adding_up;

const ITEMS: usize = 80;

/// 80 items of eight shelves and ten sellers, the newest last; neighbours in time share both.
async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = (0..ITEMS).map(|number| v1::Item {
        category_path: owned(&["百貨", &format!("第{}架", number / 10)]),
        seller: format!("seller-{}", number / 8),
        created: moment(now_seconds() - 86_400 * (ITEMS - number) as i64),
        ..item_everywhere(&id(number), &format!("貨品{number}號"), &["hk", "tw"])
    });
    clients.stock(items.collect()).await;
    (node, clients)
}

fn id(number: usize) -> String {
    format!("i-{number:02}")
}

fn visit(context: Option<v1::UserContext>) -> v1::GetFeedRequest {
    v1::GetFeedRequest {
        region: "hk".to_owned(),
        user: context,
        ..Default::default()
    }
}

fn clicks(user_id: &str, items: &[&str]) -> Vec<v1::Event> {
    let click = |item: &&str| event(EventKind::Click, user_id, item);
    items.iter().map(click).collect()
}

#[tokio::test]
async fn nobody_in_particular_gets_a_whole_feed_without_repeats() {
    let (_node, clients) = shop().await;
    // New arrivals are gathered every other second.
    until_true(
        std::time::Duration::from_secs(10),
        "new arrivals",
        || async {
            clients
                .feed(visit(None))
                .await
                .sources
                .contains(&"new".to_owned())
        },
    )
    .await;
    let mut request = visit(None);
    let first = clients.feed(request.clone()).await;
    assert_eq!(first.cards.len(), 20, "the default page");
    assert_eq!(first.sources, ["new", "exploration"]);
    assert!(first.cards.iter().all(|card| !card.reason.is_empty()));
    request.page_size = 7;
    let cards = clients.feed_all(request).await;
    let distinct: BTreeSet<&str> = card_ids(&cards).into_iter().collect();
    assert_eq!((cards.len(), distinct.len()), (ITEMS, ITEMS));
    let places = cards.iter().filter_map(|card| card.hit.as_ref());
    assert!(places.map(|hit| hit.position as usize).eq(0..ITEMS));
}

#[tokio::test]
async fn a_click_changes_the_next_feed_within_a_second() {
    let (_node, clients) = shop().await;
    // Three shoppers who looked at 7 also looked at 33.
    for other in ["ann", "ben", "cat"] {
        clients.record(clicks(other, &[&id(7), &id(33)])).await;
    }
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    for context in [
        user("dora"),
        Some(v1::UserContext {
            session_id: "visit-1".to_owned(),
            ..Default::default()
        }),
    ] {
        let request = visit(context.clone());
        let context = context.unwrap_or_default();
        let before = clients.feed(request.clone()).await;
        let linked = |feed: &v1::GetFeedResponse| {
            let card = feed.cards.first();
            card.is_some_and(|card| {
                card.source == "item_to_item" && card_ids(&feed.cards)[0] == id(33)
            })
        };
        assert!(!linked(&before));
        let click = v1::Event {
            user_id: context.user_id.clone(),
            session_id: context.session_id.clone(),
            ..event(EventKind::Click, "", &id(7))
        };
        clients.record(vec![click]).await;
        until_true(VISIBLE_WITHIN, "the feed follows the click", || async {
            linked(&clients.feed(request.clone()).await)
        })
        .await;
        let after = clients.feed(request).await;
        assert!(
            after.cards[0].reason.contains("貨品7號"),
            "{}",
            after.cards[0].reason
        );
        assert!(after.sources.contains(&"item_to_item".to_owned()));
        assert!(
            !card_ids(&after.cards).contains(&id(7).as_str()),
            "it was just seen"
        );
    }
    let stranger = clients.feed(visit(user("stranger"))).await;
    assert!(!stranger.sources.contains(&"item_to_item".to_owned()));
}

#[tokio::test]
async fn what_the_region_buys_is_in_the_feed_of_a_stranger() {
    let (_node, clients) = shop().await;
    let orders = (0..6).map(|n| event(EventKind::Order, &format!("u-{n}"), &id(3)));
    clients.record(orders.collect()).await;
    until_true(VISIBLE_WITHIN, "what is popular shows", || async {
        let feed = clients.feed(visit(None)).await;
        feed.cards
            .first()
            .is_some_and(|card| card.source == "popular" && card_ids(&feed.cards)[0] == id(3))
    })
    .await;
    let elsewhere = v1::GetFeedRequest {
        region: "tw".to_owned(),
        ..visit(None)
    };
    let elsewhere = clients.feed(elsewhere).await;
    let said = elsewhere.degraded.iter();
    let said = said.map(|step| (step.from.as_str(), step.to.as_str()));
    assert!(
        said.into_iter()
            .any(|step| step == ("region", "all regions")),
        "nobody there bought it"
    );
}

#[tokio::test]
async fn a_dislike_vanishes_from_the_next_feed_and_from_pages_to_come() {
    let (_node, clients) = shop().await;
    until_true(
        std::time::Duration::from_secs(10),
        "new arrivals",
        || async { clients.feed_all(visit(None)).await.len() == ITEMS },
    )
    .await;
    let mut request = visit(user("eve"));
    let first = clients.feed(request.clone()).await;
    let whole = clients.feed_all(request.clone()).await;
    let (shown, coming) = (card_ids(&whole)[0], card_ids(&whole)[45]);
    let dislikes = [shown, coming].map(|item| event(EventKind::Dislike, "eve", item));
    clients.record(dislikes.into()).await;
    until_true(VISIBLE_WITHIN, "the dislikes vanish", || async {
        let cards = clients.feed_all(request.clone()).await;
        !card_ids(&cards).contains(&shown) && !card_ids(&cards).contains(&coming)
    })
    .await;
    request.page_token = first.next_page_token;
    let rest = clients.feed_all(request).await;
    assert_eq!(rest.len(), ITEMS - 20 - 1, "all but the one disliked since");
    assert!(!card_ids(&rest).contains(&coming));
    let others = clients.feed_all(visit(user("fay"))).await;
    assert!(
        card_ids(&others).contains(&shown),
        "it is eve's dislike alone"
    );
}

#[tokio::test]
async fn a_feed_is_spread_over_shelves_and_sellers() {
    let (_node, clients) = shop().await;
    let request = v1::GetFeedRequest {
        page_size: 40,
        ..visit(None)
    };
    until_true(
        std::time::Duration::from_secs(10),
        "new arrivals",
        || async { clients.feed(request.clone()).await.cards.len() == 40 },
    )
    .await;
    let cards = clients.feed(request).await.cards;
    // Chance asks nobody what stands beside.
    let cards = cards.into_iter().filter(|card| card.propensity == 1.0);
    let hits: Vec<v1::Hit> = cards.filter_map(|card| card.hit).collect();
    for ten in hits.windows(10) {
        let most = |of: &dyn Fn(&v1::Hit) -> String| {
            let names: BTreeSet<String> = ten.iter().map(of).collect();
            let counts = names
                .iter()
                .map(|name| ten.iter().filter(|hit| of(hit) == *name).count());
            counts.max().unwrap_or(0)
        };
        assert!(most(&|hit| hit.seller.clone()) <= 3);
        assert!(most(&|hit| hit.category_path.join("/")) <= 4);
    }
}

#[tokio::test]
async fn a_reason_is_written_in_the_asked_script() {
    let (_node, clients) = shop().await;
    clients.record(clicks("ann", &[&id(7), &id(33)])).await;
    clients.record(clicks("ben", &[&id(7)])).await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    for (script, region, words) in [
        (Script::Unspecified, "hk", "因為你看過「貨品7號」"),
        (Script::Unspecified, "tw", "因為你看過「貨品7號」"),
        (Script::Simplified, "hk", "因为你看过「货品7号」"),
        (Script::Taiwan, "hk", "因為你看過「貨品7號」"),
    ] {
        let request = v1::GetFeedRequest {
            display_script: script.into(),
            region: region.to_owned(),
            ..visit(user("ben"))
        };
        let cards = clients.feed(request).await.cards;
        let linked = cards.iter().find(|card| card.source == "item_to_item");
        // Quotation marks differ between scripts; the words are what is promised.
        let bare = |text: &str| text.replace(['「', '」', '“', '”'], "");
        assert_eq!(
            bare(&linked.expect("a linked card").reason),
            bare(words),
            "{script:?}"
        );
    }
}

#[tokio::test]
async fn a_card_is_explained_and_paged_like_a_hit() {
    let (_node, clients) = shop().await;
    let request = v1::GetFeedRequest {
        explain: true,
        category_path: owned(&["百貨", "第3架"]),
        page_size: 4,
        ..visit(user("gil"))
    };
    until_true(
        std::time::Duration::from_secs(10),
        "new arrivals",
        || async { clients.feed_all(request.clone()).await.len() == ITEMS / 8 },
    )
    .await;
    for card in clients.feed_all(request.clone()).await {
        let hit = card.hit.expect("a card has a hit");
        assert_eq!(hit.category_path, ["百貨", "第3架"]);
        adding_up(&hit);
    }
    let token = clients.feed(request.clone()).await.next_page_token;
    let changed: [fn(&mut v1::GetFeedRequest); 4] = [
        |request| request.user = user("somebody else"),
        |request| request.region = "tw".to_owned(),
        |request| request.category_path = Vec::new(),
        |request| request.explain = false,
    ];
    for change in changed {
        let mut other = v1::GetFeedRequest {
            page_token: token.clone(),
            ..request.clone()
        };
        change(&mut other);
        assert_names_field(clients.try_feed(other).await, "page_token");
    }
}

#[tokio::test]
async fn a_reason_does_not_name_what_has_been_barred_since() {
    let (_node, clients) = shop().await;
    clients.record(clicks("ann", &[&id(7), &id(33)])).await;
    clients.record(clicks("ben", &[&id(7)])).await;
    let rule = format!(
        "[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\nitem = [{:?}]\n",
        id(7)
    );
    clients.put_restrictions("hk", &rule).await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    let cards = clients.feed_all(visit(user("ben"))).await;
    assert!(cards.iter().any(|card| card.source == "item_to_item"));
    for card in cards {
        assert!(!card.reason.contains("貨品7號"), "{}", card.reason);
    }
}
