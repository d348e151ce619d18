//! Opening an encoder's file.

use std::path::Path;

use super::{
    error::EncoderError,
    format::{COUNTS, ENCODER_FILE, SECTIONS, Section, Sections, shape_and_pieces},
    matrix::packed_bytes,
    shape::Shape,
};
use crate::files::MappedBytes;

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

/// A mapped, checked file.
pub(super) struct ModelFile(Sections);

impl ModelFile {
    /// Maps the file and checks its header, its sums and the lengths of its sections.
    pub fn open(path: &Path) -> Result<Self, EncoderError> {
        Ok(Self(Sections::open(path, &ENCODER_FILE, lengths)?))
    }

    /// The widths of the model.
    pub fn shape(&self) -> Shape {
        shape_and_pieces(self.0.counts()).0
    }

    /// Bytes of the whole file.
    pub fn length(&self) -> u64 {
        self.0.length()
    }

    pub fn section(&self, section: Section) -> MappedBytes {
        self.0.part(section as usize)
    }

    pub fn reals(&self, section: Section) -> Vec<f32> {
        let words = self.0.section(section as usize).as_chunks::<4>().0.iter();
        words.map(|word| f32::from_le_bytes(*word)).collect()
    }

    pub fn words(&self, section: Section) -> Vec<u32> {
        let words = self.0.section(section as usize).as_chunks::<4>().0.iter();
        words.map(|word| u32::from_le_bytes(*word)).collect()
    }
}

/// Bytes that each section must have; none where the section itself tells; or what is wrong with
/// the counts.
fn lengths(counts: [u32; COUNTS]) -> Result<[Option<u64>; SECTIONS], String> {
    let (shape, pieces) = shape_and_pieces(counts);
    shape.check()?;
    let pieces = u64::from(pieces);
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
    Ok(lengths)
}
