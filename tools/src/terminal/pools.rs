//! Pools, what is in them and what they do.

use sampan_proto::v1;

use super::{
    Output,
    highlight::safe,
    table::{Align, table},
};

pub fn pool_table(response: &v1::ListPoolsResponse, output: &Output) -> String {
    if response.pools.is_empty() {
        return "no pools; put some: sampan admin put pools REGION FILE".to_owned();
    }
    let columns = [
        ("region", Align::Left),
        ("pool", Align::Left),
        ("title", Align::Left),
        ("items", Align::Right),
        ("sold here", Align::Right),
        ("from", Align::Left),
        ("until", Align::Left),
        ("state", Align::Left),
        ("use", Align::Left),
    ];
    let rows = response.pools.iter().map(|pool| {
        let moment = |time: &Option<_>| time.as_ref().map(ToString::to_string).unwrap_or_default();
        let state = if pool.in_force { "in force" } else { "not now" };
        vec![
            safe(&pool.region),
            safe(&pool.id),
            safe(&pool.title),
            pool.items.to_string(),
            pool.eligible_items.to_string(),
            moment(&pool.from),
            moment(&pool.until),
            state.to_owned(),
            use_of(pool),
        ]
    });
    let table = table(&columns, rows.collect(), output);
    format!("{table}\n\npools {}", safe(&response.pools_version))
}

/// What the ranking profile does with a pool.
fn use_of(pool: &v1::PoolStatus) -> String {
    let boost = (pool.boost > 0.0).then(|| format!("boost {}", pool.boost));
    let quota = (pool.quota > 0).then(|| format!("quota {} of 10", pool.quota));
    let recall = (pool.recall > 0).then(|| format!("recall {}", pool.recall));
    let excluded = pool.excluded.then(|| "excluded".to_owned());
    let uses = [boost, quota, recall, excluded].into_iter().flatten();
    uses.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::output::Form;

    #[test]
    fn a_pool_is_shown_with_its_items_and_uses() {
        let pool = v1::PoolStatus {
            id: "deals".into(),
            region: "hk".into(),
            in_force: true,
            items: 12,
            eligible_items: 11,
            boost: 0.5,
            quota: 2,
            ..Default::default()
        };
        let response = v1::ListPoolsResponse {
            pools: vec![pool],
            pools_version: "abc".into(),
            ..Default::default()
        };
        let shown = pool_table(&response, &Output::standard(Form::Tables));
        let row = shown.lines().find(|line| line.contains("deals")).unwrap();
        for part in ["hk", "12", "11", "in force", "boost 0.5, quota 2 of 10"] {
            assert!(row.contains(part), "{row}");
        }
        assert!(shown.ends_with("pools abc"), "{shown}");
        let none = pool_table(
            &v1::ListPoolsResponse::default(),
            &Output::standard(Form::Tables),
        );
        assert!(none.starts_with("no pools"));
    }
}
