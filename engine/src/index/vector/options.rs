//! Settings and limits of the vector index.

/// Most dimensions a vector may have. int8 products of this many terms stay inside an i32.
pub const DIMENSIONS_MAX: usize = 4_096;
/// Widest beam of a graph search, in candidates; a request for more results is answered by a scan.
pub const BEAM_WIDTH_MAX: usize = 2_048;
/// Most results of one search. Candidates are kept sorted, which costs their number squared.
pub const RESULTS_MAX: usize = 10_000;
/// Longest mean that may be subtracted from vectors of length 1. The mean of vectors that differ is
/// shorter than 1; close to 1, what is left of each is mostly rounding.
pub const MEAN_LENGTH_MAX: f32 = 0.99;
/// Rows of a tail chunk: what one `publish` copies at most.
pub const TAIL_CHUNK_ROWS: usize = 256;

/// How the index builds and searches. The defaults suit a catalogue of 10⁴ to 10⁷ items.
#[derive(Debug, Clone)]
pub struct VectorOptions {
    /// Dimensions of every vector; `None`: the first vector decides.
    pub dimensions: Option<usize>,
    /// Candidates that a graph search keeps (ef): more is slower and finds more.
    pub beam_width: usize,
    /// Candidates that a build keeps while it looks for the neighbours of a node (ef construction).
    pub build_beam_width: usize,
    /// Rows that the tail may have before a background build freezes them.
    pub tail_rows_max: usize,
    /// Bytes of codes of the largest segment that a merge makes. A build holds its codes and graph
    /// in memory, so this also bounds the memory of the background work.
    pub segment_bytes_max: usize,
    /// Threads of the background builds.
    pub build_threads: usize,
}

impl Default for VectorOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        Self {
            dimensions: None,
            beam_width: 64,
            build_beam_width: 96,
            tail_rows_max: 4_096,
            segment_bytes_max: 1 << 30,
            build_threads: cores.div_ceil(2),
        }
    }
}
