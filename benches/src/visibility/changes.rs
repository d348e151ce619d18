//! The kinds of change, how each is made, and how a shopper can tell that it is in force.

use std::time::{Duration, Instant};

use sampan_engine::Node;
use sampan_proto::v1::{self, DocumentKind};

use super::probes::{Probes, REGION, offer, word};
use crate::Outcome;

/// How often search is asked for the change.
const LOOKED_EVERY: Duration = Duration::from_millis(5);
/// A change that is not seen within this time ends the run.
const SEEN_WITHIN: Duration = Duration::from_secs(60);

/// The watched pool.
const POOL: &str = "watched";
/// A rule that no item meets.
pub const NOTHING: &str = "item = [\"no such item\"]";

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Price,
    Stock,
    /// A rule that bars one item.
    ItemRestriction,
    /// A rule that bars the largest category.
    CategoryRestriction,
    RankingProfile,
    /// A pool that a rule over all items fills, and then nothing does.
    Pool,
    /// A merchandising rule that hides an item from a query.
    MerchandisingRule,
    /// What local delivery costs.
    Freight,
}

/// One half of a change that is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Put,
    Withdrawn,
}

impl Change {
    pub const ALL: [Self; 8] = [
        Self::Price,
        Self::Stock,
        Self::ItemRestriction,
        Self::CategoryRestriction,
        Self::RankingProfile,
        Self::Pool,
        Self::MerchandisingRule,
        Self::Freight,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Stock => "stock",
            Self::ItemRestriction => "restriction of an item",
            Self::CategoryRestriction => "restriction of a category",
            Self::RankingProfile => "ranking profile",
            Self::Pool => "pool of a category",
            Self::MerchandisingRule => "merchandising rule",
            Self::Freight => "freight table",
        }
    }

    /// What is measured each time: a rule that bars is withdrawn at once, so that the next change can be seen.
    pub fn steps(self) -> &'static [Step] {
        match self {
            Self::ItemRestriction
            | Self::CategoryRestriction
            | Self::Pool
            | Self::MerchandisingRule => &[Step::Put, Step::Withdrawn],
            Self::Price | Self::Stock | Self::RankingProfile | Self::Freight => &[Step::Put],
        }
    }

    /// Makes the change of a number; returns when the node has acknowledged it.
    pub fn make(self, node: &Node, probes: &Probes, number: usize, step: Step) -> Outcome<()> {
        match self {
            Self::Price => set_offer(node, number, offer(price(number))),
            Self::Stock => {
                let stocked = v1::Offer {
                    stock: Some(stock(number)),
                    ..offer(price(number))
                };
                set_offer(node, number, stocked)
            }
            Self::ItemRestriction => {
                let rule = format!("item = [{:?}]", Probes::id(number));
                restrict(node, probes, &rule, step)
            }
            Self::CategoryRestriction => {
                let rule = format!("category = [{:?}]", probes.category);
                restrict(node, probes, &rule, step)
            }
            Self::RankingProfile => {
                let weight = weight(number);
                let toml = format!("inherits = \"common\"\n\n[weights]\nsales = {weight}\n");
                put(node, DocumentKind::RankingProfile, toml)
            }
            Self::Pool => {
                // Another bound each time: what a rule had before is not to be taken over.
                let price_max = 1_000_000 + number;
                let rule = match step {
                    Step::Put => format!(
                        "category = [{:?}]\nprice_max = {price_max}",
                        probes.category
                    ),
                    Step::Withdrawn => NOTHING.to_owned(),
                };
                put(node, DocumentKind::Pools, pool(&rule))
            }
            Self::MerchandisingRule => {
                let toml = match step {
                    Step::Withdrawn => String::new(),
                    Step::Put => format!(
                        "[[rule]]\nid = \"measured\"\nreason = \"measured\"\nowner = \"measured\"\n\
                         when = {{ query = {:?} }}\nthen = {{ hide = {{ item = {:?} }} }}\n",
                        word(number),
                        Probes::id(number)
                    ),
                };
                put(node, DocumentKind::Rules, toml)
            }
            Self::Freight => {
                let toml = format!(
                    "[[freight]]\nid = \"measured\"\nsource = \"own\"\nship_modes = [\"local\"]\n\
                     currency = \"HKD\"\nflat_minor = {}\n",
                    freight(number)
                );
                put(node, DocumentKind::Freight, toml)
            }
        }
    }

    /// Looks until an answer of search shows the change; gives the time since `start`.
    pub fn wait_until_seen(
        self,
        node: &Node,
        number: usize,
        step: Step,
        start: Instant,
    ) -> Outcome<Duration> {
        let pool = (self == Self::Pool).then_some(POOL);
        while !self.is_seen(Probes::look(node, number, pool)?.as_ref(), number, step) {
            if start.elapsed() > SEEN_WITHIN {
                let name = self.name();
                return Err(format!("{name} {number} was not seen in {SEEN_WITHIN:?}").into());
            }
            std::thread::sleep(LOOKED_EVERY);
        }
        Ok(start.elapsed())
    }

    fn is_seen(self, hit: Option<&v1::Hit>, number: usize, step: Step) -> bool {
        let offer = hit.and_then(|hit| hit.offer.as_ref());
        match self {
            Self::Price => offer
                .and_then(|offer| offer.price.as_ref())
                .is_some_and(|shown| shown.minor == price(number)),
            Self::Stock => offer.and_then(|offer| offer.stock) == Some(stock(number)),
            Self::ItemRestriction | Self::CategoryRestriction | Self::MerchandisingRule => {
                hit.is_none() == (step == Step::Put)
            }
            Self::Freight => offer
                .and_then(|offer| offer.display_freight.as_ref())
                .is_some_and(|shown| shown.minor == freight(number)),
            Self::Pool => hit.is_some() == (step == Step::Put),
            Self::RankingProfile => hit
                .and_then(|hit| hit.explanation.as_ref())
                .and_then(|explained| explained.parts.iter().find(|part| part.signal == "sales"))
                .is_some_and(|part| part.weight == weight(number)),
        }
    }
}

/// Another price for each number that follows.
fn price(number: usize) -> i64 {
    1_000 + number as i64
}

/// A document with the watched pool alone.
pub fn pool(rule: &str) -> String {
    format!("[[pool]]\nid = {POOL:?}\ntitle = {POOL:?}\n{rule}\n")
}

fn stock(number: usize) -> u32 {
    1 + number as u32
}

fn weight(number: usize) -> f64 {
    (1 + number % 500) as f64 / 10_000.0
}

fn freight(number: usize) -> i64 {
    1 + number as i64
}

fn set_offer(node: &Node, number: usize, offer: v1::Offer) -> Outcome<()> {
    let update = v1::OfferUpdate {
        item_id: Probes::id(number),
        offers: vec![offer],
        ..Default::default()
    };
    let outcome = node.update_offers(vec![update])?;
    match outcome.results.iter().find(|result| !result.accepted) {
        Some(refused) => Err(format!("{}: {}", refused.field, refused.reason).into()),
        None => Ok(()),
    }
}

/// Lays a rule over the restrictions of the region, or takes it away.
fn restrict(node: &Node, probes: &Probes, rule: &str, step: Step) -> Outcome<()> {
    let toml = match step {
        Step::Withdrawn => String::new(),
        Step::Put => format!(
            "{}\n[[restriction]]\nid = \"measured\"\nreason = \"measured\"\nsource = \"own\"\n{rule}\n",
            probes.restrictions
        ),
    };
    put(node, DocumentKind::Restrictions, toml)
}

fn put(node: &Node, kind: DocumentKind, toml: String) -> Outcome<()> {
    let request = v1::PutDocumentRequest {
        kind: kind.into(),
        region: REGION.to_owned(),
        toml,
        ..Default::default()
    };
    node.documents().put(&request)?;
    Ok(())
}
