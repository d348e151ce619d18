//! The header of an encoder's file.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic |
//! | 4 | version of the format |
//! | 16 | the four widths of [`Shape`] |
//! | 4 | number of pieces |
//! | 20 each | section table: offset (u64), length (u64), CRC-32C |
//! | 4 | CRC-32C of all before |
//!
//! Numbers are little-endian; sections begin at multiples of 64 bytes and follow in this order:
//!
//! | section | what |
//! |---|---|
//! | `Description` | name, version, origin as JSON |
//! | `CharacterMap` | the normaliser as sentencepiece stores it: a double-array trie and its replacements |
//! | `Forms` | pairs of u32: a character, and the form of it that the model knows; ascending |
//! | `Words` | fst map from a word with unknown characters to a line of `WordForms` |
//! | `WordForms` | lines: what is encoded in a word's place |
//! | `Pieces` | fst map from a piece to its number |
//! | `Scores` | f32 a piece: its logarithmic probability; at the end that of an unknown character |
//! | `Special` | u32: the numbers of the unknown piece, of the begin and of the end of a text |
//! | `Codes` | one byte a number of each piece's embedding |
//! | `Groups` | one byte a piece: which step its codes have |
//! | `Steps` | two f32 a group: an embedding is step · code + low |
//! | `Scales` | f32 a matrix: a weight is scale · its signed byte |
//! | `Weights` | the matrices in the order of [`Shape::matrices`], each packed as in `matrix.rs` |
//! | `Reals` | the lists of f32 in the order of [`Shape::reals`] |

use super::shape::Shape;

/// Version of the file format.
pub(super) const FORMAT_VERSION: u32 = 1;
/// First bytes of every encoder file.
pub(super) const MAGIC: [u8; 8] = *b"SAMPANSE";
/// Sections begin at multiples of this many bytes: a cache line.
pub(super) const SECTION_ALIGNMENT_BYTES: u64 = 64;
/// Number of sections.
pub(super) const SECTIONS: usize = 14;
/// Bytes of the header: magic, version, widths, pieces, the section table and its sum.
pub(super) const HEADER_BYTES: usize = 8 + 4 + 4 * 4 + 4 + SECTIONS * 20 + 4;

/// Sections in the order of the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Section {
    Description,
    CharacterMap,
    Forms,
    Words,
    WordForms,
    Pieces,
    Scores,
    Special,
    Codes,
    Groups,
    Steps,
    Scales,
    Weights,
    Reals,
}

/// Where a section is and what its bytes sum to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct SectionEntry {
    pub offset: u64,
    pub length: u64,
    pub sum: u32,
}

/// Everything before the first section.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Header {
    pub shape: Shape,
    pub pieces: u32,
    pub sections: [SectionEntry; SECTIONS],
}

impl Header {
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend(MAGIC);
        let shape = self.shape;
        let words = [
            FORMAT_VERSION,
            shape.embedding,
            shape.branch,
            shape.hidden,
            shape.dimensions,
            self.pieces,
        ];
        bytes.extend(words.into_iter().flat_map(u32::to_le_bytes));
        for section in &self.sections {
            bytes.extend(section.offset.to_le_bytes());
            bytes.extend(section.length.to_le_bytes());
            bytes.extend(section.sum.to_le_bytes());
        }
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    /// Reads a header; the error says what is wrong with it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let bytes = bytes
            .get(..HEADER_BYTES)
            .ok_or("shorter than an encoder's header")?;
        if bytes[..MAGIC.len()] != MAGIC {
            return Err("not an encoder's file".into());
        }
        let mut words = bytes[MAGIC.len()..]
            .as_chunks::<4>()
            .0
            .iter()
            .map(|word| u32::from_le_bytes(*word));
        let mut word = || words.next().unwrap_or_default();
        let version = word();
        if version != FORMAT_VERSION {
            return Err(format!(
                "format version {version}, this program reads {FORMAT_VERSION}: fetch it again"
            ));
        }
        let shape = Shape {
            embedding: word(),
            branch: word(),
            hidden: word(),
            dimensions: word(),
        };
        let mut header = Self {
            shape,
            pieces: word(),
            sections: Default::default(),
        };
        for section in &mut header.sections {
            let mut long = || u64::from(word()) | u64::from(word()) << 32;
            *section = SectionEntry {
                offset: long(),
                length: long(),
                sum: 0,
            };
            section.sum = word();
        }
        if word() != crc32c::crc32c(&bytes[..HEADER_BYTES - 4]) {
            return Err("the header does not match its checksum".into());
        }
        Ok(header)
    }
}
