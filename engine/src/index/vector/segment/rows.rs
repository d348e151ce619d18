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
    /// The first ordinal, when there is no gap between the first and the last.
    dense_from: Option<u32>,
    /// `None` when every node has one row: row and node are then the same number.
    grouping: Option<Grouping<'a>>,
    /// `None` when rows are in ascending order of ordinal: row and rank are then the same number.
    ranking: Option<Ranking<'a>>,
}

#[derive(Clone, Copy)]
struct Grouping<'a> {
    first_rows: &'a [u8],
    node_of_row: &'a [u8],
}

#[derive(Clone, Copy)]
struct Ranking<'a> {
    rows_by_ordinal: &'a [u8],
    /// Empty when there is no gap between ordinals.
    ordinals_in_order: &'a [u8],
}

impl Segment {
    /// The tables of rows, to be asked for once a search.
    pub fn row_tables(&self) -> Rows<'_> {
        let grouping = self.is_grouped().then(|| Grouping {
            first_rows: self.section(Section::FirstRows),
            node_of_row: self.section(Section::NodeOfRow),
        });
        let rows_by_ordinal = self.section(Section::RowsByOrdinal);
        let ranking = (!rows_by_ordinal.is_empty()).then(|| Ranking {
            rows_by_ordinal,
            ordinals_in_order: self.section(Section::OrdinalsInOrder),
        });
        let mut rows = Rows {
            ordinals: self.section(Section::Ordinals),
            dense_from: None,
            grouping,
            ranking,
        };
        if let Some((smallest, largest)) = rows.ordinal_range()
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
        match (self.dense_from, self.ranking) {
            (Some(first), None) => first + row,
            _ => u32_at(self.ordinals, row as usize),
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
        self.ranking.map_or(rank, |ranking| {
            u32_at(ranking.rows_by_ordinal, rank as usize)
        })
    }

    /// Ordinal at a place in their ascending order.
    #[inline]
    fn ordinal_at_rank(&self, rank: u32) -> u32 {
        match (self.dense_from, self.ranking) {
            (Some(first), _) => first + rank,
            (None, Some(ranking)) if !ranking.ordinals_in_order.is_empty() => {
                u32_at(ranking.ordinals_in_order, rank as usize)
            }
            _ => self.ordinal(self.row_at_rank(rank)),
        }
    }

    /// Row of an ordinal.
    pub fn row(&self, ordinal: u32) -> Option<u32> {
        RowCursor::new(*self).seek(ordinal)
    }

    /// Smallest and largest ordinal; `None` in an empty segment.
    pub fn ordinal_range(&self) -> Option<(u32, u32)> {
        let last = self.len().checked_sub(1)?;
        Some((self.ordinal_at_rank(0), self.ordinal_at_rank(last)))
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
                .filter(|&rank| rank < self.rows.len())
                .map(|rank| self.rows.row_at_rank(rank)),
            None => self.seek_ahead(ordinal),
        }
    }

    fn seek_ahead(&mut self, ordinal: u32) -> Option<u32> {
        let count = self.rows.len();
        if self.rank >= count {
            return None;
        }
        let here = self.rows.ordinal_at_rank(self.rank);
        if ordinal <= here {
            return (ordinal == here).then(|| self.rows.row_at_rank(self.rank));
        }
        // Ordinals are distinct, so the rank grows by no more than the ordinal does; where ordinals
        // are dense it grows by just that.
        let farthest = self.rank.saturating_add(ordinal - here).min(count - 1);
        if self.rows.ordinal_at_rank(farthest) == ordinal {
            self.rank = farthest;
            return Some(self.rows.row_at_rank(farthest));
        }
        self.seek_between(self.rank + 1, farthest + 1, ordinal)
    }

    fn seek_between(&mut self, mut start: u32, mut end: u32, ordinal: u32) -> Option<u32> {
        while start < end {
            let middle = start + (end - start) / 2;
            if self.rows.ordinal_at_rank(middle) < ordinal {
                start = middle + 1
            } else {
                end = middle
            }
        }
        self.rank = start;
        let found = start < self.rows.len() && self.rows.ordinal_at_rank(start) == ordinal;
        found.then(|| self.rows.row_at_rank(start))
    }
}
