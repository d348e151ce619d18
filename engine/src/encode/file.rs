//! Opening an encoder's file: mapped, every byte checked, and never written to.

use std::{fs::File, ops::Range, path::Path, sync::Arc};

use memmap2::Mmap;

use super::{
    error::EncoderError,
    format::{Header, SECTIONS, Section},
    matrix::packed_bytes,
};

/// What a model is and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Description {
    /// Short name for the status: `use-multilingual-3`.
    pub name: String,
    /// Vectors of two models of one version can be compared.
    pub version: String,
    /// Package and licence.
    pub origin: String,
}

/// A part of a mapped file, which lives as long as the part.
#[derive(Clone)]
pub(super) struct MappedBytes {
    map: Arc<Mmap>,
    range: Range<usize>,
}

impl AsRef<[u8]> for MappedBytes {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        &self.map[self.range.clone()]
    }
}

impl MappedBytes {
    /// A part of the part; `range` counts from its beginning and lies inside it.
    pub fn part(&self, range: Range<usize>) -> Self {
        Self {
            map: self.map.clone(),
            range: self.range.start + range.start..self.range.start + range.end,
        }
    }
}

/// A mapped, checked file.
pub(super) struct ModelFile {
    map: Arc<Mmap>,
    pub header: Header,
}

impl ModelFile {
    /// Maps the file and checks its header, its sums and the lengths of its sections.
    pub fn open(path: &Path) -> Result<Self, EncoderError> {
        let file = File::open(path).map_err(EncoderError::io(path))?;
        // SAFETY: the file is written aside and renamed when complete, and nothing of this program
        // writes to it afterwards; replacing it leaves the mapping of the old one intact.
        let map = unsafe { Mmap::map(&file) }.map_err(EncoderError::io(path))?;
        let damaged = |reason| EncoderError::damaged(path, reason);
        let header = Header::from_bytes(&map).map_err(damaged)?;
        check_sections(&header, &map).map_err(damaged)?;
        Ok(Self {
            map: Arc::new(map),
            header,
        })
    }

    /// Bytes of the whole file.
    pub fn length(&self) -> u64 {
        self.map.len() as u64
    }

    pub fn section(&self, section: Section) -> MappedBytes {
        let entry = self.header.sections[section as usize];
        MappedBytes {
            map: self.map.clone(),
            range: entry.offset as usize..(entry.offset + entry.length) as usize,
        }
    }

    pub fn reals(&self, section: Section) -> Vec<f32> {
        let bytes = self.section(section);
        let words = bytes.as_ref().as_chunks::<4>().0.iter();
        words.map(|word| f32::from_le_bytes(*word)).collect()
    }

    pub fn words(&self, section: Section) -> Vec<u32> {
        let bytes = self.section(section);
        let words = bytes.as_ref().as_chunks::<4>().0.iter();
        words.map(|word| u32::from_le_bytes(*word)).collect()
    }
}

/// Checks that every section is where it should be, as long as it should be, and unaltered.
fn check_sections(header: &Header, bytes: &[u8]) -> Result<(), String> {
    header.shape.check()?;
    for (number, length) in lengths(header).into_iter().enumerate() {
        let entry = header.sections[number];
        if length.is_some_and(|length| length != entry.length) {
            return Err(format!("section {number} has the wrong length"));
        }
        let end = entry.offset.checked_add(entry.length);
        let end = end.ok_or_else(|| format!("section {number} has no end"))?;
        let section = bytes
            .get(entry.offset as usize..end as usize)
            .ok_or_else(|| format!("section {number} ends after the file"))?;
        if crc32c::crc32c(section) != entry.sum {
            return Err(format!("section {number} does not match its checksum"));
        }
    }
    Ok(())
}

/// Bytes that each section must have; none where the section itself tells.
fn lengths(header: &Header) -> [Option<u64>; SECTIONS] {
    let (shape, pieces) = (header.shape, u64::from(header.pieces));
    let matrices = shape.matrices();
    let weights: usize = matrices.iter().map(|&size| packed_bytes(size)).sum();
    let reals: usize = shape.reals().iter().sum();
    let mut lengths = [None; SECTIONS];
    lengths[Section::Scores as usize] = Some((pieces + 1) * 4);
    lengths[Section::Special as usize] = Some(3 * 4);
    lengths[Section::Codes as usize] = Some(pieces * u64::from(shape.embedding));
    lengths[Section::Groups as usize] = Some(pieces);
    lengths[Section::Scales as usize] = Some(matrices.len() as u64 * 4);
    lengths[Section::Weights as usize] = Some(weights as u64);
    lengths[Section::Reals as usize] = Some(reals as u64 * 4);
    lengths
}
