//! What a change of the freight tables does to the catalogue: item by item, wherever it is sold and may go.

use sampan_proto::v1;

use crate::{
    base::{Ordinal, clock, error::Result, limits, money::Currency, region::Region, ship::ModeSet},
    config::Configuration,
    flow::{
        landed::{Freight, LandedCosts},
        request::Market,
    },
    index::columns::{Columns, Hot, Row, Standing},
};

/// Names of the changes, in the order in which they are counted.
const CHANGES: [&str; 3] = ["gains_freight", "loses_freight", "freight"];

/// The items whose freight would be another, and how many there are.
pub fn effects(
    columns: &Columns,
    before: &Configuration,
    after: &Configuration,
) -> Result<v1::PutDocumentResponse> {
    let mut response = v1::PutDocumentResponse::default();
    if before.rates != after.rates || before.regions != after.regions {
        let reason =
            "rates or regions of the dictionaries are changing too: the effect was not counted";
        response.effects.push(reason.to_owned());
        return Ok(response);
    }
    let ways = Way::changed([before, after])?;
    let mut counts = [0u64; CHANGES.len()];
    // Nothing to look for needs no look at the items.
    let ordinals = (!ways.is_empty()).then(|| columns.ordinals());
    for ordinal in ordinals.into_iter().flatten() {
        let hot = columns.hot(ordinal);
        for way in &ways {
            let Some((row, change, freights)) = way.change(columns, ordinal, &hot) else {
                continue;
            };
            counts[change] += 1;
            if response.changes.len() < limits::DRY_RUN_CHANGES_MAX {
                response
                    .changes
                    .push(way.item_change(row, change, freights));
            }
        }
    }
    response.changes_total = counts.iter().sum();
    let [gained, lost, other] = counts;
    response.effects.push(format!(
        "{gained} items gain a freight, {lost} lose it, {other} have another (each wherever it is sold and may go)"
    ));
    Ok(response)
}

/// Goods sold in one region and sent to another, before and after.
struct Way<'c> {
    market: Market,
    costs: [LandedCosts<'c>; 2],
    /// Ways to ship for which the tables differ.
    modes: ModeSet,
    regions: [&'c Region; 2],
    currency: &'c Currency,
}

/// What sending costs, before and after.
type Freights<'w> = [Option<Freight<'w>>; 2];

impl<'c> Way<'c> {
    /// The ways for which the tables say another thing.
    fn changed(configurations: [&'c Configuration; 2]) -> Result<Vec<Self>> {
        let [_, after] = configurations;
        let mut changed = Vec::new();
        for (_, region) in after.regions.iter() {
            for (_, ship_to) in after.regions.iter() {
                let way = Self::new(configurations, [region, ship_to])?;
                if !way.modes.is_empty() {
                    changed.push(way);
                }
            }
        }
        Ok(changed)
    }

    fn new(
        configurations: [&'c Configuration; 2],
        [region, ship_to]: [&'c Region; 2],
    ) -> Result<Self> {
        let [_, after] = configurations;
        let market = Market::resolve(after, &region.code, &ship_to.code, 0, &ship_to.currency)?;
        let now = clock::now_seconds();
        let costs = configurations.map(|of| LandedCosts::new(of, market, now));
        let [was, is] = &costs;
        Ok(Self {
            modes: was.tables_that_differ(is),
            costs,
            currency: after.rates.get(market.currency),
            regions: [region, ship_to],
            market,
        })
    }

    /// The change of an item's freight, by its place in [`CHANGES`]; `None` when there is none.
    fn change<'r>(
        &self,
        columns: &'r Columns,
        ordinal: Ordinal,
        hot: &Hot,
    ) -> Option<(&'r Row, usize, Freights<'_>)> {
        // Most items are told by what lies near; the rest of an item lies far off in memory.
        let standing = hot.standing(self.market.region, self.market.ship_to);
        let Standing::Sold(modes) = standing else {
            return None;
        };
        if modes.and(self.modes).is_empty() {
            return None;
        }
        let row = columns.row(ordinal)?;
        let offer = row.offer(self.market.region)?;
        let [before, after] = &self.costs;
        let freights = [before, after].map(|costs| costs.freight(row, offer, modes));
        let place = match freights {
            [None, Some(_)] => 0,
            [Some(_), None] => 1,
            [Some(was), Some(is)] if was.minor != is.minor => 2,
            _ => return None,
        };
        Some((row, place, freights))
    }

    /// Its entry in the list.
    fn item_change(&self, row: &Row, change: usize, [was, is]: Freights<'_>) -> v1::ItemChange {
        v1::ItemChange {
            item_id: row.id.to_string(),
            change: CHANGES[change].to_owned(),
            detail: self.detail(was, is),
        }
    }

    fn detail(&self, was: Option<Freight<'_>>, is: Option<Freight<'_>>) -> String {
        let [region, ship_to] = self.regions;
        let text = |freight: Option<Freight<'_>>| {
            let Some(freight) = freight else {
                return "unknown".to_owned();
            };
            let amount = self.currency.amount(freight.minor);
            format!("{amount} by {}", freight.mode.name())
        };
        format!(
            "{} to {}: {} -> {}",
            region.code,
            ship_to.code,
            text(was),
            text(is)
        )
    }
}
