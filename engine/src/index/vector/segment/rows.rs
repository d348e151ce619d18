//! From nodes to items and back.

use std::ops::Range;

use super::super::kernels;
use super::super::little_endian::u32_at;
use super::format::Section;
use super::read::Segment;

/// The tables that tie rows, nodes and ordinals of a segment together.
#[derive(Clone, Copy)]
pub(in super::super) struct Rows<'a> {
    ordinals: &'a [u8],
    /// The first ordinal, when those of all rows follow it without a gap.
    dense_from: Option<u32>,
    /// `None` when every node has one row: row, node and rank are then the same number.
    grouping: Option<Grouping<'a>>,
}

#[derive(Clone, Copy)]
struct Grouping<'a> {
    first_rows: &'a [u8],
    node_of_row: &'a [u8],
    rows_by_ordinal: &'a [u8],
}

impl Segment {
    /// The tables of rows, to be asked for once a search.
    pub fn row_tables(&self) -> Rows<'_> {
        let grouping = self.is_grouped().then(|| Grouping {
            first_rows: self.section(Section::FirstRows),
            node_of_row: self.section(Section::NodeOfRow),
            rows_by_ordinal: self.section(Section::RowsByOrdinal),
        });
        let mut rows = Rows {
            ordinals: self.section(Section::Ordinals),
            dense_from: None,
            grouping,
        };
        if let Some((smallest, largest)) = rows.ordinal_range()
            && grouping.is_none()
            && largest - smallest == rows.len() - 1
        {
            rows.dense_from = Some(smallest);
        }
        rows
    }
}

impl<'a> Rows<'a> {
    #[inline]
    pub fn len(&self) -> u32 {
        (self.ordinals.len() / 4) as u32
    }

    /// Ordinal of a row.
    #[inline]
    pub fn ordinal(&self, row: u32) -> u32 {
        match self.dense_from {
            Some(first) => first + row,
            None => u32_at(self.ordinals, row as usize),
        }
    }

    /// Rows of a node.
    #[inline]
    pub fn rows_of(&self, node: u32) -> Range<u32> {
        match self.grouping {
            None => node..node + 1,
            Some(Grouping { first_rows, .. }) => {
                u32_at(first_rows, node as usize)..u32_at(first_rows, node as usize + 1)
            }
        }
    }

    /// Asks the processor to fetch what [`Self::rows_of`] or [`Self::ordinal`] will read.
    #[inline]
    pub fn prefetch(&self, node: u32) {
        let table = self
            .grouping
            .map_or(self.ordinals, |grouping| grouping.first_rows);
        kernels::prefetch(table, node as usize * 4, 1);
    }

    /// Node of a row.
    #[inline]
    pub fn node_of(&self, row: u32) -> u32 {
        self.grouping
            .map_or(row, |grouping| u32_at(grouping.node_of_row, row as usize))
    }

    /// Row at a place in the ascending order of ordinals.
    #[inline]
    fn row_at_rank(&self, rank: u32) -> u32 {
        self.grouping.map_or(rank, |grouping| {
            u32_at(grouping.rows_by_ordinal, rank as usize)
        })
    }

    /// Row of an ordinal.
    pub fn row(&self, ordinal: u32) -> Option<u32> {
        RowCursor::new(*self).seek(ordinal)
    }

    /// Smallest and largest ordinal; `None` in an empty segment.
    pub fn ordinal_range(&self) -> Option<(u32, u32)> {
        let last = self.len().checked_sub(1)?;
        Some((
            self.ordinal(self.row_at_rank(0)),
            self.ordinal(self.row_at_rank(last)),
        ))
    }
}

/// Finds rows of ascending ordinals, each search starting where the last one ended.
pub(in super::super) struct RowCursor<'a> {
    rows: Rows<'a>,
    rank: u32,
}

impl<'a> RowCursor<'a> {
    pub fn new(rows: Rows<'a>) -> Self {
        Self { rows, rank: 0 }
    }

    /// Row of `ordinal`, which is no smaller than that of the call before.
    #[inline]
    pub fn seek(&mut self, ordinal: u32) -> Option<u32> {
        match self.rows.dense_from {
            Some(first) => ordinal
                .checked_sub(first)
                .filter(|&row| row < self.rows.len()),
            None => self.seek_ahead(ordinal),
        }
    }

    fn seek_ahead(&mut self, ordinal: u32) -> Option<u32> {
        let count = self.rows.len();
        if self.rank >= count {
            return None;
        }
        let row = self.rows.row_at_rank(self.rank);
        let here = self.rows.ordinal(row);
        if ordinal <= here {
            return (ordinal == here).then_some(row);
        }
        // Ordinals are distinct, so the rank grows by no more than the ordinal does; where ordinals
        // are dense it grows by just that.
        let farthest = self.rank.saturating_add(ordinal - here).min(count - 1);
        let row = self.rows.row_at_rank(farthest);
        if self.rows.ordinal(row) == ordinal {
            self.rank = farthest;
            return Some(row);
        }
        self.seek_between(self.rank + 1, farthest + 1, ordinal)
    }

    fn seek_between(&mut self, mut start: u32, mut end: u32, ordinal: u32) -> Option<u32> {
        while start < end {
            let middle = start + (end - start) / 2;
            let found = self.rows.ordinal(self.rows.row_at_rank(middle));
            if found < ordinal {
                start = middle + 1
            } else {
                end = middle
            }
        }
        self.rank = start;
        let row = (start < self.rows.len()).then(|| self.rows.row_at_rank(start))?;
        (self.rows.ordinal(row) == ordinal).then_some(row)
    }
}
