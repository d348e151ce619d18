//! The header of a segment file.

use crate::files::{FileKind, MappedSections, SectionHeader};

/// What tells a segment file from others.
pub(super) const SEGMENT_FILE: FileKind = FileKind {
    name: "a segment file",
    magic: *b"SAMPANVS",
    version: 2,
};
/// Numbers of the header that are the format's own.
const COUNTS: usize = 7;
/// Number of sections.
pub(super) const SECTIONS: usize = 14;

/// Everything before the first section.
pub(super) type Header = SectionHeader<COUNTS, SECTIONS>;
/// A mapped segment file.
pub(super) type Sections = MappedSections<COUNTS, SECTIONS>;

/// Sections in the order of the file.
#[derive(Clone, Copy)]
pub(super) enum Section {
    Ordinals,
    Steps,
    High,
    Low,
    Base,
    Upper,
    FirstRows,
    NodeOfRow,
    RowsByOrdinal,
    OrdinalsInOrder,
    CellStarts,
    CellMeanSteps,
    CellMeans,
    CellTightness,
}

/// The counts of a segment, in the order of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub dimensions: u32,
    pub rows: u32,
    pub nodes: u32,
    pub upper_levels: u32,
    pub base_degree: u32,
    pub upper_degree: u32,
    pub cells: u32,
}

impl Counts {
    pub fn to_words(self) -> [u32; COUNTS] {
        [
            self.dimensions,
            self.rows,
            self.nodes,
            self.upper_levels,
            self.base_degree,
            self.upper_degree,
            self.cells,
        ]
    }

    pub fn from_words(words: [u32; COUNTS]) -> Self {
        let [
            dimensions,
            rows,
            nodes,
            upper_levels,
            base_degree,
            upper_degree,
            cells,
        ] = words;
        Self {
            dimensions,
            rows,
            nodes,
            upper_levels,
            base_degree,
            upper_degree,
            cells,
        }
    }
}
