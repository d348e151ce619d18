//! Searches among few of the vectors.

use std::path::Path;

use roaring::RoaringBitmap;
use sampan_engine::index::vector::{Eligibility, EligibleOrdinals, Everything};

use crate::data::{Dataset, K, Random};
use crate::ours;
use crate::race::{Search, race};

/// Parts of the vectors that are eligible, at random.
const SHARES: [f64; 4] = [0.5, 0.1, 0.01, 0.001];

/// What a filter costs at the default beam.
pub struct FilteredPoint {
    /// Part of the vectors that is eligible.
    pub share: f64,
    /// Against an exact search of the eligible.
    pub recall: f64,
    /// Processor time of a query, for each of [`FORMS`].
    pub query_microseconds: [f64; FORMS.len()],
}

/// What a filter may tell of itself.
pub const FORMS: [&str; 3] = ["bits", "roaring bitmap", "questions"];

/// A filter that only answers questions.
struct Questions<'a>(&'a EligibleOrdinals);

impl Eligibility for Questions<'_> {
    fn allows(&self, ordinal: u32) -> bool {
        self.0.allows(ordinal)
    }
}

/// The unfiltered search first, then each of [`SHARES`], on the index in `directory`.
pub fn measure(directory: &Path, dataset: &Dataset) -> Vec<FilteredPoint> {
    let snapshot = ours::open(directory);
    let snapshot = &snapshot;
    let rows = dataset.vectors.len() as u32;
    let filters: Vec<EligibleOrdinals> = SHARES
        .map(|share| {
            let mut random = Random(5);
            let mut eligible = |_: &u32| f64::from(random.uniform()) < share;
            EligibleOrdinals::new((0..rows).filter(&mut eligible).collect::<RoaringBitmap>())
        })
        .into();
    let questions: Vec<Questions<'_>> = filters.iter().map(Questions).collect();
    let search = |eligible: &dyn Eligibility, query: &[f32]| {
        ours::ordinals(snapshot.search(query, K, eligible))
    };
    let mut searches: Vec<Search<'_>> = Vec::new();
    searches.push(Box::new(|query| search(&Everything, query)));
    for (bits, questions) in filters.iter().zip(&questions) {
        let bitmap = bits.bitmap().expect("it has one");
        searches.push(Box::new(|query| search(bits, query)));
        searches.push(Box::new(|query| search(bitmap, query)));
        searches.push(Box::new(|query| search(questions, query)));
    }
    let times = race(&dataset.queries, &searches);
    let found = |number: usize| -> Vec<Vec<u32>> {
        dataset
            .queries
            .iter()
            .map(|query| searches[number](query))
            .collect()
    };
    let mut points = vec![FilteredPoint {
        share: 1.0,
        recall: dataset.recall(&found(0)),
        query_microseconds: [times[0]; FORMS.len()],
    }];
    for (place, share) in SHARES.into_iter().enumerate() {
        let first = 1 + place * FORMS.len();
        let eligible = |row| filters[place].allows(row);
        points.push(FilteredPoint {
            share,
            recall: dataset.filtered_recall(&found(first), eligible),
            query_microseconds: std::array::from_fn(|form| times[first + form]),
        });
    }
    points
}
