//! Places of each page that are kept for pools, and pages where they could not be.

use sampan_proto::v1;

use super::asking::Asking;
use crate::{
    base::Ordinal,
    config::feed_profile::MinimumShare,
    flow::{
        quota::{self, Quota},
        rank::RankedItem,
    },
    index::columns::Pools,
};

/// Lifts items of pools so that every page holds its minimum shares, as far as there are any. The places that chance fills
/// are counted out.
pub fn hold(
    ranked: Vec<RankedItem>,
    asking: &Asking<'_>,
    page_size: usize,
    by_chance: &[usize],
) -> Vec<RankedItem> {
    let region = asking.gate.market().region;
    let minimum = asking.profile.feed.minimum.iter();
    let quotas = minimum.filter_map(|minimum| {
        let known = asking
            .generation
            .columns
            .pools
            .find(region, &minimum.pool)?;
        Some(Quota {
            pool: minimum.pool.clone(),
            places: places(minimum, page_size),
            items: known.items.clone(),
        })
    });
    let quotas: Vec<Quota> = quotas.collect();
    quota::hold(ranked, &quotas, None, windows(page_size, by_chance))
}

/// Windows of so many places, without those that chance fills.
pub fn windows(size: usize, by_chance: &[usize]) -> impl Iterator<Item = usize> {
    (0..).step_by(size).map(move |start| {
        let window = start..start + size;
        let drawn = by_chance.iter().filter(|place| window.contains(place));
        size - drawn.count()
    })
}

/// Cards that a share of a page asks for.
fn places(minimum: &MinimumShare, cards: usize) -> usize {
    // A share such as 0.3 is a little more than that in binary.
    (minimum.share * cards as f64 - 1e-9).ceil().max(0.0) as usize
}

/// The minimum shares that a page's items do not hold.
pub fn shortfalls(
    page: &[Ordinal],
    minimum: &[MinimumShare],
    pools: &Pools,
    region: crate::base::region::RegionIndex,
) -> Vec<v1::MinimumShortfall> {
    let shortfalls = minimum.iter().filter_map(|minimum| {
        let wanted = places(minimum, page.len());
        let held = pools.find(region, &minimum.pool).map_or(0, |known| {
            let inside = page
                .iter()
                .filter(|ordinal| known.items.contains(**ordinal));
            inside.count()
        });
        (held < wanted).then(|| v1::MinimumShortfall {
            pool: minimum.pool.clone(),
            wanted: wanted as u32,
            held: held as u32,
        })
    });
    shortfalls.collect()
}
