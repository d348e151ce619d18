//! The one who writes while shoppers ask: items, offers, deletions, events, restrictions, documents, words.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use sampan_engine::Node;
use sampan_proto::v1::{self, DocumentKind, EventKind};
use sampan_tests::{
    dictionaries::DictionaryCopy,
    items::{event, moment, now_seconds, titled},
    oracle::{Rule, rules_of_dictionaries},
};

use super::{
    Course, Dice,
    documents::{Document, any_document, any_pools, any_rules, profile},
    history::History,
    requests::{GOODS, ITEMS_MAX, SELLERS, SHARED, USERS},
};
use crate::drawn::{Moments, REGIONS, any_item, any_offer, any_rule};

/// How long a write may take to be seen.
const SEEN_WITHIN: Duration = Duration::from_secs(60);
/// Numbers of a vector.
const DIMENSIONS: usize = 4;

const KINDS: [EventKind; 4] = [
    EventKind::Click,
    EventKind::Cart,
    EventKind::Order,
    EventKind::Dislike,
];

/// The dictionaries' own rules.
static OWN_RULES: LazyLock<Vec<Rule>> = LazyLock::new(rules_of_dictionaries);

/// What happens next.
#[derive(Debug, Clone)]
enum Deed {
    Put(Vec<(usize, v1::Item)>),
    Delete(Vec<Index>),
    Sell(Vec<(Index, v1::Offer)>),
    Withdraw(Index, &'static str),
    Note(Vec<(Index, EventKind, &'static str, &'static str)>),
    /// The folder's rules; `None`: back to the dictionary's own.
    Restrict(&'static str, Option<Vec<Rule>>),
    Document(Document),
}

pub struct Merchant<'a> {
    pub engine: Arc<Node>,
    pub history: &'a History,
    pub dice: &'a mut Dice,
    /// The rules in force, by the folder that they were put in.
    pub rules: &'a mut BTreeMap<&'static str, Vec<Rule>>,
}

impl Merchant<'_> {
    /// Begins anew with another catalogue and other rules, while nobody asks.
    pub fn open_shop(&mut self) {
        self.delete(self.history.newest().into_keys().collect());
        for folder in ["common"].into_iter().chain(REGIONS) {
            let rules = self.dice.draw(&vec(any_dated_rule(), 0..4));
            self.restrict(folder, Some(rules));
        }
        let items = self.dice.draw(&vec(any_goods(), 20..ITEMS_MAX));
        self.put(items.into_iter().enumerate().collect());
        let pools = self.dice.draw(&any_pools());
        self.document(pools);
        let rules = self.dice.draw(&any_rules());
        self.document(rules);
        for region in REGIONS {
            self.document(profile(region, 30));
        }
        self.settle();
    }

    /// Writes until the course is nearly over.
    pub fn trade(&mut self, course: &Course) {
        let deeds = any_deed();
        while course.is_open() {
            let deed = self.dice.draw(&deeds);
            self.act(deed);
            course.written();
            std::thread::sleep(Duration::from_millis(self.dice.draw(&(0..4u64))));
        }
    }

    /// Waits until everything written is seen, and forgets what was before.
    pub fn settle(&self) {
        let written = self.engine.status().expect("a status").sequence_written;
        assert!(self.engine.wait_visible(written, SEEN_WITHIN), "not seen");
        self.history.settle();
    }

    fn act(&mut self, deed: Deed) {
        let ids: Vec<String> = self.history.newest().into_keys().collect();
        if ids.is_empty() {
            let items = self.dice.draw(&vec(any_goods(), 20..ITEMS_MAX));
            return self.put(items.into_iter().enumerate().collect());
        }
        let one_of = |index: &Index| index.get(&ids).clone();
        match deed {
            Deed::Put(items) => self.put(items.into_iter().collect()),
            Deed::Delete(gone) => self.delete(gone.iter().map(one_of).collect()),
            Deed::Sell(offers) => {
                let offers = offers.iter().map(|(index, offer)| v1::OfferUpdate {
                    item_id: one_of(index),
                    offers: vec![offer.clone()],
                    ..Default::default()
                });
                self.sell(offers.collect());
            }
            Deed::Withdraw(index, region) => self.sell(vec![v1::OfferUpdate {
                item_id: one_of(&index),
                remove_regions: vec![region.to_owned()],
                ..Default::default()
            }]),
            Deed::Note(events) => {
                let events = events.iter().map(|(index, kind, user, query)| v1::Event {
                    query: (*query).to_owned(),
                    ..event(*kind, user, &one_of(index))
                });
                let outcome = self.engine.record_events(events.collect());
                outcome.expect("the events are taken");
            }
            Deed::Restrict(folder, rules) => self.restrict(folder, rules),
            Deed::Document(document) => self.document(document),
        }
    }

    fn put(&mut self, items: BTreeMap<usize, v1::Item>) {
        let items = items.into_iter().map(|(number, item)| v1::Item {
            id: format!("i-{number}"),
            // Tells on each card of which state it is.
            image_url: format!("state/{}", self.history.number()),
            ..item
        });
        let items: Vec<v1::Item> = items.collect();
        let states = items
            .iter()
            .map(|item| (item.id.clone(), Some(item.clone())));
        self.history.tell(states);
        let ids: Vec<String> = items.iter().map(|item| item.id.clone()).collect();
        let outcome = self.engine.upsert(items).expect("the items are taken");
        assert!(outcome.results.iter().all(|result| result.accepted));
        self.history.acknowledge(&ids, outcome.sequence);
    }

    fn delete(&mut self, mut ids: Vec<String>) {
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return;
        }
        self.history.tell(ids.iter().map(|id| (id.clone(), None)));
        let outcome = self.engine.delete(ids.clone()).expect("they are deleted");
        assert!(outcome.results.iter().all(|result| result.accepted));
        self.history.acknowledge(&ids, outcome.sequence);
    }

    fn sell(&mut self, mut updates: Vec<v1::OfferUpdate>) {
        updates.sort_by(|one, other| one.item_id.cmp(&other.item_id));
        updates.dedup_by(|one, other| one.item_id == other.item_id);
        let newest = self.history.newest();
        let states = updates.iter().map(|update| {
            let mut item = newest[&update.item_id].clone();
            let replaced = |region: &String| {
                update.remove_regions.contains(region)
                    || update.offers.iter().any(|offer| offer.region == *region)
            };
            item.offers.retain(|offer| !replaced(&offer.region));
            item.offers.extend(update.offers.iter().cloned());
            (update.item_id.clone(), Some(item))
        });
        self.history.tell(states.collect::<Vec<_>>());
        let ids: Vec<String> = updates
            .iter()
            .map(|update| update.item_id.clone())
            .collect();
        let outcome = self.engine.update_offers(updates).expect("they are taken");
        assert!(outcome.results.iter().all(|result| result.accepted));
        self.history.acknowledge(&ids, outcome.sequence);
    }

    fn restrict(&mut self, folder: &'static str, rules: Option<Vec<Rule>>) {
        let destination = if folder == "common" { "" } else { folder };
        let is_own = self.rules.get(folder).is_none();
        let toml = match rules {
            Some(mut rules) => {
                for rule in &mut rules {
                    rule.id = format!("rule-{}", self.history.number());
                    rule.destination = destination.to_owned();
                }
                let text: String = rules.iter().map(Rule::to_toml).collect();
                self.rules.insert(folder, rules);
                format!("# rules\n{text}")
            }
            // There is nothing to withdraw.
            None if is_own => return,
            None => {
                self.rules.remove(folder);
                String::new()
            }
        };
        self.document(Document {
            kind: DocumentKind::Restrictions,
            region: folder,
            toml,
        });
        let version = self.engine.generation().columns.policy.version.clone();
        let mut rules: Vec<Rule> = self.rules.values().flatten().cloned().collect();
        let in_force = |rule: &&Rule| match &*rule.destination {
            "" => !self.rules.contains_key("common"),
            region => REGIONS.contains(&region) && !self.rules.contains_key(region),
        };
        rules.extend(OWN_RULES.iter().filter(in_force).cloned());
        self.history.note(&version, rules);
    }

    fn document(&self, document: Document) {
        let request = v1::PutDocumentRequest {
            kind: document.kind.into(),
            region: document.region.to_owned(),
            toml: document.toml,
            ..Default::default()
        };
        let documents = self.engine.documents();
        documents.put(&request).expect("the document is taken");
    }
}

/// A measure that is none yet, which changes how titles are cut: an index is made anew beside the one that answers.
pub fn add_unit(dictionaries: &DictionaryCopy, number: u64) {
    let unit = format!("單{number}\t單{number}\town\t\n");
    dictionaries.append("common/units.tsv", &unit);
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let some = 1..4usize;
    let noted = (
        any::<Index>(),
        select(KINDS.as_slice()),
        select(&USERS[..4]),
        select(["", SHARED, "維記", "茶"].as_slice()),
    );
    let offer = select(REGIONS.as_slice())
        .prop_flat_map(any_stocked_offer)
        .prop_filter_map("no offer", |offer| offer);
    let folder = select(["common", "hk", "tw", "cn", "us"].as_slice());
    let rules = proptest::option::weighted(0.8, vec(any_dated_rule(), 0..4));
    prop_oneof![
        25 => vec((0..ITEMS_MAX, any_goods()), some.clone()).prop_map(Deed::Put),
        8 => vec(any::<Index>(), some.clone()).prop_map(Deed::Delete),
        35 => vec((any::<Index>(), offer), some.clone()).prop_map(Deed::Sell),
        5 => (any::<Index>(), select(REGIONS.as_slice()))
            .prop_map(|(index, region)| Deed::Withdraw(index, region)),
        8 => vec(noted, some).prop_map(Deed::Note),
        15 => (folder, rules).prop_map(|(folder, rules)| Deed::Restrict(folder, rules)),
        12 => any_document().prop_map(Deed::Document),
    ]
}

/// An item that every path can bring: titles that are shared and folded, a seller, a vector, a date.
fn any_goods() -> impl Strategy<Value = v1::Item> {
    let offers = REGIONS.map(any_stocked_offer);
    let said = (
        select(GOODS.as_slice()),
        select(SELLERS.as_slice()),
        0..900i64,
    );
    let vector = vec(-1.0..1.0f32, DIMENSIONS);
    (any_item(), offers, said, vector, 0..5_000u64).prop_map(
        |(item, offers, (goods, seller, days), mut vector, sales_prior)| {
            // All zeros is no direction.
            vector[0] += 2.0;
            v1::Item {
                titles: vec![titled(&format!("{} {SHARED} {goods}", item.brand))],
                offers: offers.into_iter().flatten().collect(),
                seller: seller.to_owned(),
                created: moment(now_seconds() - days * 86_400),
                sales_prior,
                vector,
                ..item
            }
        },
    )
}

fn any_stocked_offer(region: &'static str) -> impl Strategy<Value = Option<v1::Offer>> {
    let stock = proptest::option::weighted(0.5, 0..3u32);
    (any_offer(region), stock)
        .prop_map(|(offer, stock)| offer.map(|offer| v1::Offer { stock, ..offer }))
}

/// A rule that holds always, or has ended, or begins or ends within seconds.
fn any_dated_rule() -> impl Strategy<Value = Rule> {
    Just(()).prop_flat_map(|()| {
        let now = now_seconds();
        let in_seconds = |seconds: i64| Some(now + seconds);
        any_rule(Moments {
            from: vec![
                None,
                None,
                None,
                in_seconds(-90),
                in_seconds(1),
                in_seconds(2),
            ],
            until: vec![
                None,
                None,
                None,
                in_seconds(-1),
                in_seconds(2),
                in_seconds(4),
            ],
        })
    })
}
