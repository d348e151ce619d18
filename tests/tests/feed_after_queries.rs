//! Who searched is shown what others chose after the same query, however it was written, within a second; with its own reason,
//! under every promise of the feed, and gone with those who are erased.

use sampan_proto::v1::{self, EventKind, Script};
use sampan_tests::{
    clients::{Clients, card_ids},
    feed::{feed_item, feed_of, feed_shop},
    items::{event, user},
    node::TestNode,
    wait::{VISIBLE_WITHIN, until_true},
};

const ITEMS: usize = 80;
const CHOSEN: usize = 33;
const NO_CHANCE: &str = "[feed]\nexploration_share = 0.0\n";

/// A shop whose feed leaves nothing to chance: a card that it draws names no other source.
async fn shop() -> (TestNode, Clients) {
    let (node, clients) = feed_shop(ITEMS).await;
    clients.put_profile("hk", NO_CHANCE).await;
    (node, clients)
}

/// Something that was done with an item after a query.
fn after(query: &str, kind: EventKind, who: &str, item: usize) -> v1::Event {
    v1::Event {
        query: query.to_owned(),
        ..event(kind, who, &feed_item(item))
    }
}

/// Three who looked at one item after 雪櫃, and one of them at another.
async fn others_choose(clients: &Clients) {
    let looks = |who: &&str| after("雪櫃", EventKind::Click, who, CHOSEN);
    let mut events: Vec<v1::Event> = ["ann", "ben", "cat"].iter().map(looks).collect();
    events.push(after("雪櫃", EventKind::Click, "cat", 34));
    let answer = clients.record(events).await;
    clients.settle(answer.sequence).await;
}

/// Something was on the shopper's screen after a query, and nothing came of it.
async fn searches(clients: &Clients, who: &str, query: &str) {
    let seen = after(query, EventKind::Impression, who, 70);
    let answer = clients.record(vec![seen]).await;
    clients.settle(answer.sequence).await;
}

/// All cards that the source brought.
async fn by_query(clients: &Clients, request: v1::GetFeedRequest) -> Vec<v1::Card> {
    let cards = clients.feed_all(request).await.into_iter();
    cards
        .filter(|card| card.source == "query_to_item")
        .collect()
}

async fn inspect(clients: &Clients, who: &str) -> v1::InspectFeedResponse {
    let mut client = clients.feed.clone();
    let answer = client.inspect_feed(feed_of(user(who))).await;
    answer.expect("a report").into_inner()
}

#[tokio::test]
async fn what_others_chose_after_the_same_query_comes_within_a_second() {
    let (_node, clients) = shop().await;
    others_choose(&clients).await;
    assert!(by_query(&clients, feed_of(user("dora"))).await.is_empty());
    let seen = after("雪柜", EventKind::Impression, "dora", 70);
    clients.record(vec![seen]).await;
    until_true(VISIBLE_WITHIN, "the feed follows the query", || async {
        let feed = clients.feed(feed_of(user("dora"))).await;
        card_ids(&feed.cards)[0] == feed_item(CHOSEN) && feed.cards[0].source == "query_to_item"
    })
    .await;
    let feed = clients.feed(feed_of(user("dora"))).await;
    assert!(feed.sources.contains(&"query_to_item".to_owned()));
    assert!(feed.degraded.iter().all(|step| step.from != "queries"));
    // What three chose stands before what one did.
    let cards = by_query(&clients, feed_of(user("dora"))).await;
    assert_eq!(card_ids(&cards), [feed_item(CHOSEN), feed_item(34)]);
}

#[tokio::test]
async fn a_query_is_the_same_in_another_script_with_words_around_it_and_in_another_regions_words() {
    let (_node, clients) = shop().await;
    others_choose(&clients).await;
    for query in ["雪柜", " 雪 櫃 ", "想買雪櫃", "冰箱"] {
        let who = format!("asked for {query}");
        searches(&clients, &who, query).await;
        let cards = by_query(&clients, feed_of(user(&who))).await;
        assert_eq!(cards.len(), 2, "{query}");
    }
    for query in ["洗衣機", "！？"] {
        let who = format!("asked for {query}");
        searches(&clients, &who, query).await;
        let cards = by_query(&clients, feed_of(user(&who))).await;
        assert!(cards.is_empty(), "{query}");
    }
    // What Hong Kong chose is not what Taiwan did.
    let elsewhere = v1::Event {
        region: "tw".to_owned(),
        ..after("雪櫃", EventKind::Impression, "eve", 70)
    };
    let answer = clients.record(vec![elsewhere]).await;
    clients.settle(answer.sequence).await;
    let request = v1::GetFeedRequest {
        region: "tw".to_owned(),
        ..feed_of(user("eve"))
    };
    assert!(by_query(&clients, request.clone()).await.is_empty());
    let feed = clients.feed(request).await;
    let said = feed.degraded.iter().find(|step| step.from == "queries");
    assert!(said.expect("it is said").reason.contains("雪櫃"));
}

#[tokio::test]
async fn a_card_quotes_the_query_in_the_asked_script() {
    let (_node, clients) = shop().await;
    others_choose(&clients).await;
    searches(&clients, "dora", "雪柜").await;
    for (script, words) in [
        (Script::Unspecified, "因為你搜尋過「雪櫃」"),
        (Script::Taiwan, "因為你搜尋過「雪櫃」"),
        (Script::Simplified, "因为你搜寻过「雪柜」"),
    ] {
        let request = v1::GetFeedRequest {
            display_script: script.into(),
            ..feed_of(user("dora"))
        };
        let cards = by_query(&clients, request).await;
        // Quotation marks differ between scripts; the words are what is promised.
        let bare = |text: &str| text.replace(['「', '」', '“', '”'], "");
        assert_eq!(bare(&cards[0].reason), bare(words), "{script:?}");
    }
}

#[tokio::test]
async fn a_profile_bounds_the_source_and_switches_it_off() {
    let (_node, clients) = shop().await;
    others_choose(&clients).await;
    searches(&clients, "dora", "雪櫃").await;
    let brought = |report: &v1::InspectFeedResponse| {
        let mut sources = report.sources.iter();
        let source = sources.find(|its| its.source == "query_to_item");
        source.map(|its| (its.budget, its.best.clone()))
    };
    let both = vec![feed_item(CHOSEN), feed_item(34)];
    let report = inspect(&clients, "dora").await;
    assert_eq!(brought(&report), Some((100, both.clone())));
    assert_eq!(report.queries[0].text, "雪櫃");
    assert!(report.queries[0].time.is_some());
    for (budget, left) in [(1, Some((1, both[..1].to_vec()))), (0, None)] {
        let profile = format!("{NO_CHANCE}[feed.candidates]\nquery_to_item = {budget}\n");
        clients.put_profile("hk", &profile).await;
        let report = inspect(&clients, "dora").await;
        assert_eq!(brought(&report), left);
    }
}

#[tokio::test]
async fn what_is_disliked_stays_away_and_what_the_shopper_chose_alone_brings_nothing() {
    let (_node, clients) = shop().await;
    others_choose(&clients).await;
    searches(&clients, "dora", "雪櫃").await;
    let dislike = event(EventKind::Dislike, "dora", &feed_item(CHOSEN));
    clients.record(vec![dislike]).await;
    until_true(VISIBLE_WITHIN, "the dislike vanishes", || async {
        let cards = clients.feed_all(feed_of(user("dora"))).await;
        !card_ids(&cards).contains(&feed_item(CHOSEN).as_str())
    })
    .await;
    let own = after("茶", EventKind::Order, "eve", 5);
    let answer = clients.record(vec![own]).await;
    clients.settle(answer.sequence).await;
    let report = inspect(&clients, "eve").await;
    let source = report
        .sources
        .iter()
        .find(|its| its.source == "query_to_item");
    assert_eq!(source.expect("it is asked").candidates, 0);
    assert!(report.degraded.iter().any(|step| step.from == "queries"));
}

#[tokio::test]
async fn choices_and_queries_of_the_erased_are_gone() {
    let (_node, clients) = shop().await;
    others_choose(&clients).await;
    searches(&clients, "dora", "雪櫃").await;
    let erase = |who: &str| {
        let request = v1::EraseUserRequest {
            user_id: who.to_owned(),
            ..Default::default()
        };
        let clients = clients.clone();
        async move {
            let answer = clients.events.clone().erase_user(request).await;
            let sequence = answer.expect("erased").into_inner().sequence;
            clients.settle(sequence).await;
        }
    };
    erase("cat").await;
    let cards = by_query(&clients, feed_of(user("dora"))).await;
    assert_eq!(cards.len(), 1, "only cat chose the other");
    erase("ann").await;
    erase("ben").await;
    assert!(by_query(&clients, feed_of(user("dora"))).await.is_empty());
    assert_eq!(inspect(&clients, "dora").await.queries.len(), 1);
    erase("dora").await;
    let report = inspect(&clients, "dora").await;
    assert!(report.queries.is_empty());
    assert!(report.degraded.iter().all(|step| step.from != "queries"));
}
