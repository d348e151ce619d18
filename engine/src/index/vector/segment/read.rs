//! Opening a segment file and reading from it.

use std::ops::Range;
use std::path::Path;

use super::super::cells::CellsView;
use super::super::error::VectorError;
use super::super::graph::{FrozenBase, LevelView, NO_NODE};
use super::super::little_endian::{u32_at, u32s};
use super::super::options::DIMENSIONS_MAX;
use super::super::quantise::Codes;
use super::format::{Counts, SECTIONS, SEGMENT_FILE, Section, Sections};

/// A mapped, checked segment file.
pub(in super::super) struct Segment {
    file: Sections,
    counts: Counts,
    levels: Vec<LevelRanges>,
}

/// Where a level above the base lies in its section.
struct LevelRanges {
    nodes: Range<usize>,
    neighbours: Range<usize>,
}

impl Segment {
    /// Maps the file and checks every byte of it: sums, lengths, and that no number points outside.
    pub fn open(path: &Path) -> Result<Self, VectorError> {
        let corrupt = |reason: String| VectorError::corrupt(path, reason);
        let lengths = |words| lengths(Counts::from_words(words));
        let file = Sections::open(path, &SEGMENT_FILE, lengths)?;
        let counts = Counts::from_words(file.counts());
        let upper = file.section(Section::Upper as usize);
        let levels = level_ranges(counts, upper).map_err(corrupt)?;
        let segment = Self {
            file,
            counts,
            levels,
        };
        segment.check_numbers().map_err(corrupt)?;
        Ok(segment)
    }

    pub fn dimensions(&self) -> usize {
        self.counts.dimensions as usize
    }

    pub fn rows(&self) -> usize {
        self.counts.rows as usize
    }

    pub fn nodes(&self) -> usize {
        self.counts.nodes as usize
    }

    pub fn has_graph(&self) -> bool {
        self.counts.base_degree > 0
    }

    pub fn codes(&self) -> Codes<'_> {
        Codes {
            dimensions: self.dimensions(),
            high: self.section(Section::High),
            low: self.section(Section::Low),
            steps: self.section(Section::Steps),
        }
    }

    /// Levels above the base, the largest first.
    pub fn levels(&self) -> impl DoubleEndedIterator<Item = LevelView<'_>> + ExactSizeIterator {
        let degree = self.counts.upper_degree as usize;
        let upper = self.section(Section::Upper);
        self.levels.iter().map(move |ranges| {
            let nodes = &upper[ranges.nodes.clone()];
            LevelView::new(nodes, &upper[ranges.neighbours.clone()], degree)
        })
    }

    /// The base level.
    pub fn base(&self) -> FrozenBase<'_> {
        FrozenBase::new(
            self.section(Section::Base),
            self.counts.base_degree as usize,
        )
    }

    /// The cells, if it has some.
    pub fn cells(&self) -> Option<CellsView<'_>> {
        (self.counts.cells > 0).then(|| CellsView {
            starts: self.section(Section::CellStarts),
            means: Codes {
                dimensions: self.dimensions(),
                high: self.section(Section::CellMeans),
                low: &[],
                steps: self.section(Section::CellMeanSteps),
            },
            tightness: self.section(Section::CellTightness),
        })
    }

    /// Bytes of the file.
    pub fn file_bytes(&self) -> u64 {
        self.file.length()
    }

    pub(super) fn section(&self, section: Section) -> &[u8] {
        self.file.section(section as usize)
    }

    /// True when some node has more than one row.
    pub(super) fn is_grouped(&self) -> bool {
        self.counts.rows != self.counts.nodes
    }

    fn check_numbers(&self) -> Result<(), String> {
        let Counts { nodes, rows, .. } = self.counts;
        let numbers = |section| u32s(self.section(section));
        let neighbours = numbers(Section::Base).map(|node| if node == NO_NODE { 0 } else { node });
        if any_from(neighbours, nodes) {
            return Err("a neighbour points outside the file".into());
        }
        if any_from(numbers(Section::NodeOfRow), nodes)
            || any_from(numbers(Section::RowsByOrdinal), rows)
            || any_from(numbers(Section::FirstRows), rows.saturating_add(1))
        {
            return Err("a row points outside the file".into());
        }
        let starts = || numbers(Section::CellStarts);
        if any_from(starts(), nodes.saturating_add(1)) || !starts().is_sorted() {
            return Err("a cell points outside the file".into());
        }
        let whole = |section| [0, rows as usize * 4].contains(&self.section(section).len());
        if !whole(Section::RowsByOrdinal) || !whole(Section::OrdinalsInOrder) {
            return Err("a table of ordinals has the wrong length".into());
        }
        if self.levels().any(|level| !level.stays_below(nodes)) {
            return Err("an upper level points outside the file".into());
        }
        Ok(())
    }
}

/// True when some number is `limit` or more.
fn any_from(numbers: impl Iterator<Item = u32>, limit: u32) -> bool {
    // No early end, so that many are compared at once.
    numbers.fold(false, |any, number| any | (number >= limit))
}

/// Bytes that each section must have, none where the section itself tells; or what is wrong with the counts.
fn lengths(counts: Counts) -> Result<[Option<u64>; SECTIONS], String> {
    let (rows, nodes) = (u64::from(counts.rows), u64::from(counts.nodes));
    let (dimensions, cells) = (u64::from(counts.dimensions), u64::from(counts.cells));
    if dimensions == 0 || dimensions > DIMENSIONS_MAX as u64 || nodes > rows {
        return Err("the counts of the header contradict each other".into());
    }
    let grouped = u64::from(nodes != rows);
    Ok([
        Some(rows * 4),
        Some(nodes * 4),
        Some(nodes * dimensions),
        Some(nodes * dimensions),
        Some((nodes * 4).saturating_mul(u64::from(counts.base_degree))),
        None,
        Some((nodes + 1) * 4 * grouped),
        Some(rows * 4 * grouped),
        None,
        None,
        Some((cells + 1) * 4 * u64::from(cells > 0)),
        Some(cells * 4),
        Some(cells * dimensions),
        Some(cells * 4),
    ])
}

/// Cuts the section of the upper levels into levels.
fn level_ranges(counts: Counts, upper: &[u8]) -> Result<Vec<LevelRanges>, String> {
    let mut at = 0;
    let mut levels = Vec::new();
    for _ in 0..counts.upper_levels {
        if at + 4 > upper.len() {
            return Err("an upper level is missing".into());
        }
        let count = u32_at(&upper[at..], 0) as usize;
        let nodes = at + 4..at + 4 + count * 4;
        let neighbours = nodes.end..nodes.end + count * counts.upper_degree as usize * 4;
        at = neighbours.end;
        if at > upper.len() || count == 0 {
            return Err("an upper level has the wrong length".into());
        }
        levels.push(LevelRanges { nodes, neighbours });
    }
    Ok(levels)
}
