//! Opening a segment file and reading from it.

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use memmap2::Mmap;

use super::super::error::VectorError;
use super::super::graph::{FrozenBase, LevelView, NO_NODE};
use super::super::little_endian::{u32_at, u32s};
use super::super::options::DIMENSIONS_MAX;
use super::super::quantise::Codes;
use super::format::{Header, Section};

/// A mapped, checked segment file.
pub(in super::super) struct Segment {
    map: Mmap,
    header: Header,
    levels: Vec<LevelRanges>,
}

/// Where a level above the base lies in the file.
struct LevelRanges {
    nodes: Range<usize>,
    neighbours: Range<usize>,
}

impl Segment {
    /// Maps the file and checks every byte of it: sums, lengths, and that no number points outside.
    pub fn open(path: &Path) -> Result<Self, VectorError> {
        let corrupt = |reason: String| VectorError::corrupt(path, reason);
        let file = File::open(path).map_err(VectorError::io(path))?;
        // SAFETY: the index owns its directory and never writes to a finished file: a segment is
        // renamed into place when complete and only ever removed, which leaves a mapping intact.
        let map = unsafe { Mmap::map(&file) }.map_err(VectorError::io(path))?;
        let header = Header::from_bytes(&map).map_err(corrupt)?;
        check_sections(&header, &map).map_err(corrupt)?;
        let levels = level_ranges(&header, &map).map_err(corrupt)?;
        let segment = Self {
            map,
            header,
            levels,
        };
        segment.check_numbers().map_err(corrupt)?;
        Ok(segment)
    }

    pub fn dimensions(&self) -> usize {
        self.header.dimensions as usize
    }

    pub fn rows(&self) -> usize {
        self.header.rows as usize
    }

    pub fn nodes(&self) -> usize {
        self.header.nodes as usize
    }

    pub fn has_graph(&self) -> bool {
        self.header.base_degree > 0
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
        let degree = self.header.upper_degree as usize;
        self.levels.iter().map(move |ranges| {
            let nodes = &self.map[ranges.nodes.clone()];
            LevelView::new(nodes, &self.map[ranges.neighbours.clone()], degree)
        })
    }

    /// The base level.
    pub fn base(&self) -> FrozenBase<'_> {
        FrozenBase::new(
            self.section(Section::Base),
            self.header.base_degree as usize,
        )
    }

    pub(super) fn section(&self, section: Section) -> &[u8] {
        let entry = &self.header.sections[section as usize];
        &self.map[entry.offset as usize..][..entry.length as usize]
    }

    /// True when some node has more than one row.
    pub(super) fn is_grouped(&self) -> bool {
        self.header.rows != self.header.nodes
    }

    fn check_numbers(&self) -> Result<(), String> {
        let Header { nodes, rows, .. } = self.header;
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

/// Checks that every section is where it should be, as long as it should be, and unaltered.
fn check_sections(header: &Header, bytes: &[u8]) -> Result<(), String> {
    let (rows, nodes) = (u64::from(header.rows), u64::from(header.nodes));
    let dimensions = u64::from(header.dimensions);
    if dimensions == 0 || dimensions > DIMENSIONS_MAX as u64 || nodes > rows {
        return Err("the counts of the header contradict each other".into());
    }
    let grouped = u64::from(nodes != rows);
    let lengths = [
        Some(rows * 4),
        Some(nodes * 4),
        Some(nodes * dimensions),
        Some(nodes * dimensions),
        Some((nodes * 4).saturating_mul(u64::from(header.base_degree))),
        None,
        Some((nodes + 1) * 4 * grouped),
        Some(rows * 4 * grouped),
        Some(rows * 4 * grouped),
    ];
    for (number, (entry, length)) in header.sections.iter().zip(lengths).enumerate() {
        if length.is_some_and(|length| length != entry.length) {
            return Err(format!("section {number} has the wrong length"));
        }
        let end = entry
            .offset
            .checked_add(entry.length)
            .ok_or("a section has no end")?;
        let section = bytes
            .get(entry.offset as usize..end as usize)
            .ok_or_else(|| format!("section {number} ends after the file"))?;
        if crc32c::crc32c(section) != entry.sum {
            return Err(format!("section {number} does not match its checksum"));
        }
    }
    Ok(())
}

fn level_ranges(header: &Header, bytes: &[u8]) -> Result<Vec<LevelRanges>, String> {
    let entry = &header.sections[Section::Upper as usize];
    let (mut at, end) = (
        entry.offset as usize,
        (entry.offset + entry.length) as usize,
    );
    let mut levels = Vec::new();
    for _ in 0..header.upper_levels {
        if at + 4 > end {
            return Err("an upper level is missing".into());
        }
        let count = u32_at(&bytes[at..], 0) as usize;
        let nodes = at + 4..at + 4 + count * 4;
        let neighbours = nodes.end..nodes.end + count * header.upper_degree as usize * 4;
        at = neighbours.end;
        if at > end || count == 0 {
            return Err("an upper level has the wrong length".into());
        }
        levels.push(LevelRanges { nodes, neighbours });
    }
    Ok(levels)
}
