//! Quotas of pools: of every ten places some are kept for a pool's items, as far as ranking brought enough of them.
//!
//! Window after window of ten places, while a pool has fewer items there than its quota, the first of its items below
//! that may be lifted takes the window's last place, and the lowest item that no quota needs goes to the place after
//! it. In a search an item may be lifted only past items whose relevance, boosts aside, is higher by no more than the
//! profile's margin: the bound that boosts have. Where none may, the quota gives way.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::rank::RankedItem;
use crate::{
    base::{limits::QUOTA_WINDOW, region::RegionIndex},
    config::profile::RankingProfile,
    index::columns::Pools,
};

/// A pool's claim to places.
pub struct Quota {
    pub pool: String,
    /// Places of every window, [`QUOTA_WINDOW`] for a profile's.
    pub places: usize,
    pub items: Arc<RoaringBitmap>,
}

/// A lift that an explanation tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Lift {
    pub pool: String,
    /// Place that the item would have without it, from 0.
    pub from: u32,
}

/// The quotas of a region's profile. Together they are at most [`QUOTA_WINDOW`] places.
pub fn quotas(profile: &RankingProfile, pools: &Pools, region: RegionIndex) -> Vec<Quota> {
    let claimed = profile.pools.iter().filter(|(_, its)| its.quota > 0);
    let found = claimed.filter_map(|(id, its)| {
        let known = pools.find(region, id)?;
        Some(Quota {
            pool: id.clone(),
            places: its.quota,
            items: known.items.clone(),
        })
    });
    found.collect()
}

/// Windows of [`QUOTA_WINDOW`] places.
pub fn windows() -> impl Iterator<Item = usize> {
    std::iter::repeat(QUOTA_WINDOW)
}

/// An item with the quotas that it counts for, as bits.
struct Counted {
    item: RankedItem,
    quotas: u16,
}

/// Lifts items until every window of so many places, in their order, holds its quotas or nothing more may be lifted. `margin` bounds by how much the
/// relevance of an item may be below that of one it passes; none in a feed.
pub fn hold(
    ranked: Vec<RankedItem>,
    quotas: &[Quota],
    margin: Option<f64>,
    windows: impl Iterator<Item = usize>,
) -> Vec<RankedItem> {
    if quotas.is_empty() {
        return ranked;
    }
    let bits = |item: &RankedItem| {
        let claims = quotas.iter().enumerate();
        let counts = claims.filter(|(_, quota)| quota.items.contains(item.ordinal));
        counts.fold(0, |bits, (place, _)| bits | 1 << place)
    };
    let counted = ranked.into_iter().map(|item| Counted {
        quotas: bits(&item),
        item,
    });
    let mut list: Vec<Counted> = counted.collect();
    let mut end = 0;
    for window in windows {
        let start = end;
        end = (start + window).min(list.len());
        if start == end {
            break;
        }
        for (place, quota) in quotas.iter().enumerate() {
            let lacks = |list: &[Counted]| count(&list[start..end], place) < quota.places;
            while lacks(&list) && lift(&mut list, start, end, place, quotas, margin) {}
        }
    }
    list.into_iter().map(|counted| counted.item).collect()
}

/// Lifts one item for a quota into the window from `start` to `end`; false when none may be.
fn lift(
    list: &mut Vec<Counted>,
    start: usize,
    end: usize,
    claim: usize,
    quotas: &[Quota],
    margin: Option<f64>,
) -> bool {
    let window = &list[start..end];
    let is_needed = |item: &Counted| {
        let mut claims = quotas.iter().enumerate();
        claims.any(|(place, quota)| {
            item.counts_for(place) && (place == claim || count(window, place) <= quota.places)
        })
    };
    let Some(yielding) = window.iter().rposition(|item| !is_needed(item)) else {
        return false;
    };
    let yielding = start + yielding;
    let passes = |below: f64, above: f64| margin.is_none_or(|margin| above - below <= margin);
    let above = list[yielding].relevance();
    let mut behind = list[yielding + 1..end].iter();
    if !behind.all(|item| passes(item.relevance(), above)) {
        return false;
    }
    let mut best = above;
    let mut found = None;
    for (place, item) in list.iter().enumerate().skip(end) {
        if item.counts_for(claim) && passes(item.relevance(), best) {
            found = Some(place);
            break;
        }
        best = best.max(item.relevance());
    }
    let Some(from) = found else {
        return false;
    };
    let mut lifted = list.remove(from);
    if let Some(scoring) = lifted.item.scoring.as_deref_mut() {
        scoring.lift = Some(Lift {
            pool: quotas[claim].pool.clone(),
            from: from as u32,
        });
    }
    let yielded = list.remove(yielding);
    list.insert(end - 1, lifted);
    list.insert(end, yielded);
    true
}

impl Counted {
    fn counts_for(&self, claim: usize) -> bool {
        self.quotas & 1 << claim != 0
    }

    fn relevance(&self) -> f64 {
        self.item.score - self.item.boosted
    }
}

fn count(window: &[Counted], claim: usize) -> usize {
    window.iter().filter(|item| item.counts_for(claim)).count()
}

#[cfg(test)]
mod tests;
