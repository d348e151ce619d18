//! hnsw_rs as it comes.

use std::path::Path;

use hnsw_rs::prelude::{AnnT, DistDot, Hnsw, HnswIo};

use crate::engine::{Engine, Index};

/// hnsw_rs with 16 connections and a construction beam of 128, as usearch has by default.
pub struct HnswRs;

const BASE_NAME: &str = "plain";

impl Engine for HnswRs {
    fn name(&self) -> &'static str {
        "hnsw_rs"
    }

    fn build(&self, vectors: &[Vec<f32>], directory: &Path) {
        let graph = Hnsw::<f32, DistDot>::new(16, vectors.len(), 16, 128, DistDot);
        let points: Vec<(&Vec<f32>, usize)> = vectors.iter().zip(0..).collect();
        graph.insert((points[0].0, 0));
        graph.parallel_insert(&points[1..]);
        graph.file_dump(directory, BASE_NAME).expect("a dump");
    }

    fn load(&self, _dimensions: usize, directory: &Path) -> Box<dyn Index> {
        // The loaded graph borrows its reader; the process ends soon, so the reader may stay.
        let reader = Box::leak(Box::new(HnswIo::new(directory, BASE_NAME)));
        Box::new(Loaded(
            reader.load_hnsw::<f32, DistDot>().expect("a loaded graph"),
        ))
    }
}

struct Loaded(Hnsw<'static, f32, DistDot>);

impl Index for Loaded {
    fn search(&self, query: &[f32], k: usize, beam_width: usize) -> Vec<u32> {
        let found = self.0.search(query, k, beam_width);
        found
            .iter()
            .map(|neighbour| neighbour.d_id as u32)
            .collect()
    }
}
