//! Pools for operators: what a document would change, and what is in each pool now.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;
use sampan_proto::{Timestamp, v1};

use crate::{
    base::{clock, error::Result, limits, region::RegionIndex},
    config::{Configuration, pool_use::PoolUse},
    index::{
        columns::{Columns, Pools, pools::PoolMembers},
        generation::Generation,
    },
};

/// Items that would join and leave pools.
pub fn effects(generation: &Generation, after: &Configuration) -> v1::PutDocumentResponse {
    let columns = &generation.columns;
    let key = |text: &str| generation.analyzer.fold_key(text);
    let tried = Pools::tried(columns, after, &key, clock::now_seconds());
    let ids = |pools: &Pools| -> BTreeSet<String> {
        let regions = after.regions.iter();
        let known = regions.flat_map(|(region, _)| pools.of(region));
        known.map(|known| known.pool.id.clone()).collect()
    };
    let (old, new) = (ids(&columns.pools), ids(&tried));
    let mut response = v1::PutDocumentResponse::default();
    for id in old.union(&new) {
        let turns = [
            ("joins", turned(after, id, &columns.pools, &tried)),
            ("leaves", turned(after, id, &tried, &columns.pools)),
        ];
        let [joining, leaving] = turns.map(|(change, regions)| {
            let items = list(columns, after, id, change, &regions, &mut response.changes);
            response.changes_total += items;
            items
        });
        let whether = match (old.contains(id), new.contains(id)) {
            (false, _) => "is new: ",
            (_, false) => "is gone: ",
            _ if joining + leaving == 0 => continue,
            _ => "",
        };
        let held = held(after, id, &tried);
        response.effects.push(format!(
            "{id} {whether}{joining} items join, {leaving} leave{held}"
        ));
    }
    response
}

/// Items that a pool has in `with` and not in `without`, by region.
fn turned(
    configuration: &Configuration,
    id: &str,
    without: &Pools,
    with: &Pools,
) -> Vec<(RegionIndex, RoaringBitmap)> {
    let regions = configuration.regions.iter();
    let turned = regions.filter_map(|(region, _)| {
        let after = &with.find(region, id)?.items;
        let before = without.find(region, id);
        let items = match before {
            Some(before) => &**after - &*before.items,
            None => RoaringBitmap::clone(after),
        };
        (!items.is_empty()).then_some((region, items))
    });
    turned.collect()
}

/// Lists items with the regions where they join or leave, as long as there is room; answers how many there are.
fn list(
    columns: &Columns,
    configuration: &Configuration,
    id: &str,
    change: &str,
    regions: &[(RegionIndex, RoaringBitmap)],
    changes: &mut Vec<v1::ItemChange>,
) -> u64 {
    let all = regions
        .iter()
        .fold(RoaringBitmap::new(), |all, (_, items)| all | items);
    let room = limits::DRY_RUN_CHANGES_MAX.saturating_sub(changes.len());
    for ordinal in all.iter().take(room) {
        let Some(row) = columns.row(ordinal) else {
            continue;
        };
        let where_it_does = regions.iter().filter(|(_, items)| items.contains(ordinal));
        let codes: Vec<&str> = where_it_does
            .map(|(region, _)| configuration.regions.get(*region).code.as_str())
            .collect();
        changes.push(v1::ItemChange {
            item_id: row.id.to_string(),
            change: change.to_owned(),
            detail: format!("{id}: {}", codes.join(", ")),
        });
    }
    all.len()
}

/// How many items a pool then has, region by region.
fn held(configuration: &Configuration, id: &str, pools: &Pools) -> String {
    let regions = configuration.regions.iter();
    let counts: Vec<String> = regions
        .filter_map(|(region, its)| {
            let known = pools.find(region, id)?;
            let waits = if known.in_force {
                ""
            } else {
                " (not in force now)"
            };
            Some(format!("{} {}{waits}", its.code, known.items.len()))
        })
        .collect();
    match counts.is_empty() {
        true => String::new(),
        false => format!("; then {}", counts.join(", ")),
    }
}

/// The pools of a region, or of all, with what is in them.
pub fn status(
    generation: &Generation,
    request: &v1::ListPoolsRequest,
) -> Result<v1::ListPoolsResponse> {
    let configuration = &generation.configuration;
    let asked = match request.region.as_str() {
        "" => None,
        code => Some(configuration.regions.require("region", code)?),
    };
    let mut pools = Vec::new();
    for (region, its) in configuration.regions.iter() {
        if asked.is_some_and(|asked| asked != region) {
            continue;
        }
        let eligible = generation.columns.eligible(region, region);
        let mut known: Vec<&PoolMembers> = generation.columns.pools.of(region).iter().collect();
        known.sort_by(|a, b| a.pool.id.cmp(&b.pool.id));
        pools.extend(known.into_iter().map(|known| {
            let status = v1::PoolStatus {
                region: its.code.clone(),
                eligible_items: known.items.intersection_len(eligible.bitmap()),
                ..described(known)
            };
            match configuration.profile(region).pools.get(&known.pool.id) {
                Some(pool_use) => used(status, pool_use),
                None => status,
            }
        }));
    }
    Ok(v1::ListPoolsResponse {
        pools,
        pools_version: generation.columns.pools.version.clone(),
        index_version: generation.version(),
    })
}

fn described(known: &PoolMembers) -> v1::PoolStatus {
    let pool = &known.pool;
    let moment = |seconds: Option<i64>| seconds.map(|seconds| Timestamp { seconds, nanos: 0 });
    v1::PoolStatus {
        id: pool.id.clone(),
        title: pool.title.clone(),
        defined_in: pool.folder.clone(),
        in_force: known.in_force,
        from: moment(pool.validity.from),
        until: moment(pool.validity.until),
        items: known.items.len(),
        ..Default::default()
    }
}

fn used(status: v1::PoolStatus, pool_use: &PoolUse) -> v1::PoolStatus {
    v1::PoolStatus {
        boost: pool_use.boost,
        quota: pool_use.quota as u32,
        excluded: pool_use.exclude,
        recall: pool_use.recall as u32,
        ..status
    }
}
