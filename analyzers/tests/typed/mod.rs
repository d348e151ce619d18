//! Queries that were typed by sound, against what an analyser makes of them. Rows: way, region, term, query.

use std::collections::{BTreeSet, HashSet};

use sampan_analyzers::{Analyzer, Edit, Understood};

/// Shares are of the queries.
pub struct Found {
    pub queries: usize,
    pub first: f64,
    pub third: f64,
    pub any: f64,
    /// Those not first, with what stood there.
    pub missed: Vec<String>,
}

fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = table
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row.len() == 4)
}

pub fn ways(table: &str) -> BTreeSet<String> {
    rows(table).map(|row| row[0].to_owned()).collect()
}

pub fn sound_edits(plan: &Understood) -> impl Iterator<Item = &Edit> {
    plan.edits
        .iter()
        .filter(|edit| edit.rule.starts_with("sound."))
}

pub fn measure(analyzer: &Analyzer, table: &str, way: &str) -> Found {
    let (mut places, mut missed) = (Vec::new(), Vec::new());
    for row in rows(table).filter(|row| row[0] == way) {
        let (region, term, query) = (row[1], row[2], row[3]);
        let plan = analyzer.understand(query, region, &HashSet::new());
        let wanted = analyzer.fold_key(term);
        let targets: Vec<&str> = sound_edits(&plan)
            .map(|edit| edit.target.as_str())
            .collect();
        let place = targets
            .iter()
            .position(|target| analyzer.fold_key(target) == wanted);
        if place != Some(0) {
            missed.push(format!("{term} {query:?} {targets:?}"));
        }
        places.push(place);
    }
    let share = |limit: usize| {
        let found = places
            .iter()
            .flatten()
            .filter(|place| **place < limit)
            .count();
        found as f64 / places.len().max(1) as f64
    };
    Found {
        queries: places.len(),
        first: share(1),
        third: share(3),
        any: share(usize::MAX),
        missed,
    }
}
