//! Items whose changes are watched: each is found by a word of its own, so that looking costs next to nothing.

use std::time::Duration;

use sampan_engine::Node;
use sampan_proto::v1;

use super::changes::{NOTHING, pool};
use crate::Outcome;

/// Region whose shopper looks, as in [`crate::million`]'s queries.
pub const REGION: &str = "hk";
/// Items watched in turn.
const PROBES: usize = 16;
/// How long what is written before and after the measurement may take to be seen.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// The watched items.
pub struct Probes {
    /// The largest category, which all of them are in.
    pub category: String,
    /// Items of that category that Hong Kong may be sold.
    pub category_items: usize,
    /// What restricts goods for Hong Kong when nothing is measured.
    pub restrictions: String,
}

impl Probes {
    /// Puts them into a node.
    pub fn put(node: &Node) -> Outcome<Self> {
        let generation = node.generation();
        let (columns, regions) = (&generation.columns, &generation.configuration.regions);
        let region = regions.find(REGION).ok_or("no region of that name")?;
        let eligible = columns.eligible(region, region);
        let mut counts = vec![0; columns.names.categories.len()];
        for ordinal in columns
            .ordinals()
            .filter(|ordinal| eligible.sells(*ordinal))
        {
            counts[columns.hot(ordinal).category as usize] += 1;
        }
        let named = columns.names.categories.iter();
        let (id, category) = named
            .max_by_key(|(id, _)| counts[*id as usize])
            .ok_or("the items have no category")?;
        let path: Vec<String> = category.split(" > ").map(str::to_owned).collect();
        let items = (0..PROBES).map(|number| probe(number, &path)).collect();
        let outcome = node.upsert(items)?;
        if !node.wait_visible(outcome.sequence, SETTLED_WITHIN) {
            return Err("the watched items were not seen".into());
        }
        let pools = v1::PutDocumentRequest {
            kind: v1::DocumentKind::Pools.into(),
            region: REGION.to_owned(),
            toml: pool(NOTHING),
            ..Default::default()
        };
        node.documents().put(&pools)?;
        let asked = v1::GetDocumentRequest {
            kind: v1::DocumentKind::Restrictions.into(),
            region: REGION.to_owned(),
        };
        Ok(Self {
            category: category.to_string(),
            category_items: counts[id as usize],
            restrictions: node
                .documents()
                .get(&asked)
                .map_or_else(|_| String::new(), |document| document.toml),
        })
    }

    /// Id of the item that a change is made to.
    pub fn id(number: usize) -> String {
        format!("probe-{}", number % PROBES)
    }

    /// The item that a change is made to, as a shopper sees it who asks for everything or for a pool; `None`: it is not
    /// there.
    pub fn look(node: &Node, number: usize, pool: Option<&str>) -> Outcome<Option<v1::Hit>> {
        let filters = pool.map(|pool| v1::Filters {
            pools: vec![pool.to_owned()],
            ..Default::default()
        });
        let request = v1::SearchRequest {
            text: word(number),
            region: REGION.to_owned(),
            page_size: 1,
            filters,
            explain: true,
            recall_mode: v1::RecallMode::Lexical.into(),
            ..Default::default()
        };
        let id = Self::id(number);
        let hits = node.search(&request)?.hits;
        Ok(hits.into_iter().find(|hit| hit.item_id == id))
    }

    /// Takes them out of a node, and what was put in force beside them.
    pub fn remove(&self, node: &Node) -> Outcome<()> {
        for kind in [
            v1::DocumentKind::Restrictions,
            v1::DocumentKind::RankingProfile,
            v1::DocumentKind::Pools,
            v1::DocumentKind::Rules,
            v1::DocumentKind::Freight,
        ] {
            let withdrawal = v1::PutDocumentRequest {
                kind: kind.into(),
                region: REGION.to_owned(),
                ..Default::default()
            };
            // There is none to withdraw when the last change withdrew it.
            let _ = node.documents().put(&withdrawal);
        }
        let outcome = node.delete((0..PROBES).map(Self::id).collect())?;
        match node.wait_visible(outcome.sequence, SETTLED_WITHIN) {
            true => Ok(()),
            false => Err("the watched items were not seen to go".into()),
        }
    }
}

/// A word that no other item has.
pub fn word(number: usize) -> String {
    format!("zqxw{}vjk", number % PROBES)
}

fn probe(number: usize, path: &[String]) -> v1::Item {
    v1::Item {
        id: Probes::id(number),
        titles: vec![v1::Title {
            text: word(number),
            language: String::new(),
        }],
        category_path: path.to_vec(),
        offers: vec![offer(1)],
        ..Default::default()
    }
}

/// The offer of a watched item.
pub fn offer(price_minor: i64) -> v1::Offer {
    v1::Offer {
        region: REGION.to_owned(),
        price: Some(v1::Money {
            minor: price_minor,
            currency: "HKD".to_owned(),
        }),
        ship_modes: vec![v1::ShipMode::Local.into()],
        ..Default::default()
    }
}
