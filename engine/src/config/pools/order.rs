//! The order in which pools can be made: each after those that it is made out of.

use std::{collections::BTreeMap, sync::Arc};

use super::{Pool, PoolTable, RegionPool, row::PoolRow};
use crate::base::{
    error::{Result, SampanError},
    limits,
};

/// A pool with the ids it refers to, and where they stand.
#[derive(Debug, Clone)]
pub struct Defined {
    pub pool: Arc<Pool>,
    pub path: Arc<str>,
    /// Line of its id.
    pub line: usize,
    /// By [`PoolRow::REFERENCE_KEYS`], as `lines` is.
    pub references: [Vec<String>; 3],
    pub lines: [usize; 3],
}

/// How far a pool has been put in order.
#[derive(Clone, Copy, PartialEq)]
enum Progress {
    Untouched,
    /// What it is made out of is being put in order.
    Open,
    /// At this place of the table.
    Done(usize),
}

struct Ordering<'d> {
    defined: &'d [Defined],
    by_id: BTreeMap<&'d str, usize>,
    progress: Vec<Progress>,
    /// Pools whose sources are being looked at, outermost first.
    open: Vec<usize>,
    table: Vec<RegionPool>,
}

/// Puts pools in order. One that refers to itself, through others or not, or to none, is refused with its line.
pub fn ordered(defined: &[Defined]) -> Result<PoolTable> {
    if let Some(surplus) = defined.get(limits::POOLS_MAX) {
        let reason = format!("a region has at most {} pools", limits::POOLS_MAX);
        return Err(refused(surplus, surplus.line, &reason));
    }
    let ids = defined.iter().enumerate();
    let mut ordering = Ordering {
        defined,
        by_id: ids
            .map(|(place, known)| (known.pool.id.as_str(), place))
            .collect(),
        progress: vec![Progress::Untouched; defined.len()],
        open: Vec::new(),
        table: Vec::with_capacity(defined.len()),
    };
    for place in 0..defined.len() {
        ordering.put(place)?;
    }
    Ok(PoolTable(ordering.table))
}

impl Ordering<'_> {
    /// Puts a pool, and before it what it is made out of, into the table; answers its place there.
    fn put(&mut self, place: usize) -> Result<usize> {
        if let Progress::Done(done) = self.progress[place] {
            return Ok(done);
        }
        let defined = &self.defined[place];
        self.progress[place] = Progress::Open;
        self.open.push(place);
        let mut places = [Vec::new(), Vec::new(), Vec::new()];
        for (kind, ids) in defined.references.iter().enumerate() {
            let refuse = |reason: String| {
                let key = PoolRow::REFERENCE_KEYS[kind];
                refused(defined, defined.lines[kind], &format!("{key}: {reason}"))
            };
            for id in ids {
                let Some(source) = self.by_id.get(id.as_str()).copied() else {
                    return Err(refuse(format!("there is no pool {id:?}")));
                };
                if self.progress[source] == Progress::Open {
                    return Err(refuse(self.cycle(source)));
                }
                let source = self.put(source)?;
                places[kind].push(source);
            }
        }
        self.open.pop();
        let [union, intersect, without] = places;
        self.table.push(RegionPool {
            pool: defined.pool.clone(),
            union,
            intersect,
            without,
        });
        let done = self.table.len() - 1;
        self.progress[place] = Progress::Done(done);
        Ok(done)
    }

    /// The way from an open pool back to itself.
    fn cycle(&self, start: usize) -> String {
        let way = self.open.iter().skip_while(|place| **place != start);
        let ids = way
            .chain([&start])
            .map(|place| &*self.defined[*place].pool.id);
        let way: Vec<&str> = ids.collect();
        format!("a pool cannot be made out of itself: {}", way.join(" > "))
    }
}

fn refused(defined: &Defined, line: usize, reason: &str) -> SampanError {
    SampanError::Configuration {
        place: format!("{}:{line}", defined.path),
        reason: format!("{}: {reason}", defined.pool.id),
    }
}
