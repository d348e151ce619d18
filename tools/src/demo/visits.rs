//! Invented visits to the demo shop, so that its feed and suggestions have something to go by: shoppers who search for
//! a kind of goods, look at a few of them and put one into the cart. The same visits every time.

use std::collections::BTreeMap;

use sampan_proto::v1;

/// Regions that the visits are made in.
const REGIONS: [&str; 2] = ["hk", "tw"];

/// Items of each kind that visitors look at: the best sellers.
const LOOKED_AT: usize = 6;

/// Items that one visitor looks at.
const CLICKS: usize = 4;

/// Visits to the kind of goods that is visited least, and how many more the most visited one has.
const VISITS_MIN: usize = 2;
const VISITS_MORE: usize = 4;

/// The events of all visits, by visit.
pub fn events(items: &[v1::Item]) -> Vec<v1::Event> {
    let mut events = Vec::new();
    for region in REGIONS {
        for (kind, ids) in best_sellers(items, region) {
            // Some kinds of goods draw more visitors than others; the length of the name is as good a die as any.
            let visits = VISITS_MIN + kind.len() / 3 % (VISITS_MORE + 1);
            for visit in 0..visits {
                let session = format!("demo-{region}-{kind}-{visit}");
                let seen = (0..CLICKS.min(ids.len())).map(|step| ids[(visit + step) % ids.len()]);
                events
                    .extend(seen.map(|id| event(v1::EventKind::Click, region, &session, id, kind)));
                let chosen = ids[visit % ids.len()];
                events.push(event(v1::EventKind::Cart, region, &session, chosen, kind));
            }
        }
    }
    events
}

/// Ids of the best sellers of each kind of goods that are sold in a region, best first. A kind is the last level of the
/// category path.
fn best_sellers<'i>(items: &'i [v1::Item], region: &str) -> BTreeMap<&'i str, Vec<&'i str>> {
    let mut kinds: BTreeMap<&str, Vec<&v1::Item>> = BTreeMap::new();
    let sold = items
        .iter()
        .filter(|item| item.offers.iter().any(|offer| offer.region == region));
    for item in sold {
        if let Some(kind) = item.category_path.last() {
            kinds.entry(kind).or_default().push(item);
        }
    }
    let best = |mut items: Vec<&'i v1::Item>| {
        items.sort_by(|a, b| {
            b.sales_prior
                .cmp(&a.sales_prior)
                .then_with(|| a.id.cmp(&b.id))
        });
        items
            .into_iter()
            .take(LOOKED_AT)
            .map(|item| item.id.as_str())
            .collect()
    };
    kinds
        .into_iter()
        .map(|(kind, items)| (kind, best(items)))
        .collect()
}

fn event(kind: v1::EventKind, region: &str, session: &str, item: &str, query: &str) -> v1::Event {
    v1::Event {
        kind: kind.into(),
        session_id: session.to_owned(),
        item_id: item.to_owned(),
        region: region.to_owned(),
        query: query.to_owned(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::catalogue;

    #[test]
    fn visits_are_the_same_every_time_and_to_what_the_region_sells() {
        let items = catalogue::items().unwrap();
        let visits = events(&items);
        assert_eq!(visits, events(&items));
        assert!(visits.len() > 500, "{} events", visits.len());
        for event in visits {
            let item = items.iter().find(|item| item.id == event.item_id).unwrap();
            assert!(item.offers.iter().any(|offer| offer.region == event.region));
            assert!(event.session_id.len() <= 128, "{}", event.session_id);
        }
    }
}
