//! From nodes to items and back.

use std::ops::Range;

use super::super::little_endian::u32_at;
use super::format::Section;
use super::read::Segment;

impl Segment {
    /// Ordinal of a row.
    #[inline]
    pub fn ordinal(&self, row: u32) -> u32 {
        u32_at(self.section(Section::Ordinals), row as usize)
    }

    /// Rows of a node.
    #[inline]
    pub fn rows_of(&self, node: u32) -> Range<u32> {
        if !self.is_grouped() {
            return node..node + 1;
        }
        let first_rows = self.section(Section::FirstRows);
        u32_at(first_rows, node as usize)..u32_at(first_rows, node as usize + 1)
    }

    /// Node of a row.
    #[inline]
    pub fn node_of(&self, row: u32) -> u32 {
        if !self.is_grouped() {
            return row;
        }
        u32_at(self.section(Section::NodeOfRow), row as usize)
    }

    /// Row of an ordinal.
    pub fn row(&self, ordinal: u32) -> Option<u32> {
        RowCursor::new(self).seek(ordinal)
    }

    /// Row at a place in the ascending order of ordinals.
    #[inline]
    pub fn row_at_rank(&self, rank: u32) -> u32 {
        if !self.is_grouped() {
            return rank;
        }
        u32_at(self.section(Section::RowsByOrdinal), rank as usize)
    }

    /// Smallest and largest ordinal; `None` in an empty segment.
    pub fn ordinal_range(&self) -> Option<(u32, u32)> {
        let last = (self.rows() as u32).checked_sub(1)?;
        Some((
            self.ordinal(self.row_at_rank(0)),
            self.ordinal(self.row_at_rank(last)),
        ))
    }
}

/// Finds rows of ascending ordinals, each search starting where the last one ended.
pub(in super::super) struct RowCursor<'a> {
    segment: &'a Segment,
    rank: u32,
}

impl<'a> RowCursor<'a> {
    pub fn new(segment: &'a Segment) -> Self {
        Self { segment, rank: 0 }
    }

    /// Row of `ordinal`, which is larger than that of the call before.
    #[inline]
    pub fn seek(&mut self, ordinal: u32) -> Option<u32> {
        let rows = self.segment.rows() as u32;
        if self.rank >= rows {
            return None;
        }
        let at = |rank: u32| {
            let row = self.segment.row_at_rank(rank);
            (row, self.segment.ordinal(row))
        };
        let (row, here) = at(self.rank);
        if ordinal <= here {
            return (ordinal == here).then_some(row);
        }
        // Ordinals are distinct, so the rank grows by no more than the ordinal does; where ordinals
        // are dense it grows by just that.
        let mut end = rows.min(self.rank.saturating_add(ordinal - here).saturating_add(1));
        let mut start = self.rank + 1;
        if end > start {
            let (row, found) = at(end - 1);
            if found == ordinal {
                self.rank = end - 1;
                return Some(row);
            }
        }
        while start < end {
            let middle = start + (end - start) / 2;
            if at(middle).1 < ordinal {
                start = middle + 1
            } else {
                end = middle
            }
        }
        self.rank = start;
        (start < rows && at(start).1 == ordinal).then(|| at(start).0)
    }
}
