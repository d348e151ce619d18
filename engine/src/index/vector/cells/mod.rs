//! Cells: near nodes that lie side by side, so that a search under a filter can go through a few near cells instead of
//! all eligible nodes (an inverted file: Jégou, Douze and Schmid, "Product quantization for nearest neighbor search",
//! 2011).
//!
//! A cell is the nodes that are nearest to one centre. Nodes are numbered cell after cell, so a cell takes no room but
//! its first node and its mean, and a walk over the graph stays within less memory.

mod divide;
mod outlook;
mod visit;

use std::ops::Range;

use super::little_endian::{f32_at, u32_at};
use super::quantise::{CodeBuffer, Codes};

pub(super) use divide::{Division, divide};
pub(super) use visit::{Visit, cost_min, visit};

/// The cells of a segment in memory.
#[derive(Default)]
pub(super) struct Cells {
    /// First node of each cell, and how many nodes there are at the end; empty without cells.
    pub starts: Vec<u32>,
    /// Mean of each cell's vectors: the product with a query is what to expect of the cell's nodes.
    pub means: CodeBuffer,
    /// What the vectors of each cell differ by from their mean: one over the square root of the mean square.
    pub tightness: Vec<f32>,
}

impl Cells {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.tightness.len()
    }
}

/// The cells of a mapped segment.
#[derive(Clone, Copy)]
pub(super) struct CellsView<'a> {
    /// As [`Cells::starts`].
    pub starts: &'a [u8],
    /// As [`Cells::means`], high bytes only.
    pub means: Codes<'a>,
    /// As [`Cells::tightness`].
    pub tightness: &'a [u8],
}

impl CellsView<'_> {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.means.len()
    }

    /// Nodes of a cell.
    #[inline]
    fn nodes(&self, cell: u32) -> Range<u32> {
        u32_at(self.starts, cell as usize)..u32_at(self.starts, cell as usize + 1)
    }

    #[inline]
    fn tightness(&self, cell: u32) -> f32 {
        f32_at(self.tightness, cell as usize)
    }
}
