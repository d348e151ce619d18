//! Which encoder a node has.

use std::{path::Path, sync::Arc};

use super::{encoder::Encoder, error::EncoderError};

/// The encoder of a node, or why it has none. Vectors that clients send are used with any of these.
pub enum EncoderSource {
    /// No file was named: items without a client's vector are found by words and behaviour only.
    None,
    BuiltIn(Arc<Encoder>),
    /// The file that was named cannot be used; the node goes on as with none, and says so.
    Unusable(EncoderError),
}

impl EncoderSource {
    /// Opens the file that was named, if one was.
    pub fn open(path: Option<&Path>) -> Self {
        let Some(path) = path else {
            return Self::None;
        };
        match Encoder::open(path) {
            Ok(encoder) => {
                tracing::info!(
                    name = encoder.name(),
                    version = encoder.version(),
                    "encoder"
                );
                Self::BuiltIn(Arc::new(encoder))
            }
            Err(error) => {
                tracing::error!(%error, "going on without an encoder");
                Self::Unusable(error)
            }
        }
    }

    /// The encoder, if there is one.
    pub fn encoder(&self) -> Option<&Arc<Encoder>> {
        match self {
            Self::BuiltIn(encoder) => Some(encoder),
            Self::None | Self::Unusable(_) => None,
        }
    }
}
