//! The file of an encoder.
//!
//! Its header is that of [`files`](crate::files): the counts are the four widths of [`Shape`] and the number of
//! pieces. Sections follow in this order:
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
use crate::files::{FileKind, MappedSections, SectionHeader};

/// What tells an encoder's file from others.
pub(super) const ENCODER_FILE: FileKind = FileKind {
    name: "an encoder's file",
    magic: *b"SAMPANSE",
    version: 1,
};
/// Numbers of the header that are the format's own.
pub(super) const COUNTS: usize = 5;
/// Number of sections.
pub(super) const SECTIONS: usize = 14;

/// Everything before the first section.
pub(super) type Header = SectionHeader<COUNTS, SECTIONS>;
/// A mapped encoder's file.
pub(super) type Sections = MappedSections<COUNTS, SECTIONS>;

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

/// The counts of a header.
pub(super) fn counts(shape: Shape, pieces: u32) -> [u32; COUNTS] {
    [
        shape.embedding,
        shape.branch,
        shape.hidden,
        shape.dimensions,
        pieces,
    ]
}

/// The shape and the number of pieces that a header's counts tell.
pub(super) fn shape_and_pieces(counts: [u32; COUNTS]) -> (Shape, u32) {
    let [embedding, branch, hidden, dimensions, pieces] = counts;
    let shape = Shape {
        embedding,
        branch,
        hidden,
        dimensions,
    };
    (shape, pieces)
}
