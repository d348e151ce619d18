//! Queries that led to events, by region.

use sampan_analyzers::memory::{tree_bytes, vec_bytes};
use std::{collections::BTreeSet, sync::Arc};

use rustc_hash::FxHashMap;

/// Queries kept a region: those that led to most events.
const QUERIES_MAX: usize = 10_000;
/// Columns of the sketch: with a hundred million events a query is taken for one of 260 events more, at most times.
const SKETCH_COLUMNS: usize = 1 << 20;
const SKETCH_ROWS: usize = 4;

/// A region's queries, and to how many events each led.
pub type QueryTimes = FxHashMap<Arc<str>, u32>;

/// Counts queries of all regions. What is kept does not follow the order in which events come: a count-min sketch (Cormode and
/// Muthukrishnan, 2005) remembers about how often a query came that is not kept, so that it enters once it came more often
/// than the least of those that are.
#[derive(Default)]
pub struct QueryCounter {
    /// Row by row; empty until there is a query.
    sketch: Vec<u32>,
    regions: FxHashMap<Box<str>, RegionQueries>,
}

#[derive(Default)]
struct RegionQueries {
    times: Arc<QueryTimes>,
    /// The same, ascending.
    ranked: BTreeSet<(u32, Arc<str>)>,
}

impl QueryCounter {
    /// Counts an event that a query led to.
    pub fn count(&mut self, region: &str, query: &str) {
        let seen = self.add_to_sketch(region, query);
        if !self.regions.contains_key(region) {
            self.regions.insert(region.into(), RegionQueries::default());
        }
        if let Some(queries) = self.regions.get_mut(region) {
            queries.count(query, seen);
        }
    }

    /// Takes back what was counted of an erased event; a query that led to no other is forgotten.
    pub fn take_back(&mut self, region: &str, query: &str) {
        if self.sketch.is_empty() {
            return;
        }
        for cell in cells(region, query) {
            self.sketch[cell] = self.sketch[cell].saturating_sub(1);
        }
        if let Some(queries) = self.regions.get_mut(region) {
            queries.take_back(query);
        }
    }

    /// Bytes of the counts; the texts are shared with snapshots, which count them.
    pub fn heap_bytes(&self) -> u64 {
        let ranked = self.regions.values();
        let ranked = ranked.map(|its| tree_bytes::<(u32, Arc<str>)>(its.ranked.len()));
        vec_bytes(&self.sketch) + ranked.sum::<u64>()
    }

    /// By region.
    pub fn all(&self) -> FxHashMap<Box<str>, Arc<QueryTimes>> {
        let regions = self.regions.iter();
        regions
            .map(|(code, known)| (code.clone(), known.times.clone()))
            .collect()
    }

    /// About how often the query came, this time included; never too few.
    fn add_to_sketch(&mut self, region: &str, query: &str) -> u32 {
        if self.sketch.is_empty() {
            self.sketch = vec![0; SKETCH_ROWS * SKETCH_COLUMNS];
        }
        let mut least = u32::MAX;
        for cell in cells(region, query) {
            let times = &mut self.sketch[cell];
            *times = times.saturating_add(1);
            least = least.min(*times);
        }
        least
    }
}

impl RegionQueries {
    fn count(&mut self, query: &str, seen: u32) {
        let known = self.times.get_key_value(query);
        let (query, times) = match known.map(|(query, times)| (query.clone(), *times)) {
            Some((query, times)) => {
                self.ranked.remove(&(times, query.clone()));
                (query, times.saturating_add(1))
            }
            None => (Arc::from(query), seen),
        };
        self.ranked.insert((times, query.clone()));
        let kept = Arc::make_mut(&mut self.times);
        kept.insert(query, times);
        if self.ranked.len() > QUERIES_MAX
            && let Some((_, least)) = self.ranked.pop_first()
        {
            kept.remove(&least);
        }
    }

    fn take_back(&mut self, query: &str) {
        let Some((query, times)) = self.times.get_key_value(query) else {
            return;
        };
        let (query, times) = (query.clone(), *times);
        self.ranked.remove(&(times, query.clone()));
        let kept = Arc::make_mut(&mut self.times);
        kept.remove(&query);
        if times > 1 {
            self.ranked.insert((times - 1, query.clone()));
            kept.insert(query, times - 1);
        }
    }
}

/// A query's cells, one a row.
fn cells(region: &str, query: &str) -> [usize; SKETCH_ROWS] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(region.as_bytes()).update(b"\0");
    let hash = *hasher.update(query.as_bytes()).finalize().as_bytes();
    std::array::from_fn(|row| {
        let lane = [0, 1, 2, 3].map(|byte| hash[row * 4 + byte]);
        row * SKETCH_COLUMNS + u32::from_le_bytes(lane) as usize % SKETCH_COLUMNS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queries_that_came_most_are_kept_in_whatever_order_they_come() {
        // 12,000 that came once, and 100 that came ten times: at first, at last, and among the others.
        let often: Vec<String> = (0..1_000).map(|n| format!("often {}", n % 100)).collect();
        let once: Vec<String> = (0..12_000).map(|n| format!("once {n}")).collect();
        let mut mixed: Vec<&String> = once.iter().chain(&often).collect();
        mixed.sort_by_key(|query| blake3::hash(query.as_bytes()).as_bytes()[..8].to_vec());
        let orders: [Vec<&String>; 3] = [
            often.iter().chain(&once).collect(),
            once.iter().chain(&often).collect(),
            mixed,
        ];
        let kept = orders.map(|order| {
            let mut counter = QueryCounter::default();
            order.iter().for_each(|query| counter.count("hk", query));
            (*counter.all()["hk"]).clone()
        });
        assert_eq!(kept[0].len(), QUERIES_MAX);
        let frequent = kept[0]
            .iter()
            .filter(|(query, _)| query.starts_with("often"));
        assert_eq!(frequent.clone().count(), 100);
        assert!(frequent.into_iter().all(|(_, times)| *times >= 10));
        assert!(kept[0] == kept[1] && kept[1] == kept[2]);
    }
}
