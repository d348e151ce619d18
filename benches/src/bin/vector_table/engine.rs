//! What the table asks of an index.

use std::path::Path;

/// An index that can be built from a data set.
pub trait Engine {
    /// Name in the table.
    fn name(&self) -> &'static str;
    /// Builds over `vectors` with two threads, and stores the index in `directory`.
    fn build(&self, vectors: &[Vec<f32>], directory: &Path);
    /// Loads what `build` stored, ready to search.
    fn load(&self, dimensions: usize, directory: &Path) -> Box<dyn Index>;
}

/// An index that can be searched.
pub trait Index {
    /// The `k` nearest by position in the data set, with a search beam (ef) of `beam_width`.
    fn search(&self, query: &[f32], k: usize, beam_width: usize) -> Vec<u32>;
}
