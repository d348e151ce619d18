//! The items that meet one rule, in each region where a pool has it.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::PopularItems;
use crate::{
    base::{Ordinal, money::RateTable, region::RegionIndex},
    config::pools::PoolRule,
    index::columns::{
        Columns,
        names::Names,
        row::{Hot, OfferRow, Row},
        selector::CompiledSelector,
    },
};

/// A rule with its items.
#[derive(Debug, Clone)]
pub struct RuleMembers {
    pub rule: Arc<PoolRule>,
    selector: Arc<CompiledSelector>,
    regions: Vec<InRegion>,
}

/// The items of one region.
#[derive(Debug, Clone)]
struct InRegion {
    region: RegionIndex,
    items: Arc<RoaringBitmap>,
    /// The most popular items that the rule asks for; none when it does not ask.
    popular: Option<RoaringBitmap>,
}

impl RuleMembers {
    /// Bytes of its items, as they would be written.
    pub fn heap_bytes(&self) -> u64 {
        let regions = self.regions.iter().map(|its| {
            let popular = its.popular.as_ref();
            let popular = popular.map_or(0, RoaringBitmap::serialized_size);
            (its.items.serialized_size() + popular) as u64
        });
        regions.sum()
    }

    /// A rule in no region yet.
    pub fn new(rule: Arc<PoolRule>, names: &Names, key: &dyn Fn(&str) -> String) -> Self {
        Self {
            selector: Arc::new(CompiledSelector::compile(&rule.selector, names, key)),
            rule,
            regions: Vec::new(),
        }
    }

    /// The items of a region; none where it is not known.
    pub fn items(&self, region: RegionIndex) -> Option<&Arc<RoaringBitmap>> {
        let known = self.regions.iter().find(|known| known.region == region);
        known.map(|known| &known.items)
    }

    /// Keeps it in exactly these regions; answers the place of the first that is new, where every item has yet to be
    /// judged.
    pub fn hold_in(&mut self, regions: &[RegionIndex], popular: &PopularItems) -> Option<usize> {
        self.regions.retain(|known| regions.contains(&known.region));
        let is_new = |region: &&RegionIndex| self.items(**region).is_none();
        let new: Vec<RegionIndex> = regions.iter().filter(is_new).copied().collect();
        let known = self.regions.len();
        self.regions.extend(new.into_iter().map(|region| InRegion {
            popular: most_popular(&self.rule, popular, region),
            region,
            items: Arc::default(),
        }));
        (known < self.regions.len()).then_some(known)
    }

    /// Finds what it names among names that have come since.
    pub fn take_names(&mut self, names: &Names, key: &dyn Fn(&str) -> String) {
        Arc::make_mut(&mut self.selector).take_names(names, key);
    }

    /// Judges an item anew, `None` one that is gone; answers whether it joined or left anywhere.
    pub fn judge(
        &mut self,
        ordinal: Ordinal,
        hot: &Hot,
        row: Option<&Arc<Row>>,
        rates: &RateTable,
    ) -> bool {
        let met = row.map_or(0, |row| self.regions_met(hot, row, rates));
        let mut changed = false;
        for known in &mut self.regions {
            let is_member = known.admits(ordinal, met);
            if known.items.contains(ordinal) != is_member {
                let items = Arc::make_mut(&mut known.items);
                match is_member {
                    true => items.insert(ordinal),
                    false => items.remove(ordinal),
                };
                changed = true;
            }
        }
        changed
    }

    /// Judges an item for the first time in the regions from a place on.
    pub fn gather(
        &mut self,
        first: usize,
        ordinal: Ordinal,
        hot: &Hot,
        row: &Row,
        rates: &RateTable,
    ) {
        let met = self.regions_met(hot, row, rates);
        if met != 0 {
            let new = self.regions[first..].iter_mut();
            for known in new.filter(|known| known.admits(ordinal, met)) {
                Arc::make_mut(&mut known.items).insert(ordinal);
            }
        }
    }

    /// A bit a region where the item is offered as the rule asks.
    fn regions_met(&self, hot: &Hot, row: &Row, rates: &RateTable) -> u32 {
        if !self.selector.selects(hot, row) {
            return 0;
        }
        let met = row.offers.iter().filter(|offer| {
            let is_in_stock = hot.in_stock & (1 << offer.region.0) != 0;
            meets_offer(&self.rule, offer, is_in_stock, rates)
        });
        met.fold(0, |bits, offer| bits | 1 << offer.region.0)
    }

    /// Takes what is popular now, and judges what has become so or no longer is; answers whether any joined or left.
    pub fn take_popular(
        &mut self,
        popular: &PopularItems,
        columns: &Columns,
        rates: &RateTable,
    ) -> bool {
        let mut turned = RoaringBitmap::new();
        for known in &mut self.regions {
            let now = most_popular(&self.rule, popular, known.region);
            if let (Some(before), Some(now)) = (&known.popular, &now) {
                turned |= before ^ now;
            }
            known.popular = now;
        }
        let mut changed = false;
        for ordinal in turned {
            changed |= self.judge(ordinal, &columns.hot(ordinal), columns.row(ordinal), rates);
        }
        changed
    }
}

fn most_popular(
    rule: &PoolRule,
    popular: &PopularItems,
    region: RegionIndex,
) -> Option<RoaringBitmap> {
    let count = rule.popular?;
    let known = popular.get(region.0 as usize);
    Some(known.into_iter().flatten().take(count).collect())
}

impl InRegion {
    /// Whether an item is in, given the regions where it is offered as the rule asks.
    fn admits(&self, ordinal: Ordinal, met: u32) -> bool {
        let popular = self.popular.as_ref();
        met & (1 << self.region.0) != 0 && popular.is_none_or(|popular| popular.contains(ordinal))
    }
}

fn meets_offer(rule: &PoolRule, offer: &OfferRow, is_in_stock: bool, rates: &RateTable) -> bool {
    let is_priced = rule.price.is_none_or(|bounds| {
        let price = rates.convert(offer.price_minor, offer.currency, bounds.currency);
        offer.price_minor > 0 && (bounds.low..=bounds.high).contains(&price)
    });
    is_priced
        && (rule.modes.is_empty() || !offer.modes.and(rule.modes).is_empty())
        && rule.in_stock.is_none_or(|asked| asked == is_in_stock)
}
