//! A frozen block of rows in one memory-mapped file.
//!
//! # Format, version 2 (all numbers little-endian)
//!
//! | part | content |
//! |---|---|
//! | header | that of [`files`](crate::files), with the counts dimensions, rows, nodes, upper levels, degree of the base level, degree above, cells; rows of another version are taken from the store |
//! | ordinals | rows × u32; rows of one node are adjacent and ascending |
//! | steps | nodes × f32, the value of one code unit |
//! | high | nodes × dimensions bytes, high bytes of the codes plus 128 |
//! | low | nodes × dimensions bytes, low bytes of the codes |
//! | base | nodes × degree × u32, neighbours on the base level, padded with `u32::MAX` |
//! | upper | for each level upward: u32 count, count × u32 nodes ascending, count × degree × u32 neighbours as positions in that list, padded with `u32::MAX` |
//! | first rows | (nodes + 1) × u32, the first row of each node; empty when rows and nodes are the same |
//! | node of row | rows × u32; empty likewise |
//! | rows by ordinal | rows × u32, row numbers in ascending order of ordinal; empty when rows are in that order |
//! | ordinals in order | rows × u32, ordinals in ascending order; empty likewise, and when each is one more than that before |
//! | cell starts | (cells + 1) × u32, the first node of each cell; empty without cells, like what follows |
//! | cell mean steps | cells × f32, as steps, of the mean of each cell's vectors |
//! | cell means | cells × dimensions bytes, as high, likewise |
//! | cell tightness | cells × f32, one over the square root of the mean square of what the cell's vectors differ by from their mean |
//!
//! A *row* is an item, a *node* is a distinct vector: items
//! with equal codes share a node, so a million equal vectors are one node and no storm of zero
//! distances. Nodes of a cell (see `cells/mod.rs`) are adjacent, and within it, or without cells, in ascending order of
//! their first ordinal. A segment without a graph (a flushed tail) has degree 0 and no upper levels.

mod format;
mod groups;
mod read;
mod rows;
mod write;

pub(super) use groups::Groups;
pub(super) use read::Segment;
pub(super) use rows::{RowCursor, Rows};
pub(super) use write::{SegmentParts, write_segment};
