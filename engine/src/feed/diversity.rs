//! Spreads a ranked feed over categories, sellers and looks: greedy, by maximal marginal relevance (Carbonell and Goldstein,
//! SIGIR 1998), with hard caps in any ten neighbouring cards.
//!
//! No card whose score is below the floor is lifted past a better one for variety; where only such cards keep a cap, the
//! cap gives way.

use std::collections::VecDeque;

use super::{asking::Asking, page::main_source};
use crate::{
    flow::{candidate::Source, rank::RankedItem},
    index::{columns::NameId, vector::VectorSnapshot},
    recommend::factors::dot,
};

/// Cards that the caps look back over, and how far ahead the next card is sought.
const NEIGHBOURS: usize = 10;
const LOOK_AHEAD: usize = 60;
/// Places for which looks are compared: the pages that most shoppers see.
const LOOK_PLACES: usize = 60;
/// What the greatest likeness of looks counts for beside that of categories (two thirds) and sellers (a third).
const LOOK_SHARE: f64 = 0.5;

/// An item that has no place yet.
struct Waiting {
    item: RankedItem,
    seller: NameId,
    category: NameId,
    source: Source,
    /// Cards of the source among neighbours at most.
    source_cap: usize,
    /// Of length 1; none when it is not known, or no longer asked.
    look: Option<Vec<f32>>,
    /// Greatest likeness to a look that has its place, 0 to 1.
    alike: f32,
}

/// What the caps count.
type Kind = (NameId, NameId, Source);

/// The same items, spread; at most `limit`. An item that breaks a cap waits for its turn; when nothing else is left,
/// caps give way rather than items.
pub fn spread(ranked: Vec<RankedItem>, asking: &Asking<'_>, limit: usize) -> Vec<RankedItem> {
    let best = ranked.first().map_or(0.0, |first| first.score);
    let columns = &asking.generation.columns;
    let vectors = &asking.generation.vectors;
    let mut unseen = ranked.into_iter().map(|item| {
        let hot = columns.hot(item.ordinal);
        let source = main_source(&item);
        Waiting {
            seller: hot.seller,
            category: hot.category,
            source,
            source_cap: asking.profile.feed.most_of(source.name()),
            look: None,
            alike: 0.0,
            item,
        }
    });
    let mut waiting: VecDeque<Waiting> = VecDeque::new();
    let mut spread: Vec<RankedItem> = Vec::new();
    let mut recent: VecDeque<Kind> = VecDeque::new();
    let mut looks: Vec<Vec<f32>> = Vec::new();
    while spread.len() < limit {
        while waiting.len() < LOOK_AHEAD
            && let Some(mut item) = unseen.next()
        {
            if spread.len() < LOOK_PLACES {
                item.see(vectors, &looks);
            }
            waiting.push_back(item);
        }
        let next = pick(&waiting, &recent, asking, best);
        let Some(picked) = waiting.remove(next) else {
            break;
        };
        recent.push_back((picked.seller, picked.category, picked.source));
        if recent.len() >= NEIGHBOURS {
            recent.pop_front();
        }
        if let Some(look) = picked.look.filter(|_| spread.len() < LOOK_PLACES) {
            waiting.iter_mut().for_each(|item| item.compare(&look));
            looks.push(look);
        }
        spread.push(picked.item);
    }
    spread
}

impl Waiting {
    /// Learns its look, and how like it is to those that have their places.
    fn see(&mut self, vectors: &VectorSnapshot, placed: &[Vec<f32>]) {
        self.look = vectors.vector(self.item.ordinal);
        for look in placed {
            self.compare(look);
        }
    }

    /// Neighbours of its seller, where that is known, of its category, and of its source.
    fn alike_in_kind(&self, recent: &VecDeque<Kind>) -> (usize, usize, usize) {
        let counts = recent
            .iter()
            .fold([0; 3], |counts, (seller, category, source)| {
                let alike = [
                    *seller == self.seller && self.seller != 0,
                    *category == self.category,
                    *source == self.source,
                ];
                std::array::from_fn(|of| counts[of] + usize::from(alike[of]))
            });
        counts.into()
    }

    fn compare(&mut self, placed: &[f32]) {
        if let Some(look) = &self.look {
            self.alike = self.alike.max(dot(look, placed));
        }
    }
}

/// Place of the next: the one that is worth most of those that keep the caps and may be lifted; else the first.
fn pick(
    waiting: &VecDeque<Waiting>,
    recent: &VecDeque<Kind>,
    asking: &Asking<'_>,
    best: f64,
) -> usize {
    let profile = &asking.profile.feed;
    let floor = profile.relevance_floor * best;
    let mut picked = None;
    for (place, item) in waiting.iter().enumerate() {
        // The list is in the order of scores: what follows is no better. Below 0 there are no shares of the best.
        if place > 0 && (item.item.score < floor || best <= 0.0) {
            break;
        }
        let relevance = match best {
            best if best > 0.0 => item.item.score / best,
            _ => 0.0,
        };
        // Likeness only takes away, and those that follow are less relevant: none of them is worth more than this.
        let worth_most = profile.relevance_share * relevance;
        if picked.is_some_and(|(_, most)| worth_most <= most) {
            break;
        }
        let (sellers, categories, of_source) = item.alike_in_kind(recent);
        let is_full = of_source >= item.source_cap;
        if sellers >= profile.seller_cap || categories >= profile.category_cap || is_full {
            continue;
        }
        let kinds = (sellers + 2 * categories) as f64 / (3 * NEIGHBOURS) as f64;
        let alike = kinds.max(LOOK_SHARE * f64::from(item.alike));
        let worth = worth_most - (1.0 - profile.relevance_share) * alike;
        if picked.is_none_or(|(_, most)| worth > most) {
            picked = Some((place, worth));
        }
    }
    picked.map_or(0, |(place, _)| place)
}
