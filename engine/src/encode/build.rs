//! Writing an encoder's file from the parts of a model.

use std::path::Path;

use fst::MapBuilder;

use super::{
    error::EncoderError,
    file::Description,
    format::{ENCODER_FILE, Header, SECTIONS, counts},
    matrix::pack,
    pieces::SpecialPieces,
    shape::Shape,
};
use crate::files::durable;

/// A piece of the vocabulary.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// As in the normal text: ▁ for a space. Empty for one that no text has, as the begin of a text.
    pub text: String,
    /// Logarithmic probability.
    pub score: f32,
    /// Which of the steps its embedding's codes have.
    pub group: u8,
}

/// A matrix row by row, `inputs` rows of as many weights as it has outputs; a weight is scale · its byte.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixPart {
    pub weights: Vec<i8>,
    pub scale: f32,
}

/// Everything that an encoder's file holds. The format's table says more of each.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelParts {
    pub description: Description,
    pub shape: Shape,
    /// As in a sentencepiece model.
    pub character_map: Vec<u8>,
    /// A character, and the one that is encoded in its place; ascending.
    pub forms: Vec<(char, char)>,
    /// A word in these forms and in lower case, and what is encoded in its place.
    pub words: Vec<(String, String)>,
    /// By number.
    pub pieces: Vec<Piece>,
    /// Logarithmic probability of a character that no piece has.
    pub unknown_score: f32,
    pub special: SpecialPieces,
    /// Embeddings of all pieces, one byte a number.
    pub codes: Vec<u8>,
    /// Step and lowest number, by group.
    pub steps: Vec<(f32, f32)>,
    /// In the order of [`Shape::matrices`].
    pub matrices: Vec<MatrixPart>,
    /// In the order of [`Shape::reals`].
    pub reals: Vec<Vec<f32>>,
}

impl ModelParts {
    /// Writes the file, durable and visible under its name only when complete.
    ///
    /// # Errors
    /// [`EncoderError::Parts`] when the parts do not fit together; [`EncoderError::Io`] names the file.
    pub fn write(&self, path: &Path) -> Result<(), EncoderError> {
        self.check().map_err(EncoderError::Parts)?;
        let sections = self.sections().map_err(EncoderError::Parts)?;
        let sections = sections.each_ref().map(Vec::as_slice);
        let header = Header::of(counts(self.shape, self.pieces.len() as u32), sections);
        let written = durable::write_file(path, |file| header.write(&ENCODER_FILE, sections, file));
        Ok(written?)
    }

    /// Says which parts do not fit together.
    fn check(&self) -> Result<(), String> {
        self.shape.check()?;
        let want = |name: &str, found: usize, wanted: usize| match found == wanted {
            true => Ok(()),
            false => Err(format!("{name}: {found} numbers, the shape wants {wanted}")),
        };
        let embedding = self.shape.embedding as usize;
        want("embedding", self.codes.len(), self.pieces.len() * embedding)?;
        let matrices = self.shape.matrices();
        want("matrices", self.matrices.len(), matrices.len())?;
        for (number, (matrix, (inputs, outputs))) in self.matrices.iter().zip(matrices).enumerate()
        {
            let name = format!("matrix {number}");
            want(&name, matrix.weights.len(), inputs * outputs)?;
        }
        let reals = self.shape.reals();
        want("lists", self.reals.len(), reals.len())?;
        for (number, (list, length)) in self.reals.iter().zip(reals).enumerate() {
            want(&format!("list {number}"), list.len(), length)?;
        }
        Ok(())
    }

    fn sections(&self) -> Result<[Vec<u8>; SECTIONS], String> {
        let scores = self.pieces.iter().map(|piece| piece.score);
        let special = [self.special.unknown, self.special.begin, self.special.end];
        let forms = self
            .forms
            .iter()
            .flat_map(|(from, to)| [*from as u32, *to as u32]);
        let shapes = self.shape.matrices();
        let packed = self.matrices.iter().zip(shapes);
        Ok([
            serde_json::to_vec(&self.description).map_err(|error| error.to_string())?,
            self.character_map.clone(),
            forms.flat_map(u32::to_le_bytes).collect(),
            self.word_map()?,
            self.words
                .iter()
                .flat_map(|(_, form)| [form.as_bytes(), b"\n"].concat())
                .collect(),
            self.piece_map()?,
            bytes_of(scores.chain([self.unknown_score])),
            special.into_iter().flat_map(u32::to_le_bytes).collect(),
            self.codes.clone(),
            self.pieces.iter().map(|piece| piece.group).collect(),
            bytes_of(self.steps.iter().flat_map(|(step, low)| [*step, *low])),
            bytes_of(self.matrices.iter().map(|matrix| matrix.scale)),
            packed
                .flat_map(|(matrix, (_, outputs))| pack(&matrix.weights, outputs))
                .collect(),
            bytes_of(self.reals.iter().flatten().copied()),
        ])
    }

    /// The map from pieces to numbers.
    fn piece_map(&self) -> Result<Vec<u8>, String> {
        let pieces = self.pieces.iter().map(|piece| piece.text.as_str());
        numbered(pieces).map_err(|error| format!("pieces: {error}"))
    }

    /// The map from words to the lines of their forms.
    fn word_map(&self) -> Result<Vec<u8>, String> {
        if self
            .words
            .iter()
            .any(|(word, form)| word.is_empty() || form.contains('\n'))
        {
            return Err("words: one is empty, or its form is of several lines".into());
        }
        let words = self.words.iter().map(|(word, _)| word.as_str());
        numbered(words).map_err(|error| format!("words: {error}"))
    }
}

/// A map from texts to their places; those that are empty are left out.
fn numbered<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Vec<u8>, fst::Error> {
    let mut numbered: Vec<_> = (0u64..)
        .zip(texts)
        .filter(|(_, text)| !text.is_empty())
        .map(|(number, text)| (text, number))
        .collect();
    numbered.sort_unstable();
    let mut map = MapBuilder::memory();
    for (text, number) in numbered {
        map.insert(text, number)?;
    }
    map.into_inner()
}

fn bytes_of(reals: impl Iterator<Item = f32>) -> Vec<u8> {
    reals.flat_map(f32::to_le_bytes).collect()
}
