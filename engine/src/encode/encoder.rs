//! Text in, vector out.

use std::{path::Path, sync::Arc};

use quick_cache::sync::Cache;

use super::{
    character_map::CharacterMap,
    embedding::Embedding,
    error::EncoderError,
    file::{Description, ModelFile},
    format::Section,
    forms::Forms,
    kernels,
    layers::Layers,
    pieces::{CutRoom, Pieces, SpecialPieces},
    shape::Shape,
    tower::{PieceBatch, Tower, TowerRoom},
};
use crate::base::limits::{ENCODED_QUERIES_MAX, ENCODED_TEXT_BYTES_MAX};

/// Pieces that are encoded at once: enough texts to read each weight once for many, few enough for what is
/// computed of them to stay in the processor's cache.
const BATCH_PIECES: usize = 256;

/// The built-in sentence encoder. Immutable and shared by all threads.
pub struct Encoder {
    description: Description,
    bytes: u64,
    map: CharacterMap,
    forms: Forms,
    pieces: Pieces,
    tower: Tower,
    queries: Cache<String, Arc<[f32]>>,
}

/// What an encoder's file holds, for operators.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct EncoderSummary {
    #[serde(flatten)]
    pub description: Description,
    /// Numbers of a vector.
    pub dimensions: usize,
    /// Pieces of the vocabulary.
    pub pieces: usize,
    /// Characters and words that are encoded in another form.
    pub forms: usize,
    /// Bytes of the file.
    pub bytes: u64,
    /// Instruction set of the kernels.
    pub instructions: &'static str,
}

/// How a text was cut into pieces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PieceCount {
    /// Without those that mark begin and end.
    pub pieces: usize,
    /// Characters among them that the model does not know.
    pub unknown: usize,
}

/// Room for preparing one text after another.
#[derive(Default)]
struct TextRoom {
    characters: String,
    known: String,
    normal: String,
    cut: CutRoom,
}

impl Encoder {
    /// Bytes of the file, which is mapped.
    pub fn file_bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes of the queries that are remembered.
    pub fn cache_bytes(&self) -> u64 {
        let queries = self.queries.iter();
        queries
            .map(|(text, vector)| (text.len() + size_of_val(&*vector)) as u64)
            .sum()
    }

    /// Opens a file that [`ModelParts::write`](super::ModelParts::write) made, and checks all of it.
    ///
    /// # Errors
    /// The file cannot be read, is not an encoder, is of another version, or was altered.
    pub fn open(path: &Path) -> Result<Self, EncoderError> {
        let file = ModelFile::open(path)?;
        Self::read(&file).map_err(|reason| EncoderError::damaged(path, reason))
    }

    fn read(file: &ModelFile) -> Result<Self, String> {
        let description = serde_json::from_slice(file.section(Section::Description).as_ref());
        let special = match *file.words(Section::Special) {
            [unknown, begin, end] => SpecialPieces {
                unknown,
                begin,
                end,
            },
            _ => return Err("the special pieces are missing".into()),
        };
        Ok(Self {
            description: description.map_err(|error| format!("the description: {error}"))?,
            bytes: file.length(),
            map: CharacterMap::new(file.section(Section::CharacterMap))?,
            forms: Forms::new(
                &file.words(Section::Forms),
                file.section(Section::Words),
                file.section(Section::WordForms),
            )?,
            pieces: Pieces::new(
                file.section(Section::Pieces),
                file.reals(Section::Scores),
                special,
            )?,
            tower: Tower {
                shape: file.shape(),
                embedding: Embedding::read(file)?,
                layers: Layers::read(file)?,
                kernels: kernels::detected(),
            },
            queries: Cache::new(ENCODED_QUERIES_MAX),
        })
    }

    /// Name of the model.
    pub fn name(&self) -> &str {
        &self.description.name
    }

    /// Vectors can be compared when the versions of their encoders are equal.
    pub fn version(&self) -> &str {
        &self.description.version
    }

    /// Numbers of a vector.
    pub fn dimensions(&self) -> usize {
        self.shape().dimensions as usize
    }

    /// The widths of its layers.
    pub fn shape(&self) -> Shape {
        self.tower.shape
    }

    /// What the file holds.
    pub fn summary(&self) -> EncoderSummary {
        EncoderSummary {
            description: self.description.clone(),
            dimensions: self.dimensions(),
            pieces: self.pieces.len(),
            forms: self.forms.len(),
            bytes: self.bytes,
            instructions: self.tower.kernels.instructions.name(),
        }
    }

    /// The vector of a query, of length 1; remembered for the next time.
    pub fn encode_query(&self, text: &str) -> Arc<[f32]> {
        let encoded = self.queries.get_or_insert_with(shortened(text), || {
            Ok::<_, std::convert::Infallible>(self.encode(&[text]).into())
        });
        match encoded {
            Ok(vector) => vector,
        }
    }

    /// The vectors of texts, one behind another, each of length 1. Only the first
    /// [`ENCODED_TEXT_BYTES_MAX`] of a text are read.
    pub fn encode(&self, texts: &[&str]) -> Vec<f32> {
        let (mut text_room, mut tower_room) = (TextRoom::default(), TowerRoom::default());
        let mut vectors = Vec::with_capacity(texts.len() * self.dimensions());
        let mut batch = PieceBatch::default();
        for text in texts {
            let start = batch.pieces.len();
            self.cut(text, &mut text_room, &mut batch.pieces);
            batch.texts.push(start..batch.pieces.len());
            if batch.pieces.len() >= BATCH_PIECES {
                self.tower.encode(&batch, &mut tower_room, &mut vectors);
                batch.clear();
            }
        }
        self.tower.encode(&batch, &mut tower_room, &mut vectors);
        vectors
    }

    /// Counts the pieces of a text and those that stand for characters that the model does not know.
    pub fn count_pieces(&self, text: &str) -> PieceCount {
        let numbers = self.pieces_of(text);
        let unknown = self.pieces.special().unknown;
        PieceCount {
            pieces: numbers.len() - 2,
            unknown: numbers.iter().filter(|number| **number == unknown).count(),
        }
    }

    /// The numbers of a text's pieces, between the begin and the end.
    pub(super) fn pieces_of(&self, text: &str) -> Vec<u32> {
        let mut numbers = Vec::new();
        self.cut(text, &mut TextRoom::default(), &mut numbers);
        numbers
    }

    /// Vectors of texts whose characters are read as they are written, without forms.
    #[cfg(test)]
    pub(super) fn encode_as_written(&self, texts: &[&str]) -> Vec<f32> {
        let (mut room, mut batch) = (TextRoom::default(), PieceBatch::default());
        for text in texts {
            let start = batch.pieces.len();
            self.map.normalise(text, &mut room.normal);
            self.pieces
                .cut(&room.normal, &mut room.cut, &mut batch.pieces);
            batch.texts.push(start..batch.pieces.len());
        }
        let mut vectors = Vec::new();
        self.tower
            .encode(&batch, &mut TowerRoom::default(), &mut vectors);
        vectors
    }

    fn cut(&self, text: &str, room: &mut TextRoom, numbers: &mut Vec<u32>) {
        self.forms
            .apply(shortened(text), &mut room.characters, &mut room.known);
        self.map.normalise(&room.known, &mut room.normal);
        self.pieces.cut(&room.normal, &mut room.cut, numbers);
    }
}

/// The part of a text that is read, on a character's boundary.
fn shortened(text: &str) -> &str {
    let mut end = text.len().min(ENCODED_TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
