//! What pools ask of an answer: which items may be in it, and which are lifted.

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::{
    base::{
        Ordinal,
        error::{Result, SampanError},
        limits,
        region::RegionIndex,
    },
    catalog::validate::text::countable,
    config::profile::RankingProfile,
    index::columns::Pools,
};

/// Items that must be in some pools and in none of others.
#[derive(Default)]
pub struct PoolMask {
    within: Vec<Arc<RoaringBitmap>>,
    without: Vec<Arc<RoaringBitmap>>,
}

impl PoolMask {
    /// Without the pools that a region's profile excludes.
    pub fn of_profile(profile: &RankingProfile, pools: &Pools, region: RegionIndex) -> Self {
        let excluded = profile.pools.iter().filter(|(_, its)| its.exclude);
        let found = excluded.filter_map(|(id, _)| pools.find(region, id));
        Self {
            within: Vec::new(),
            without: found.map(|known| known.items.clone()).collect(),
        }
    }

    /// Adds what a request asks for: items in every pool of `within` and in none of `without`, each with the name of its
    /// field. An unknown pool is an error that names it.
    pub fn ask(
        &mut self,
        pools: &Pools,
        region: RegionIndex,
        (within_field, within): (&str, &[String]),
        (without_field, without): (&str, &[String]),
    ) -> Result<()> {
        let asked = |field: &str, ids: &[String]| -> Result<Vec<Arc<RoaringBitmap>>> {
            countable(field, ids.len(), limits::FILTER_POOLS_MAX)?;
            let items = ids.iter().enumerate().map(|(place, id)| {
                let unknown = || {
                    let reason = format!("the region has no pool {id:?}");
                    SampanError::invalid(format!("{field}[{place}]"), reason)
                };
                let known = pools.find(region, id).ok_or_else(unknown)?;
                Ok(known.items.clone())
            });
            items.collect()
        };
        self.within.extend(asked(within_field, within)?);
        self.without.extend(asked(without_field, without)?);
        Ok(())
    }

    /// True when every item passes.
    pub fn is_open(&self) -> bool {
        self.within.is_empty() && self.without.is_empty()
    }

    #[inline]
    pub fn admits(&self, ordinal: Ordinal) -> bool {
        self.within.iter().all(|items| items.contains(ordinal))
            && !self.without.iter().any(|items| items.contains(ordinal))
    }
}

/// Pools that lift their items, with the share of the boost's weight that each gives.
pub struct PoolBoosts(Vec<(f64, Arc<RoaringBitmap>)>);

impl PoolBoosts {
    /// Those of a region's profile.
    pub fn of_profile(profile: &RankingProfile, pools: &Pools, region: RegionIndex) -> Self {
        let boosted = profile.pools.iter().filter(|(_, its)| its.boost > 0.0);
        let found = boosted.filter_map(|(id, its)| {
            let known = pools.find(region, id)?;
            Some((its.boost, known.items.clone()))
        });
        Self(found.collect())
    }

    /// The largest share of the pools that an item is in, 0 to 1.
    pub fn share(&self, ordinal: Ordinal) -> f64 {
        let of = self.0.iter().filter(|(_, items)| items.contains(ordinal));
        of.map(|(share, _)| *share).fold(0.0, f64::max)
    }
}
