//! A shop where things happen, and a plain memory of what it may know of each shopper.

use std::collections::{BTreeMap, BTreeSet};

use sampan_engine::Node;
use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::Clients,
    feed::{feed_item, feed_shop},
    items::{event, moment, now_seconds},
    node::TestNode,
};
use std::sync::Arc;

pub const ITEMS: usize = 200;
pub const SHOPPERS: usize = 50;
/// Items of a shelf of [`feed_shop`].
const SHELF: usize = 10;
const DAY: i64 = 86_400;
/// Impressions at which an item is left out, as the built-in profile has it.
pub const FREQUENCY_CAP: u32 = 5;
/// Events after which a shopper comes under another name: fewer than the node remembers of one.
const EVENTS_MAX: u64 = 80;

/// What the shop may know of a shopper.
#[derive(Default)]
pub struct Known {
    /// Under which name he comes.
    pub name: String,
    pub taken: BTreeSet<usize>,
    pub disliked: BTreeSet<usize>,
    /// As a reason quotes it.
    pub searched: BTreeSet<String>,
    /// On his screen within a day.
    pub today: BTreeSet<usize>,
    /// How often something was on his screen.
    pub shown: BTreeMap<usize, u32>,
    pub events: u64,
}

/// Something that one of the shoppers does.
#[derive(Debug, Clone)]
pub struct Act {
    pub shopper: usize,
    pub kind: EventKind,
    /// Of the few items that he comes across.
    pub item: usize,
    /// After which query, of a few that all shoppers make; none for what no search showed.
    pub query: Option<usize>,
    pub days_ago: i64,
    /// In his session, before he signs in again.
    pub is_anonymous: bool,
}

pub struct Shop {
    // In this order: the node may only be let go of when nobody asks it any more.
    pub engine: Arc<Node>,
    clients: Clients,
    _node: TestNode,
    pub shoppers: Vec<Known>,
    /// Items that may not go to Taiwan.
    pub barred: std::ops::Range<usize>,
    /// So many shoppers came under a name of their own.
    names: usize,
    pub erased: u64,
    pub events: u64,
}

impl Shop {
    /// Items, shoppers of whom nothing is known, no shelf that is barred; and chance puts nothing into Taiwan's feed.
    pub async fn open() -> Self {
        let (node, clients) = feed_shop(ITEMS).await;
        let profile = "[feed]\nexploration_share = 0.0\n";
        clients.put_profile("tw", profile).await;
        let mut shop = Self {
            engine: node.engine(),
            clients,
            _node: node,
            shoppers: Vec::new(),
            barred: 0..0,
            names: 0,
            erased: 0,
            events: 0,
        };
        for _ in 0..SHOPPERS {
            let newcomer = shop.newcomer();
            shop.shoppers.push(newcomer);
        }
        shop.settle().await;
        shop
    }

    /// Somebody who was never there.
    pub fn newcomer(&mut self) -> Known {
        self.names += 1;
        Known {
            name: format!("u-{}", self.names),
            ..Known::default()
        }
    }

    /// Waits until the node goes by all that was written.
    async fn settle(&self) {
        let written = self.clients.status().await.sequence_written;
        self.clients.settle(written).await;
    }

    /// Lets shoppers do things; who did much comes under another name from then on.
    pub async fn live(&mut self, acts: &[Act]) {
        let mut events = Vec::new();
        for act in acts {
            if self.shoppers[act.shopper].events >= EVENTS_MAX {
                self.shoppers[act.shopper] = self.newcomer();
            }
            events.push(self.shoppers[act.shopper].does(act));
        }
        self.events += events.len() as u64;
        for part in events.chunks(1_000) {
            self.clients.record(part.to_vec()).await;
        }
        self.settle().await;
    }

    /// Bars a shelf from Taiwan, in the place of the one that was barred.
    pub async fn bar(&mut self, shelf: usize) {
        let rule = format!(
            "[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\ncategory = [\"百貨 > 第{shelf}架\"]\n"
        );
        self.clients.put_restrictions("tw", &rule).await;
        self.barred = shelf * SHELF..(shelf + 1) * SHELF;
        self.settle().await;
    }

    /// Erases some shoppers at the same time; they keep their names.
    pub async fn erase(&mut self, shoppers: &BTreeSet<usize>) {
        let mut asked = tokio::task::JoinSet::new();
        for shopper in shoppers {
            let request = v1::EraseUserRequest {
                user_id: self.shoppers[*shopper].name.clone(),
                ..Default::default()
            };
            let (clients, shopper) = (self.clients.clone(), *shopper);
            asked.spawn(async move {
                let answer = clients.events.clone().erase_user(request).await;
                (shopper, answer.expect("erased").into_inner())
            });
        }
        while let Some(answer) = asked.join_next().await {
            let (shopper, erased) = answer.expect("no panic");
            let known = &mut self.shoppers[shopper];
            assert_eq!(
                (erased.erased, erased.remaining),
                (known.events, 0),
                "{}",
                known.name
            );
            self.erased += 1;
            *known = Known {
                name: std::mem::take(&mut known.name),
                ..Known::default()
            };
        }
        self.settle().await;
    }
}

impl Known {
    /// Notes an act, and gives its event.
    fn does(&mut self, act: &Act) -> v1::Event {
        let item = act.item;
        self.events += 1;
        match act.kind {
            EventKind::Impression => {
                *self.shown.entry(item).or_default() += 1;
                if act.days_ago == 0 {
                    self.today.insert(item);
                }
            }
            EventKind::Dislike => {
                self.disliked.insert(item);
            }
            _ => {
                self.taken.insert(item);
            }
        }
        let query = act.query.map(|number| format!("第{number}種雪櫃"));
        self.searched.extend(query.clone());
        // A session is a user's own from the first event that names both.
        let is_anonymous = act.is_anonymous && self.events > 1;
        v1::Event {
            user_id: if is_anonymous {
                String::new()
            } else {
                self.name.clone()
            },
            session_id: format!("visit-of-{}", self.name),
            // Each a moment of its own.
            time: moment(now_seconds() - act.days_ago * DAY - 1_000 + self.events as i64),
            query: query.unwrap_or_default(),
            ..event(act.kind, "", &feed_item(item))
        }
    }
}
