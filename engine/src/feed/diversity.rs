//! Spreads a ranked feed over categories and sellers: greedy, by maximal marginal relevance (Carbonell and Goldstein,
//! SIGIR 1998), with hard caps in any ten neighbouring cards.

use std::collections::VecDeque;

use crate::{
    config::profile::FeedProfile,
    flow::rank::RankedItem,
    index::columns::{Columns, NameId},
};

/// Cards that the caps look back over, and how far ahead the next card is sought.
const NEIGHBOURS: usize = 10;
const LOOK_AHEAD: usize = 60;

/// The same items, spread; at most `limit`. An item that breaks a cap waits for its turn; when nothing else is left,
/// caps give way rather than items.
pub fn spread(
    ranked: Vec<RankedItem>,
    columns: &Columns,
    profile: &FeedProfile,
    limit: usize,
) -> Vec<RankedItem> {
    let best = ranked
        .first()
        .map_or(1.0, |first| first.score.abs().max(f64::MIN_POSITIVE));
    let mut waiting: VecDeque<RankedItem> = ranked.into();
    let mut spread: Vec<RankedItem> = Vec::with_capacity(waiting.len().min(limit));
    let mut recent: VecDeque<(NameId, NameId)> = VecDeque::new();
    while spread.len() < limit && !waiting.is_empty() {
        let next = pick(&waiting, &recent, columns, profile, best);
        let Some(item) = waiting.remove(next) else {
            break;
        };
        let hot = columns.hot(item.ordinal);
        recent.push_back((hot.seller, hot.category));
        if recent.len() >= NEIGHBOURS {
            recent.pop_front();
        }
        spread.push(item);
    }
    spread
}

fn pick(
    waiting: &VecDeque<RankedItem>,
    recent: &VecDeque<(NameId, NameId)>,
    columns: &Columns,
    profile: &FeedProfile,
    best: f64,
) -> usize {
    let mut picked = None;
    for (place, item) in waiting.iter().take(LOOK_AHEAD).enumerate() {
        let hot = columns.hot(item.ordinal);
        let sellers = recent
            .iter()
            .filter(|(seller, _)| *seller == hot.seller && *seller != 0);
        let categories = recent
            .iter()
            .filter(|(_, category)| *category == hot.category);
        let (sellers, categories) = (sellers.count(), categories.count());
        if sellers >= profile.seller_cap || categories >= profile.category_cap {
            continue;
        }
        let alike = (sellers + 2 * categories) as f64 / (3 * NEIGHBOURS) as f64;
        let worth =
            profile.relevance_share * item.score / best - (1.0 - profile.relevance_share) * alike;
        if picked.is_none_or(|(_, most)| worth > most) {
            picked = Some((place, worth));
        }
    }
    picked.map_or(0, |(place, _)| place)
}
