//! From text to a vector: the built-in sentence encoder. Pure: knows no index, network, clock or runtime.
//!
//! ```text
//! text ─ forms ─ character_map ─ pieces ─ embedding ─ tower (layers, matrix, quantise, kernels) ─ vector
//! ```
//!
//! An [`Encoder`] is a memory-mapped file that `sampan model fetch` makes ([`ModelParts`]); `format.rs` has
//! its table. An item's vector comes from the client that sent it, else from the encoder; a node without
//! both has none ([`EncoderSource`]). [`MeanSum`] takes the means that the vector index takes off.
//!
//! Weights are signed bytes, as the model's authors published them; activations are coded as bytes row by
//! row (`quantise.rs`), so that products are exact integers and any instruction set gives the same ones.

mod build;
mod character_map;
mod embedding;
mod encoder;
mod error;
mod file;
mod format;
mod forms;
mod kernels;
mod layers;
mod matrix;
mod means;
mod pieces;
mod quantise;
mod shape;
mod source;
mod tower;

#[cfg(test)]
pub(crate) mod tests;

pub use build::{MatrixPart, ModelParts, Piece};
pub use encoder::{Encoder, EncoderSummary, PieceCount};
pub use error::EncoderError;
pub use file::Description;
pub use means::{MeanSum, centre};
pub use pieces::SpecialPieces;
pub use shape::Shape;
pub use source::EncoderSource;
