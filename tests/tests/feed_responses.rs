//! However a feed is asked for, and whatever shoppers did, dislike, were shown or had erased: no card is disliked, barred,
//! there twice, shown too soon again or too often; none is there for a reason that was erased; and every card says why and
//! how likely it came.

mod shop;

use std::collections::BTreeSet;

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    strategy::ValueTree as _,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use sampan_engine::Node;
use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    feed::{feed_item, feed_of},
    items::{owned, user},
};

use shop::{Act, FREQUENCY_CAP, ITEMS, Known, SHOPPERS, Shop};

const REGIONS: [&str; 2] = ["hk", "tw"];
/// Things done between two rounds of questions.
const ACTS: usize = 100;
/// Rounds after which another shelf is barred.
const BARRED_FOR: usize = 5;
/// Sources that only something known of the shopper feeds.
const PERSONAL: [&str; 4] = ["item_to_item", "user_vector", "repeat", "vector"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_pages_break_no_promise() {
    ask(5_000, 500).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes half an hour"]
async fn a_million_pages_break_no_promise() {
    ask(1_000_000, 2_500).await;
}

fn any_act() -> impl Strategy<Value = Act> {
    let kinds = [
        EventKind::Impression,
        EventKind::Impression,
        EventKind::Click,
        EventKind::Cart,
        EventKind::Order,
        EventKind::Dislike,
    ];
    let (shopper, come_across) = (0..SHOPPERS, 0..40usize);
    (
        shopper,
        select(kinds.to_vec()),
        come_across,
        (0..5i64, any::<bool>()),
        proptest::option::weighted(0.3, 0..4usize),
    )
        .prop_map(|(shopper, kind, place, (days_ago, is_anonymous), query)| {
            // The first few again and again, so that some are shown too often.
            let place = if kind == EventKind::Impression {
                place % 8
            } else {
                place
            };
            Act {
                shopper,
                kind,
                item: (shopper * 31 + place * 7) % ITEMS,
                query,
                days_ago,
                is_anonymous,
            }
        })
}

/// A place in the list of shoppers, or somebody who says no name, and what he asks for.
fn any_request() -> impl Strategy<Value = (Option<usize>, v1::GetFeedRequest)> {
    let place = (select(&REGIONS), select(&["", "hk", "tw"]));
    let shelf = proptest::option::weighted(0.2, 0..ITEMS / 10);
    let shopper = proptest::option::weighted(0.9, 0..SHOPPERS);
    let asked = (1..=100u32, any::<bool>(), any::<bool>());
    (place, shelf, shopper, asked).prop_map(|((region, ship_to), shelf, shopper, asked)| {
        let (page_size, allow_repeats, explain) = asked;
        let path = shelf.map(|shelf| owned(&["百貨", &format!("第{shelf}架")]));
        let request = v1::GetFeedRequest {
            region: region.to_owned(),
            ship_to: ship_to.to_owned(),
            category_path: path.unwrap_or_default(),
            page_size,
            allow_repeats,
            explain,
            ..feed_of(None)
        };
        (shopper, request)
    })
}

fn draw<S: Strategy>(of: S, runner: &mut TestRunner) -> S::Value {
    let drawn = of.new_tree(runner);
    drawn.expect("something can be drawn").current()
}

async fn ask(pages: usize, pages_a_round: usize) {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Default::default(), rng);
    let mut shop = Shop::open().await;
    let engine = shop.engine.clone();
    let (mut asked, mut cards) = (0, 0);
    for round in 0.. {
        if asked >= pages {
            break;
        }
        if round % BARRED_FOR == 0 {
            shop.bar(draw(0..ITEMS / 10, &mut runner)).await;
        }
        // A list that was begun before what happens now, and is read on after it.
        let reader = draw(0..SHOPPERS, &mut runner);
        let begun = v1::GetFeedRequest {
            user: user(&shop.shoppers[reader].name),
            ..draw(any_request(), &mut runner).1
        };
        let token = engine.feed(&begun).expect("a page").next_page_token;
        shop.live(&draw(vec(any_act(), ACTS), &mut runner)).await;
        let gone = draw(vec(0..SHOPPERS, 0..4), &mut runner);
        let gone: BTreeSet<usize> = gone
            .into_iter()
            .chain((round % 2 == 0).then_some(reader))
            .collect();
        shop.erase(&gone).await;
        for shopper in &gone {
            let stranger = shop.newcomer();
            is_a_stranger(&engine, &shop.shoppers[*shopper].name, &stranger.name);
        }
        if !token.is_empty() && begun.user == user(&shop.shoppers[reader].name) {
            let later = v1::GetFeedRequest {
                page_token: token,
                ..begun
            };
            let found = walk(&shop, later, &shop.shoppers[reader]);
            (asked, cards) = (asked + found.0, cards + found.1);
        }
        if asked / 100_000 != (asked + pages_a_round) / 100_000 {
            println!("{asked} pages, {} erasures", shop.erased);
        }
        let end = asked + pages_a_round;
        while asked < end {
            let (shopper, mut request) = draw(any_request(), &mut runner);
            let nobody = Known::default();
            let known = shopper.map_or(&nobody, |shopper| &shop.shoppers[shopper]);
            request.user = shopper.and_then(|_| user(&known.name));
            let found = walk(&shop, request, known);
            (asked, cards) = (asked + found.0, cards + found.1);
        }
    }
    assert!(cards > 5 * asked, "{cards} cards on {asked} pages");
    assert!(
        shop.erased > asked as u64 / 2_500,
        "{} were erased",
        shop.erased
    );
    println!(
        "{asked} pages with {cards} cards, {} events, {} erasures: nothing was wrong",
        shop.events, shop.erased
    );
}

/// All pages of a request, or all after its token; how many there are, and how many cards.
fn walk(shop: &Shop, mut request: v1::GetFeedRequest, known: &Known) -> (usize, usize) {
    let to_taiwan = match request.ship_to.as_str() {
        "" => request.region == "tw",
        to => to == "tw",
    };
    let is_new = request.page_token.is_empty();
    let mut shown = BTreeSet::new();
    let mut pages = 0;
    loop {
        let page = shop.engine.feed(&request).expect("a page");
        pages += 1;
        assert!(page.cards.len() <= request.page_size as usize);
        for card in &page.cards {
            let item = number(card);
            let fault = fault_of(card, item, known)
                .or_else(|| is_new.then(|| shown_again(card, item, known, &request))?)
                .or_else(|| (to_taiwan && shop.barred.contains(&item)).then_some("it is barred"))
                .or_else(|| (!shown.insert(item)).then_some("it is there twice"));
            assert_eq!(fault, None, "{}: {card:?} of {request:?}", known.name);
        }
        if page.next_page_token.is_empty() {
            return (pages, shown.len());
        }
        request.page_token = page.next_page_token;
    }
}

/// The number of a card's item.
fn number(card: &v1::Card) -> usize {
    let id = &card.hit.as_ref().expect("a hit").item_id;
    let number = id.trim_start_matches("i-").parse();
    number.expect("an id of the shop")
}

/// What is wrong with a card on any page.
fn fault_of(card: &v1::Card, item: usize, known: &Known) -> Option<&'static str> {
    if known.disliked.contains(&item) {
        return Some("it is disliked");
    }
    if !(card.propensity > 0.0 && card.propensity <= 1.0) {
        return Some("its propensity is none");
    }
    if card.reason.is_empty() || card.source.is_empty() {
        return Some("it does not say why");
    }
    // What a reason quotes, the shopper has looked at or searched for and not had erased.
    let quoted = card.reason.split(['「', '」']).nth(1)?;
    let mut wanted = known.taken.difference(&known.disliked);
    let is_known = match card.source.as_str() {
        "query_to_item" => known.searched.contains(quoted),
        _ => wanted.any(|taken| quoted == format!("貨品{taken}號")),
    };
    (!is_known).then_some("its reason is nothing that he did")
}

/// What is wrong with a card of a list that was made after all that is known.
fn shown_again(
    card: &v1::Card,
    item: usize,
    known: &Known,
    request: &v1::GetFeedRequest,
) -> Option<&'static str> {
    let is_taken = known.taken.contains(&item);
    if is_taken && card.source != "repeat" {
        return Some("he knows it");
    }
    if !request.allow_repeats && known.today.contains(&item) {
        return Some("he saw it today");
    }
    let times = known.shown.get(&item).copied().unwrap_or(0);
    if times >= FREQUENCY_CAP && !is_taken {
        return Some("he saw it often");
    }
    let is_personal = PERSONAL.contains(&card.source.as_str());
    let is_by_query = card.source == "query_to_item";
    let knows_nothing =
        (is_personal && known.taken.is_empty()) || (is_by_query && known.searched.is_empty());
    knows_nothing.then_some("its source knows nothing of him")
}

/// Who was erased is told apart from somebody who was never there by nothing.
fn is_a_stranger(engine: &Node, erased: &str, stranger: &str) {
    let request = |who: &str| v1::GetFeedRequest {
        region: "tw".to_owned(),
        page_size: 100,
        ..feed_of(user(who))
    };
    let told = engine.inspect_feed(&request(erased)).expect("a report");
    let nothing = told.visits.is_empty()
        && told.queries.is_empty()
        && told.affinities.is_empty()
        && told.disliked.is_empty();
    assert!(
        nothing && (told.left_out, told.usual_price_minor) == (0, 0),
        "{told:?}"
    );
    assert!(told.degraded.iter().any(|step| step.from == "personal"));
    let cards = |who: &str| -> Vec<(usize, String, String)> {
        let page = engine.feed(&request(who)).expect("a page");
        let cards = page.cards.into_iter();
        cards
            .map(|card| (number(&card), card.source, card.reason))
            .collect()
    };
    // What is new, and what sells, moves on with the clock: a list that changed between two questions says nothing.
    for _ in 0..5 {
        let (before, own, after) = (cards(stranger), cards(erased), cards(stranger));
        if before == after {
            assert_eq!(own, before, "{erased} and {stranger}");
            return;
        }
    }
    panic!("the feed of a stranger never stands still");
}

#[test]
fn a_fault_is_found_where_there_is_one() {
    let card = |number: usize, reason: &str| v1::Card {
        hit: Some(v1::Hit {
            item_id: feed_item(number),
            ..Default::default()
        }),
        source: "popular".to_owned(),
        reason: reason.to_owned(),
        propensity: 1.0,
        ..Default::default()
    };
    let known = Known {
        taken: [1, 2].into(),
        disliked: [2].into(),
        today: [3].into(),
        shown: [(3, 1), (4, FREQUENCY_CAP)].into(),
        ..Known::default()
    };
    let fault = |number, reason: &str| fault_of(&card(number, reason), number, &known);
    assert_eq!(fault(5, "香港熱賣"), None);
    assert_eq!(fault(5, "因為你看過「貨品1號」"), None);
    for quoted in [2, 6] {
        assert!(fault(5, &format!("因為你看過「貨品{quoted}號」")).is_some());
    }
    assert!(fault(2, "香港熱賣").is_some() && fault(5, "").is_some());
    let again = |number, allow_repeats| {
        let request = v1::GetFeedRequest {
            allow_repeats,
            ..Default::default()
        };
        shown_again(&card(number, "r"), number, &known, &request)
    };
    assert_eq!([again(3, true), again(5, false)], [None, None]);
    assert!(
        [(1, true), (3, false), (4, true)]
            .iter()
            .all(|(n, repeats)| again(*n, *repeats).is_some())
    );
}
