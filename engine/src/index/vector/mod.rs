//! Vector recall: the nearest items by cosine, among those that a filter allows.
//!
//! ```text
//! upsert ─ tail (scanned) ─ background build ─ segment (walked or scanned) ─ merged ─ larger segment
//!                     └────────────── publish ── VectorSnapshot ── search ──────────┘
//! ```
//!
//! - [`VectorWriter`] belongs to the node's writer thread; [`VectorSnapshot`]s are immutable and
//!   shared. A search takes no lock and never waits for a writer or a build.
//! - Vectors are compared around the mean of their kind (see `means.rs`).
//! - An ordinal is alive in one place at most: one row of the tail or of one segment.
//! - The nodes of a large segment lie cell after cell, near ones together (see `cells/mod.rs`): a search under a filter may go
//!   through a few near cells instead of the graph or all that is eligible; `plan.rs` and `segment_view.rs` choose.
//! - `graph/backbone.rs` is the only file that names hnsw_rs.
//! - Files: `vectors.manifest` (see `manifest.rs`) and `<number>.vectors` (see `segment/mod.rs`).
//!   A file never changes once it has its name.
//!
//! Invariant: a search never returns an item that the filter refuses, that was deleted before the
//! snapshot was published, or twice; and returns `k` items whenever `k` are eligible.

mod background;
mod beam;
mod best;
mod cells;
mod compaction;
mod dead_rows;
mod direction;
mod eligibility;
mod error;
mod flush;
mod freeze;
mod graph;
mod kernels;
mod little_endian;
mod manifest;
mod means;
mod open;
mod options;
mod plan;
mod quantise;
mod recentre;
mod scan;
mod segment;
mod segment_view;
mod snapshot;
mod tail;
mod writer;

#[cfg(test)]
mod tests;

pub use best::Neighbour;
pub use direction::Direction;
pub use eligibility::{Eligibility, EligibleOrdinals, Everything};
pub use error::VectorError;
pub use options::{BEAM_WIDTH_MAX, DIMENSIONS_MAX, MEAN_LENGTH_MAX, RESULTS_MAX, VectorOptions};
pub use snapshot::VectorSnapshot;
pub use writer::VectorWriter;
