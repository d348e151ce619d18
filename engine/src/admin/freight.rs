//! What a change of the freight tables does to the catalogue: item by item, wherever it is sold and may go.

use sampan_proto::v1;

use crate::{
    base::{clock, error::Result, limits, money::Currency, region::Region},
    config::Configuration,
    flow::{
        landed::{Freight, LandedCosts},
        request::Market,
    },
    index::columns::{Columns, Standing},
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
    let mut counts = [0u64; CHANGES.len()];
    for (_, region) in after.regions.iter() {
        for (_, ship_to) in after.regions.iter() {
            let way = Way::new([before, after], [region, ship_to])?;
            for (change, of_item) in way.changes(columns) {
                counts[change] += 1;
                if response.changes.len() < limits::DRY_RUN_CHANGES_MAX {
                    response.changes.push(of_item());
                }
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
    regions: [&'c Region; 2],
    currency: &'c Currency,
}

impl<'c> Way<'c> {
    fn new(
        configurations: [&'c Configuration; 2],
        [region, ship_to]: [&'c Region; 2],
    ) -> Result<Self> {
        let [_, after] = configurations;
        let market = Market::resolve(after, &region.code, &ship_to.code, 0, &ship_to.currency)?;
        let now = clock::now_seconds();
        Ok(Self {
            costs: configurations.map(|of| LandedCosts::new(of, market, now)),
            currency: after.rates.get(market.currency),
            regions: [region, ship_to],
            market,
        })
    }

    /// Each change, by its place in [`CHANGES`], with what makes its entry of the list.
    fn changes<'a>(
        &'a self,
        columns: &'a Columns,
    ) -> impl Iterator<Item = (usize, impl FnOnce() -> v1::ItemChange + 'a)> {
        let [before, after] = &self.costs;
        let has_changed = !before.tables_equal(after);
        let ordinals = has_changed
            .then(|| columns.ordinals())
            .into_iter()
            .flatten();
        ordinals.filter_map(move |ordinal| {
            let hot = columns.hot(ordinal);
            let standing = hot.standing(self.market.region, self.market.ship_to);
            let Standing::Sold(modes) = standing else {
                return None;
            };
            let row = columns.row(ordinal)?;
            let offer = row.offer(self.market.region)?;
            let [was, is] = [before, after].map(|costs| costs.freight(row, offer, modes));
            let place = match (was, is) {
                (None, Some(_)) => 0,
                (Some(_), None) => 1,
                (Some(was), Some(is)) if was.minor != is.minor => 2,
                _ => return None,
            };
            Some((place, move || v1::ItemChange {
                item_id: row.id.to_string(),
                change: CHANGES[place].to_owned(),
                detail: self.detail(was, is),
            }))
        })
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
