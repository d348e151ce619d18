//! Items with vectors come, move and go while shoppers ask: none is lost, none comes back, memory stays bounded.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sampan_proto::v1;
use sampan_tests::{
    clients::{Clients, card_ids},
    items::item,
    node::TestNode,
};

const DIMENSIONS: u64 = 32;
/// Directions that vectors lie around. Each has two items that stay for good.
const FAMILIES: u64 = 500;
/// Items that come together, and go together a little later.
const VISITORS: u64 = 200;
/// Items that change family every time.
const MOVERS: u64 = 20;
/// Visitors of a batch whose arrival is checked.
const CHECKED: u64 = 10;
/// Shoppers that ask all the time.
const SHOPPERS: u64 = 2;
/// Memory may grow by this factor between a quarter of the run and its end: allocators keep some of what is freed.
const GROWTH_MAX: f64 = 1.5;

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn no_item_is_lost_and_none_comes_back_for_ten_seconds() {
    let figures = soak(Duration::from_secs(10)).await;
    assert!(figures.rounds > 1 && figures.answers > 10, "{figures:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
#[ignore = "takes ten minutes, and measures the memory of the whole process"]
async fn no_item_is_lost_none_comes_back_and_memory_is_bounded_for_ten_minutes() {
    let figures = soak(Duration::from_secs(600)).await;
    println!("{figures:?}");
    let (early, late) = (figures.memory_early as f64, figures.memory_late as f64);
    assert!(late <= GROWTH_MAX * early, "{figures:?}");
}

/// What happened.
#[derive(Debug)]
struct Figures {
    /// Batches that came and went.
    rounds: u64,
    /// Answers to shoppers.
    answers: u64,
    /// Resident bytes of the process after a quarter of the time and at its end.
    memory_early: u64,
    memory_late: u64,
}

/// How far the run is, for those who watch it.
#[derive(Default)]
struct Course {
    /// Visitors below this number were deleted, and search has seen that.
    gone_below: AtomicU64,
    stopped: AtomicBool,
}

async fn soak(time: Duration) -> Figures {
    let node = TestNode::start();
    let clients = node.clients().await;
    let lasting = |family| ["a", "b"].map(|side| member(&format!("{side}-{family}"), family));
    clients
        .stock((0..FAMILIES).flat_map(lasting).collect())
        .await;
    let course: Arc<Course> = Arc::default();
    let shoppers: Vec<_> = (0..SHOPPERS)
        .map(|seed| tokio::spawn(shop(clients.clone(), seed, course.clone())))
        .collect();
    let (start, mut rounds, mut memory_early) = (Instant::now(), 0, 0);
    while start.elapsed() < time {
        round(&clients, rounds).await;
        rounds += 1;
        course
            .gone_below
            .store(rounds * VISITORS, Ordering::Release);
        if memory_early == 0 && start.elapsed() >= time / 4 {
            memory_early = clients.status().await.memory_bytes;
        }
    }
    let memory_late = clients.status().await.memory_bytes;
    course.stopped.store(true, Ordering::Release);
    let mut answers = 0;
    for shopper in shoppers {
        answers += shopper.await.expect("every answer is right");
    }
    drop(clients);
    let node = node.restart().await;
    let clients = node.clients().await;
    assert_eq!(clients.status().await.vectors, 2 * FAMILIES + MOVERS);
    for family in (0..FAMILIES).step_by(10) {
        assert_answer(&near(&clients, family).await, family, rounds * VISITORS);
    }
    Figures {
        rounds,
        answers,
        memory_early,
        memory_late,
    }
}

/// A batch comes and the movers move, which is seen; then the batch goes.
async fn round(clients: &Clients, round: u64) {
    let visitors = round * VISITORS..(round + 1) * VISITORS;
    let home = |mover: u64, round: u64| (mover * 31 + round * 7) % FAMILIES;
    let mut items: Vec<v1::Item> = visitors
        .clone()
        .map(|visitor| member(&format!("v-{visitor}"), visitor % FAMILIES))
        .collect();
    items.extend((0..MOVERS).map(|mover| member(&format!("m-{mover}"), home(mover, round))));
    clients.stock(items).await;
    for visitor in visitors.clone().step_by((VISITORS / CHECKED) as usize) {
        let found = near(clients, visitor % FAMILIES).await;
        assert!(found.contains(&format!("v-{visitor}")), "lost {visitor}");
    }
    for mover in 0..MOVERS {
        let id = format!("m-{mover}");
        let found = near(clients, home(mover, round)).await;
        assert!(found.contains(&id), "round {round}: lost {id}");
    }
    let ids: Vec<String> = visitors.map(|visitor| format!("v-{visitor}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let answer = clients.try_delete(&ids).await.expect("deleted");
    clients.settle(answer.sequence).await;
}

/// Asks until it is told to stop, and checks every answer; gives their number.
async fn shop(clients: Clients, seed: u64, course: Arc<Course>) -> u64 {
    let mut answers = 0;
    while !course.stopped.load(Ordering::Acquire) {
        let gone_below = course.gone_below.load(Ordering::Acquire);
        let family = scattered(seed << 32 | answers) % FAMILIES;
        assert_answer(&near(&clients, family).await, family, gone_below);
        answers += 1;
    }
    answers
}

/// The family's other lasting item is there, and no visitor below `gone_below`.
fn assert_answer(found: &HashSet<String>, family: u64, gone_below: u64) {
    assert!(found.contains(&format!("b-{family}")), "lost b-{family}");
    for id in found {
        let visitor = id.strip_prefix("v-").and_then(|number| number.parse().ok());
        assert!(
            visitor.is_none_or(|visitor: u64| visitor >= gone_below),
            "{id} came back"
        );
    }
}

/// What the node calls similar to the family's first lasting item.
async fn near(clients: &Clients, family: u64) -> HashSet<String> {
    let request = v1::SimilarItemsRequest {
        item_id: format!("a-{family}"),
        region: "hk".to_owned(),
        count: 100,
        ..Default::default()
    };
    let cards = clients.try_similar(request).await.expect("an answer").cards;
    card_ids(&cards).into_iter().map(str::to_owned).collect()
}

/// An item near the family's direction, with a title that no other item shares a word with.
fn member(id: &str, family: u64) -> v1::Item {
    let own = id
        .bytes()
        .fold(family, |hash, byte| scattered(hash ^ u64::from(byte)));
    let number = |seed: u64, place: u64| {
        (scattered(seed ^ scattered(place)) >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    let vector = (0..DIMENSIONS).map(|at| number(family, at) + 0.1 * number(own, at));
    v1::Item {
        vector: vector.collect(),
        ..item(id, &format!("x{own:016x}"))
    }
}

/// A fixed pseudo-random number for each number (the finaliser of SplitMix64; Steele, Lea and Flood, 2014).
fn scattered(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
