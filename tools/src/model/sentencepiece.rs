//! A sentencepiece model: a protocol buffer message with the vocabulary and the normaliser.
//!
//! Fields and their numbers are those of `sentencepiece_model.proto`; what is not read here is left out.

use prost::Message;

/// `ModelProto`.
#[derive(Clone, PartialEq, Message)]
pub struct SentencePieceModel {
    #[prost(message, repeated, tag = "1")]
    pub pieces: Vec<SentencePiece>,
    #[prost(message, optional, tag = "3")]
    pub normalizer: Option<NormalizerSpec>,
}

/// `SentencePiece`. `kind`: 1 of text, 2 unknown, 3 control, 4 user-defined text, 5 unused, 6 a byte.
#[derive(Clone, PartialEq, Message)]
pub struct SentencePiece {
    #[prost(string, optional, tag = "1")]
    pub piece: Option<String>,
    #[prost(float, optional, tag = "2")]
    pub score: Option<f32>,
    #[prost(int32, optional, tag = "3")]
    pub kind: Option<i32>,
}

/// `NormalizerSpec`.
#[derive(Clone, PartialEq, Message)]
pub struct NormalizerSpec {
    #[prost(bytes = "vec", optional, tag = "2")]
    pub precompiled_charsmap: Option<Vec<u8>>,
}

const OF_TEXT: i32 = 1;
const USER_DEFINED: i32 = 4;

impl SentencePiece {
    /// The text that it stands for; empty for marks, which no text has.
    pub fn text(&self) -> &str {
        match self.kind.unwrap_or(OF_TEXT) {
            OF_TEXT | USER_DEFINED => self.piece.as_deref().unwrap_or(""),
            _ => "",
        }
    }
}
