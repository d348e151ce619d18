//! This project's index.

use std::path::Path;
use std::sync::Arc;

use sampan_engine::index::vector::{
    Everything, Neighbour, VectorError, VectorOptions, VectorSnapshot, VectorWriter,
};

use crate::engine::{Engine, Index};

/// Name of [`Ours::bulk`].
pub const BULK: &str = "sampan";

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
            name: BULK,
            bulk: true,
        }
    }

    /// Builds and merges in the background while vectors arrive.
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

/// Adds all vectors, published every 1,000, and waits for the builds.
pub fn fill(vectors: &[Vec<f32>], directory: &Path, tail_rows_max: usize) -> VectorWriter {
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
    writer
}

/// What is in `directory`, as it is there.
pub fn open(directory: &Path) -> Arc<VectorSnapshot> {
    let mut writer = VectorWriter::open(directory, options(usize::MAX)).expect("an index to read");
    assert!(writer.warnings().is_empty(), "{:?}", writer.warnings());
    writer.publish()
}

/// Ordinals of an answer.
pub fn ordinals(found: Result<Vec<Neighbour>, VectorError>) -> Vec<u32> {
    let found = found.expect("a good query");
    found.iter().map(|neighbour| neighbour.ordinal).collect()
}

impl Engine for Ours {
    fn name(&self) -> &'static str {
        self.name
    }

    fn build(&self, vectors: &[Vec<f32>], directory: &Path) {
        let default = VectorOptions::default().tail_rows_max;
        let tail_rows_max = if self.bulk {
            vectors.len() - 1
        } else {
            default
        };
        fill(vectors, directory, tail_rows_max);
    }

    fn load(&self, _dimensions: usize, directory: &Path) -> Box<dyn Index> {
        Box::new(Loaded(open(directory)))
    }
}

struct Loaded(Arc<VectorSnapshot>);

impl Index for Loaded {
    fn search(&self, query: &[f32], k: usize, beam_width: usize) -> Vec<u32> {
        ordinals(self.0.search_with_beam(query, k, &Everything, beam_width))
    }
}
