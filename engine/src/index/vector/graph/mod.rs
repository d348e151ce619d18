//! The proximity graph of a segment: how it is laid out, walked and built.
//!
//! The base level links every node to near nodes in different directions. Above it, each level is a
//! sample of the one below, so that a search reaches the right region in a few steps (Malkov and
//! Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
//! Small World graphs", 2016).

mod backbone;
mod base;
mod build;
mod diverse;
mod inherit;
mod level;
mod walk;

pub(super) use base::FrozenBase;
pub(super) use build::build_graph;
pub(super) use inherit::InheritedLinks;
pub(super) use level::{LevelView, UpperLevel, descend};
pub(super) use walk::{FilteredWalk, walk, walk_filtered};

/// "No neighbour" in an adjacency list; what follows it in the list is also empty.
pub(super) const NO_NODE: u32 = u32::MAX;

/// A finished graph in memory.
#[derive(Default)]
pub(super) struct Graph {
    /// Slots of each list in `base`; 0: no graph.
    pub base_degree: usize,
    /// Neighbours of every node, padded with [`NO_NODE`].
    pub base: Vec<u32>,
    /// Slots of each list above the base.
    pub upper_degree: usize,
    /// Levels above the base, the largest first.
    pub upper: Vec<UpperLevel>,
}
