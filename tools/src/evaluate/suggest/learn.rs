//! What a node learns of a log: it keeps queries that led to events, so each time that a query was asked is a click on its
//! first hit.

use sampan_proto::v1::{Event, EventKind};

use super::log::QueryLog;
use crate::evaluate::{node::ThrowAwayNode, run::Searcher as _};

/// Clicks of one query at most: more would say nothing new of the order.
const CLICKS_MAX: u64 = 1_000;

/// What a node was told.
#[derive(Debug, Default, Clone, Copy, serde::Serialize)]
pub struct Learnt {
    pub queries: usize,
    pub clicks: usize,
    /// Queries that find nothing: nobody could click.
    pub without_hits: usize,
    /// Clicks that the node refused.
    pub refused: usize,
}

/// Tells a node of every query, and waits until it completes them.
///
/// # Errors
/// The node cannot answer or write.
pub fn learn(
    node: &ThrowAwayNode,
    region: &str,
    log: &QueryLog,
    each: &mut dyn FnMut(),
) -> anyhow::Result<Learnt> {
    let shoppers = node.shoppers_of(region, sampan_proto::v1::RecallMode::Lexical);
    let mut learnt = Learnt::default();
    let mut events = Vec::new();
    for (place, (query, times)) in log.iter().enumerate() {
        each();
        learnt.queries += 1;
        let Some((item, _)) = shoppers.search(query, 1)?.into_iter().next() else {
            learnt.without_hits += 1;
            continue;
        };
        events.extend((0..(*times).min(CLICKS_MAX)).map(|time| Event {
            event_id: format!("{place}-{time}"),
            kind: EventKind::Click.into(),
            session_id: format!("log-{place}"),
            item_id: item.clone(),
            region: region.to_owned(),
            query: query.clone(),
            ..Default::default()
        }));
    }
    learnt.clicks = events.len();
    learnt.refused = node.record(&events)?.0;
    Ok(learnt)
}
