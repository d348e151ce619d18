//! usearch, through its own crate.

use std::path::{Path, PathBuf};

use usearch::{IndexOptions, MetricKind, ScalarKind};

use crate::engine::{Engine, Index};

/// usearch with its default connectivity (16) and construction beam (128).
pub struct Usearch {
    name: &'static str,
    kind: ScalarKind,
}

impl Usearch {
    pub fn f32() -> Self {
        Self {
            name: "usearch f32",
            kind: ScalarKind::F32,
        }
    }

    pub fn f16() -> Self {
        Self {
            name: "usearch f16",
            kind: ScalarKind::F16,
        }
    }

    fn empty(&self, dimensions: usize) -> usearch::Index {
        let options = IndexOptions {
            dimensions,
            metric: MetricKind::Cos,
            quantization: self.kind,
            connectivity: 16,
            expansion_add: 128,
            ..IndexOptions::default()
        };
        usearch::Index::new(&options).expect("an index")
    }
}

fn file(directory: &Path) -> PathBuf {
    directory.join("index.usearch")
}

impl Engine for Usearch {
    fn name(&self) -> &'static str {
        self.name
    }

    fn build(&self, vectors: &[Vec<f32>], directory: &Path) {
        let index = self.empty(vectors[0].len());
        index
            .reserve_capacity_and_threads(vectors.len(), 2)
            .expect("memory");
        let half = vectors.len().div_ceil(2);
        std::thread::scope(|scope| {
            for (part, vectors) in vectors.chunks(half).enumerate() {
                let index = &index;
                scope.spawn(move || {
                    for (key, vector) in (part * half..).zip(vectors) {
                        index.add(key as u64, vector).expect("a good vector");
                    }
                });
            }
        });
        index
            .save(&file(directory).to_string_lossy())
            .expect("a saved index");
    }

    fn load(&self, dimensions: usize, directory: &Path) -> Box<dyn Index> {
        let index = self.empty(dimensions);
        index
            .load(&file(directory).to_string_lossy())
            .expect("a loaded index");
        Box::new(Loaded(index))
    }
}

struct Loaded(usearch::Index);

impl Index for Loaded {
    fn search(&self, query: &[f32], k: usize, beam_width: usize) -> Vec<u32> {
        self.0.change_expansion_search(beam_width);
        let found = self.0.search(query, k).expect("a good query");
        found.keys.iter().map(|&key| key as u32).collect()
    }
}
