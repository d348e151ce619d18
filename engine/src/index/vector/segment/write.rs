//! Writing a segment file.

use std::path::Path;

use super::super::cells::Cells;
use super::super::error::VectorError;
use super::super::graph::{Graph, UpperLevel};
use super::super::little_endian::bytes_of;
use super::super::quantise::Codes;
use super::format::{Counts, Header, SECTIONS, SEGMENT_FILE};
use super::groups::Groups;
use crate::files::durable;

/// What a segment file is made of.
pub(in super::super) struct SegmentParts<'a> {
    /// One code row a node.
    pub codes: Codes<'a>,
    /// Ordinals of each node.
    pub groups: Groups,
    /// How the nodes are linked; [`Graph::default`] for rows that are only scanned.
    pub graph: Graph,
    /// In what cells the nodes lie, one after the other.
    pub cells: Cells,
}

/// Writes the segment durably under `path`.
pub(in super::super) fn write_segment(
    path: &Path,
    parts: &SegmentParts<'_>,
) -> Result<(), VectorError> {
    let SegmentParts {
        codes,
        groups,
        cells,
        ..
    } = parts;
    let ordinals = bytes_of(groups.ordinals.iter().copied());
    let (first_rows, node_of_row) = groups.node_tables();
    let (rows_by_ordinal, ordinals_in_order) = groups.ordinal_tables();
    let base = bytes_of(parts.graph.base.iter().copied());
    let upper = upper_bytes(&parts.graph.upper);
    let cell_starts = bytes_of(cells.starts.iter().copied());
    let tightness = bytes_of(cells.tightness.iter().map(|value| value.to_bits()));
    let means = cells.means.view();
    let sections: [&[u8]; SECTIONS] = [
        &ordinals,
        codes.steps,
        codes.high,
        codes.low,
        &base,
        &upper,
        &first_rows,
        &node_of_row,
        &rows_by_ordinal,
        &ordinals_in_order,
        &cell_starts,
        means.steps,
        means.high,
        &tightness,
    ];
    let counts = Counts {
        dimensions: codes.dimensions as u32,
        rows: groups.ordinals.len() as u32,
        nodes: codes.len() as u32,
        upper_levels: parts.graph.upper.len() as u32,
        base_degree: parts.graph.base_degree as u32,
        upper_degree: parts.graph.upper_degree as u32,
        cells: cells.len() as u32,
    };
    let header = Header::of(counts.to_words(), sections);
    let written = durable::write_file(path, |file| header.write(&SEGMENT_FILE, sections, file));
    Ok(written?)
}

fn upper_bytes(levels: &[UpperLevel]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for level in levels {
        bytes.extend((level.view().len() as u32).to_le_bytes());
        bytes.extend(level.nodes());
        bytes.extend(level.neighbours());
    }
    bytes
}
