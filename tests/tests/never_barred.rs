//! Whatever is drawn and whatever happens meanwhile, no answer on any path shows what is barred, and no page mixes lists.
//!
//! A merchant writes without a pause (items, offers, deletions, events, restrictions that begin and end within seconds,
//! profiles, pools, merchandising rules, freight, words) and shoppers ask without a pause, while the node is closed and
//! opened again on the same folder. Each answer is judged by the plain second opinion of `sampan_tests::oracle`, from the
//! policy that the answer names and from the states that its items may have had then: an item is wrong when it is barred in
//! all of them.

mod documents;
mod door;
mod history;
mod judge;
mod merchant;
mod requests;
mod shopper;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use proptest::{
    strategy::{Strategy, ValueTree as _},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use sampan_proto::v1;
use sampan_tests::{
    clients::Clients,
    dictionaries::DictionaryCopy,
    node::{NodeFolder, TestNode},
    oracle::Rule,
};
use tokio::runtime::Runtime;

use door::Door;
use history::History;
use judge::Judge;
use merchant::{Merchant, add_unit};
use shopper::Shopper;

/// Sets the seed of the draws: a number. How threads take turns is not drawn.
const SEED_VARIABLE: &str = "SAMPAN_TEST_SEED";
/// Answers between two starts of the node.
const ANSWERS_A_START: u64 = 5_000;
/// Starts after which the catalogue and the rules are drawn anew.
const STARTS_A_SHOP: u64 = 2;
/// Starts after which the index is made anew for a changed dictionary while shoppers ask.
const STARTS_A_SWAP: u64 = 8;
/// Answers that come to one write: shoppers who ask faster wait for the merchant.
const ANSWERS_A_WRITE: u64 = 50;
/// Last answers of a start, which come while the node closes.
const WHILE_CLOSING: u64 = 200;
/// Shoppers that call the node as the services do; one more comes over the wire.
const SHOPPERS: u64 = 2;
/// Faults told in full.
const TOLD_MAX: usize = 20;

#[test]
fn twenty_thousand_answers_show_nothing_barred_and_mix_nothing() {
    ask(20_000);
}

#[test]
#[ignore = "takes a quarter of an hour"]
fn a_million_answers_show_nothing_barred_and_mix_nothing() {
    ask(1_000_000);
}

/// Draws at random, and the same from the same seed.
pub struct Dice(TestRunner);

impl Dice {
    fn new(seed: u64, place: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&place.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    pub fn draw<S: Strategy>(&mut self, from: &S) -> S::Value {
        let drawn = from.new_tree(&mut self.0);
        drawn.expect("something can be drawn").current()
    }
}

/// How far a start of the node is, and what has been found.
pub struct Course {
    /// Answers after which it is over.
    until: u64,
    answers: AtomicU64,
    hits: AtomicU64,
    pinned: AtomicU64,
    writes: AtomicU64,
    by_path: Mutex<BTreeMap<&'static str, u64>>,
    faults: AtomicU64,
    told: Mutex<Vec<String>>,
    /// A thread that panics ends it for all.
    broken: AtomicBool,
}

impl Course {
    fn goes_on(&self) -> bool {
        self.answers.load(Ordering::Relaxed) < self.until && !self.is_broken()
    }

    /// Waits while shoppers are far ahead of the merchant.
    fn keep_pace(&self) {
        let is_ahead = || {
            let due = self.answers.load(Ordering::Relaxed) / ANSWERS_A_WRITE;
            due > self.writes.load(Ordering::Relaxed) && self.is_open()
        };
        while is_ahead() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether it is not yet time to close the node.
    fn is_open(&self) -> bool {
        self.answers.load(Ordering::Relaxed) + WHILE_CLOSING < self.until && !self.is_broken()
    }

    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    fn answered(&self, path: &'static str) {
        self.answers.fetch_add(1, Ordering::Relaxed);
        let mut by_path = self.by_path.lock().expect("whole counts");
        *by_path.entry(path).or_default() += 1;
    }

    fn judged(&self, hits: &[v1::Hit]) {
        let pinned = hits.iter().filter(|hit| !hit.pinned_by.is_empty());
        self.pinned
            .fetch_add(pinned.count() as u64, Ordering::Relaxed);
        self.hits.fetch_add(hits.len() as u64, Ordering::Relaxed);
    }

    fn written(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    fn report(&self, fault: String) {
        self.faults.fetch_add(1, Ordering::Relaxed);
        let mut told = self.told.lock().expect("whole faults");
        if told.len() < TOLD_MAX {
            told.push(fault);
        }
    }
}

/// Sets the flag when its thread panics.
struct Alarm<'c>(&'c AtomicBool);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

fn seed() -> u64 {
    let given = std::env::var(SEED_VARIABLE).ok();
    given.map_or_else(
        || sampan_tests::items::now_seconds() as u64,
        |text| text.parse().expect("the seed is a number"),
    )
}

/// Asks so many times, over as many starts of the node as that takes.
fn ask(answers: u64) {
    let (seed, start) = (seed(), Instant::now());
    println!("{SEED_VARIABLE}={seed}");
    let runtime = Runtime::new().expect("a runtime");
    let dictionaries = DictionaryCopy::new();
    let history = History::default();
    let mut rules = BTreeMap::new();
    let mut folder = NodeFolder::new(Some(dictionaries.path()));
    let mut course = Course {
        until: 0,
        answers: AtomicU64::new(0),
        hits: AtomicU64::new(0),
        pinned: AtomicU64::new(0),
        writes: AtomicU64::new(0),
        by_path: Mutex::default(),
        faults: AtomicU64::new(0),
        told: Mutex::default(),
        broken: AtomicBool::new(false),
    };
    let mut starts = 0;
    // Kept from start to start, as a process that went on would: to read all words anew takes longer than all else.
    let mut analyzer = None;
    while course.until < answers {
        course.until = answers.min(course.until + ANSWERS_A_START);
        let node = folder.start();
        let clients = runtime.block_on(node.clients());
        let mut dice = Dice::new(seed, starts * (SHOPPERS + 2));
        if starts % STARTS_A_SHOP == 0 {
            merchant(&node, &history, &mut dice, &mut rules).open_shop();
        }
        if starts % STARTS_A_SWAP == 1 {
            add_unit(&dictionaries, starts);
        }
        let seeds = (seed, starts * (SHOPPERS + 2));
        visit(
            &node,
            &clients,
            &runtime,
            &history,
            &course,
            seeds,
            |course| {
                merchant(&node, &history, &mut dice, &mut rules).trade(course);
            },
        );
        analyzer.replace(node.engine().generation().analyzer.clone());
        drop(clients);
        folder = runtime.block_on(node.stop());
        history.settle();
        starts += 1;
        let told = course.told.lock().expect("whole faults");
        assert!(
            told.is_empty(),
            "{SEED_VARIABLE}={seed}\n{}",
            told.join("\n")
        );
    }
    let by_path = course.by_path.lock().expect("whole counts");
    println!(
        "{by_path:?}, {:?} hits, {:?} of them pinned, {:?} writes, {starts} starts, {:?}, {:?} faults",
        course.hits,
        course.pinned,
        course.writes,
        start.elapsed(),
        course.faults
    );
    // Nothing shown would be nothing barred.
    assert!(course.hits.into_inner() > 2 * answers);
    assert!(course.pinned.into_inner() > answers / 50);
    assert!(course.writes.into_inner() > answers / ANSWERS_A_WRITE / 2);
    for path in ["search", "suggest", "feed", "similar items"] {
        assert!(by_path.get(path) > Some(&(answers / 100)), "{path}");
    }
}

fn merchant<'a>(
    node: &TestNode,
    history: &'a History,
    dice: &'a mut Dice,
    rules: &'a mut BTreeMap<&'static str, Vec<Rule>>,
) -> Merchant<'a> {
    Merchant {
        engine: node.engine(),
        history,
        dice,
        rules,
    }
}

/// Shoppers ask while `trade` writes; then the node closes while they go on.
fn visit(
    node: &TestNode,
    clients: &Clients,
    runtime: &Runtime,
    history: &History,
    course: &Course,
    (seed, place): (u64, u64),
    trade: impl FnOnce(&Course),
) {
    std::thread::scope(|scope| {
        for number in 0..=SHOPPERS {
            let over_wire = number == SHOPPERS;
            let door = Door {
                engine: node.engine(),
                wire: over_wire.then(|| (clients.clone(), runtime.handle().clone())),
            };
            let shopper = Shopper {
                door,
                history,
                course,
                dice: Dice::new(seed, place + 1 + number),
                judge: Judge::default(),
            };
            scope.spawn(|| {
                let _alarm = Alarm(&course.broken);
                shopper.shop();
            });
        }
        let _alarm = Alarm(&course.broken);
        trade(course);
        node.engine().close();
    });
}
