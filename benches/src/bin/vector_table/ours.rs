//! This project's index.

use std::path::Path;
use std::sync::Arc;

use roaring::RoaringBitmap;
use sampan_engine::index::vector::{
    Eligibility, EligibleOrdinals, Everything, VectorOptions, VectorSnapshot, VectorWriter,
};

use crate::data::{Dataset, K, Random};
use crate::engine::{Engine, Index};
use crate::measure::{Point, time_queries};

/// The index of `sampan_engine::index::vector`.
pub struct Ours {
    name: &'static str,
    /// Wait for all vectors before the first build.
    bulk: bool,
}

impl Ours {
    /// All vectors first, then one build.
    pub fn bulk() -> Self {
        Self {
            name: "sampan",
            bulk: true,
        }
    }

    /// Builds and merges in the background while vectors arrive, published every 1,000.
    pub fn streamed() -> Self {
        Self {
            name: "sampan, as they arrive",
            bulk: false,
        }
    }
}

fn options(tail_rows_max: usize) -> VectorOptions {
    VectorOptions {
        build_threads: 2,
        tail_rows_max,
        ..VectorOptions::default()
    }
}

impl Engine for Ours {
    fn name(&self) -> &'static str {
        self.name
    }

    fn build(&self, vectors: &[Vec<f32>], directory: &Path) -> Box<dyn Index> {
        let default = VectorOptions::default().tail_rows_max;
        let tail_rows_max = if self.bulk {
            vectors.len() - 1
        } else {
            default
        };
        let mut writer =
            VectorWriter::open(directory, options(tail_rows_max)).expect("an index to write");
        for (ordinal, vector) in (0u32..).zip(vectors) {
            writer.upsert(ordinal, vector).expect("a good vector");
            if ordinal % 1_000 == 999 {
                writer.publish();
            }
        }
        writer.settle();
        writer.flush(1).expect("a flush");
        Box::new(Loaded(writer.publish()))
    }

    fn load(&self, _dimensions: usize, directory: &Path) -> Box<dyn Index> {
        let mut writer =
            VectorWriter::open(directory, options(usize::MAX)).expect("an index to read");
        assert!(writer.warnings().is_empty(), "{:?}", writer.warnings());
        Box::new(Loaded(writer.publish()))
    }
}

struct Loaded(Arc<VectorSnapshot>);

impl Index for Loaded {
    fn search(&self, query: &[f32], k: usize, beam_width: usize) -> Vec<u32> {
        let found = self.0.search_with_beam(query, k, &Everything, beam_width);
        found
            .expect("a good query")
            .iter()
            .map(|neighbour| neighbour.ordinal)
            .collect()
    }
}

/// Recall and time at the default beam, for each share of eligible vectors.
pub fn filtered(dataset: &Dataset) -> Vec<(f64, Point)> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    Ours::bulk().build(&dataset.vectors, directory.path());
    let mut writer =
        VectorWriter::open(directory.path(), options(usize::MAX)).expect("an index to read");
    let snapshot = writer.publish();
    let beam_width = VectorOptions::default().beam_width;
    let mut points = Vec::new();
    for share in [1.0, 0.5, 0.1, 0.01, 0.001] {
        let mut random = Random(5);
        let rows = 0..dataset.vectors.len() as u32;
        let eligible: RoaringBitmap = rows
            .filter(|_| f64::from(random.uniform()) < share)
            .collect();
        let eligible = EligibleOrdinals::new(eligible);
        let search = |query: &Vec<f32>| -> Vec<u32> {
            let found = match share {
                1.0 => snapshot.search(query, K, &Everything),
                _ => snapshot.search(query, K, &eligible),
            };
            found
                .expect("a good query")
                .iter()
                .map(|neighbour| neighbour.ordinal)
                .collect()
        };
        let found: Vec<Vec<u32>> = dataset.queries.iter().map(search).collect();
        let recall = dataset.filtered_recall(&found, |row| eligible.allows(row));
        let query_microseconds = time_queries(dataset, search);
        points.push((
            share,
            Point {
                beam_width,
                recall,
                query_microseconds,
            },
        ));
    }
    points
}
