//! Asking the visits of a log again.

use rayon::prelude::*;
use sampan_engine::{Node, base::ship::ShipMode};
use sampan_proto::v1;
use serde::Serialize;

use super::visits::{Asked, Visit};

/// A hit, as far as a simulation looks at it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Shown {
    pub item: String,
    pub title: String,
    /// Bytes of the title that match.
    #[serde(skip)]
    pub highlights: Vec<(usize, usize)>,
    #[serde(skip)]
    pub ways: Vec<ShipMode>,
    /// "": not known.
    pub seller: String,
    /// First category; "": none.
    pub department: String,
    /// Minor units of the display currency; none where it is unknown.
    pub freight: Option<i64>,
}

/// What visits brought, in their order.
#[derive(Debug, Default)]
pub struct Replay {
    /// None where the node refused.
    pub answers: Vec<Option<Vec<Shown>>>,
    /// Why the first visit was refused.
    pub refusal: Option<String>,
}

/// How visits are asked.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Hits of an answer, at most those of a page.
    pub depth: usize,
    /// Currency of all amounts.
    pub currency: String,
}

impl Replay {
    /// Asks every visit, on all cores; `done` is called after each.
    pub fn of(node: &Node, visits: &[Visit], setup: &Setup, done: impl Fn() + Sync) -> Self {
        let results: Vec<Result<Vec<Shown>, String>> = visits
            .par_iter()
            .map(|visit| {
                let hits = ask(node, visit, setup).map_err(|error| error.to_string());
                done();
                hits
            })
            .collect();
        let refusal = results
            .iter()
            .find_map(|result| result.as_ref().err().cloned());
        Self {
            answers: results.into_iter().map(Result::ok).collect(),
            refusal,
        }
    }

    /// Visits that were refused.
    pub fn refused(&self) -> usize {
        self.answers
            .iter()
            .filter(|answer| answer.is_none())
            .count()
    }

    /// The lists, each with its visit; those that were refused are left out.
    pub fn lists<'a>(
        &'a self,
        visits: &'a [Visit],
    ) -> impl Iterator<Item = (&'a Visit, &'a [Shown])> {
        visits
            .iter()
            .zip(&self.answers)
            .filter_map(|(visit, answer)| Some((visit, answer.as_deref()?)))
    }
}

fn ask(
    node: &Node,
    visit: &Visit,
    setup: &Setup,
) -> sampan_engine::base::error::Result<Vec<Shown>> {
    let user = Some(v1::UserContext {
        user_id: visit.user.clone(),
        session_id: visit.session.clone(),
        ..Default::default()
    });
    let hits: Vec<v1::Hit> = match &visit.asked {
        Asked::Search(text) => {
            node.search(&v1::SearchRequest {
                text: text.clone(),
                region: visit.region.clone(),
                page_size: setup.depth as u32,
                display_currency: setup.currency.clone(),
                user,
                ..Default::default()
            })?
            .hits
        }
        Asked::Feed => {
            let response = node.feed(&v1::GetFeedRequest {
                region: visit.region.clone(),
                page_size: setup.depth as u32,
                display_currency: setup.currency.clone(),
                user,
                ..Default::default()
            })?;
            response
                .cards
                .into_iter()
                .filter_map(|card| card.hit)
                .collect()
        }
    };
    Ok(hits.into_iter().map(shown).collect())
}

fn shown(hit: v1::Hit) -> Shown {
    let offer = hit.offer.unwrap_or_default();
    let ranges = hit.highlights.iter();
    Shown {
        highlights: ranges
            .map(|range| (range.start as usize, range.end as usize))
            .collect(),
        ways: offer
            .ship_modes
            .iter()
            .filter_map(|mode| ShipMode::from_proto(*mode))
            .collect(),
        department: hit.category_path.into_iter().next().unwrap_or_default(),
        freight: offer.display_freight.map(|money| money.minor),
        item: hit.item_id,
        title: hit.title,
        seller: hit.seller,
    }
}
