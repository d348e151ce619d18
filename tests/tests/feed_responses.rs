//! However a feed is asked for, no card is disliked, barred or there twice, and every card says why and how likely it came.

use std::collections::{BTreeMap, BTreeSet};

use proptest::strategy::ValueTree as _;
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use sampan_engine::Node;
use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::Clients,
    feed::{feed_item, feed_of, feed_shop},
    items::{event, owned, user},
    node::TestNode,
};

const ITEMS: usize = 200;
const SHOPPERS: usize = 50;
const REGIONS: [&str; 2] = ["hk", "tw"];

#[tokio::test]
async fn five_thousand_pages_break_no_promise() {
    ask(5_000).await;
}

#[tokio::test]
#[ignore = "takes some minutes"]
async fn a_million_pages_break_no_promise() {
    ask(1_000_000).await;
}

/// What must not be shown: to shoppers, and by destination.
struct Barred {
    disliked: BTreeMap<String, BTreeSet<String>>,
    to_taiwan: BTreeSet<String>,
}

/// A shop where shoppers did, disliked and were shown things, and a shelf may not go to Taiwan.
async fn lived_in() -> (TestNode, Clients, Barred) {
    let (node, clients) = feed_shop(ITEMS).await;
    let rule = "[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\ncategory = [\"百貨 > 第3架\"]\n";
    clients.put_restrictions("tw", rule).await;
    let mut disliked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut events = Vec::new();
    for shopper in 0..SHOPPERS {
        let name = format!("u-{shopper}");
        for step in 0..shopper % 17 {
            let item = feed_item((shopper * 31 + step * 7) % ITEMS);
            events.push(event(EventKind::Click, &name, &item));
            let passed = feed_item((shopper * 13 + step * 11) % ITEMS);
            events.push(event(EventKind::Impression, &name, &passed));
        }
        for step in 0..shopper % 11 {
            let item = feed_item((shopper * 31 + step * 14) % ITEMS);
            events.push(event(EventKind::Dislike, &name, &item));
            disliked.entry(name.clone()).or_default().insert(item);
        }
    }
    for part in events.chunks(1_000) {
        clients.record(part.to_vec()).await;
    }
    let written = clients.status().await.sequence_written;
    clients.settle(written).await;
    let to_taiwan = (30..40).map(feed_item).collect();
    let barred = Barred {
        disliked,
        to_taiwan,
    };
    (node, clients, barred)
}

/// A shopper, and what he asks for.
fn any_request() -> impl Strategy<Value = v1::GetFeedRequest> {
    let place = (select(&REGIONS), select(&["", "hk", "tw"]));
    let shelf = proptest::option::weighted(0.2, 0..ITEMS / 10);
    let shopper = proptest::option::weighted(0.9, 0..SHOPPERS);
    let asked = (1..=100u32, any::<bool>(), any::<bool>());
    (place, shelf, shopper, asked).prop_map(|((region, ship_to), shelf, shopper, asked)| {
        let (page_size, allow_repeats, explain) = asked;
        let path = shelf.map(|shelf| owned(&["百貨", &format!("第{shelf}架")]));
        v1::GetFeedRequest {
            region: region.to_owned(),
            ship_to: ship_to.to_owned(),
            category_path: path.unwrap_or_default(),
            page_size,
            allow_repeats,
            explain,
            ..feed_of(shopper.and_then(|shopper| user(&format!("u-{shopper}"))))
        }
    })
}

async fn ask(pages: usize) {
    let (node, _clients, barred) = lived_in().await;
    let engine = node.engine();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Default::default(), rng);
    let (mut asked, mut cards) = (0, 0);
    while asked < pages {
        let drawn = any_request().new_tree(&mut runner);
        let request = drawn.expect("something can be drawn").current();
        let found = walk(&engine, request, &barred);
        asked += found.0;
        cards += found.1;
    }
    assert!(cards > 5 * asked, "{cards} cards on {asked} pages");
}

/// All pages of a request; how many there are, and how many cards.
fn walk(engine: &Node, mut request: v1::GetFeedRequest, barred: &Barred) -> (usize, usize) {
    let who = request
        .user
        .as_ref()
        .map_or("", |user| user.user_id.as_str())
        .to_owned();
    let to = match request.ship_to.as_str() {
        "" => request.region.clone(),
        to => to.to_owned(),
    };
    let none = BTreeSet::new();
    let disliked = barred.disliked.get(&who).unwrap_or(&none);
    let mut shown = BTreeSet::new();
    let mut pages = 0;
    loop {
        let page = engine.feed(&request).expect("a page");
        pages += 1;
        assert!(page.cards.len() <= request.page_size as usize);
        for card in &page.cards {
            let id = card.hit.as_ref().expect("a hit").item_id.clone();
            assert!(!disliked.contains(&id), "{who} dislikes {id}: {request:?}");
            let is_barred = to == "tw" && barred.to_taiwan.contains(&id);
            assert!(!is_barred, "{id} may not go there: {request:?}");
            assert!(card.propensity > 0.0 && card.propensity <= 1.0);
            assert!(!card.reason.is_empty() && !card.source.is_empty());
            assert!(shown.insert(id), "twice: {request:?}");
        }
        if page.next_page_token.is_empty() {
            return (pages, shown.len());
        }
        request.page_token = page.next_page_token;
    }
}
