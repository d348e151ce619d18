//! Where items' vectors come from: the client that sends them with the items, else the built-in encoder, else nowhere.
//!
//! Vectors of two encoders cannot be compared, so a node has one source at a time, and a folder for each. The first
//! item that comes with a vector makes the client the source. The built-in encoder works on a thread of its own: an
//! item is found by its words at once, and by its vector a little later; what has not been encoded yet is known by
//! ordinal, and asked for again after a restart.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use roaring::RoaringBitmap;
use sampan_proto::v1;

use super::{
    encoding::Encoding,
    vector::{VectorOptions, VectorSnapshot, VectorWriter},
};
use crate::{
    base::{
        Ordinal, Sequence,
        error::{Result, SampanError},
    },
    encode::Encoder,
};

/// Items that the encoder is given at once.
const BATCH_ITEMS: usize = 512;
/// Folder of the vectors that clients sent.
const CLIENT_FOLDER: &str = "client";

/// Who makes the vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum VectorSource {
    /// They come with the items.
    Client,
    /// The built-in encoder.
    Encoder,
}

/// The vectors of all items, and what is still to be encoded.
pub struct ItemVectors {
    folder: PathBuf,
    source: VectorSource,
    writer: VectorWriter,
    encoding: Option<Encoding>,
    waiting: RoaringBitmap,
}

impl ItemVectors {
    /// Opens the vectors of the source: the client's when it sent any before, else the encoder's when there is one.
    /// `query_words` are texts of the kind that shoppers type.
    pub fn open(
        folder: &Path,
        encoder: Option<Arc<Encoder>>,
        query_words: impl FnOnce() -> Vec<String>,
    ) -> Result<Self> {
        let writer = sent_by_client(folder)?;
        let encoder = encoder.filter(|_| writer.is_none());
        let source = match &encoder {
            Some(_) => VectorSource::Encoder,
            None => VectorSource::Client,
        };
        let writer = match (writer, &encoder) {
            (Some(writer), _) => writer,
            (None, Some(encoder)) => open_writer(&folder.join(encoder.version()))?,
            (None, None) => open_writer(&folder.join(CLIENT_FOLDER))?,
        };
        let encoding = encoder
            .map(|encoder| Encoding::start(encoder, query_words()))
            .transpose()?;
        Ok(Self {
            folder: folder.to_owned(),
            source,
            writer,
            encoding,
            waiting: RoaringBitmap::new(),
        })
    }

    /// The encoder, while it is the source.
    pub fn encoder(&self) -> Option<&Arc<Encoder>> {
        self.encoding.as_ref().map(Encoding::encoder)
    }

    /// Numbers that a client's vector has, once one came.
    pub fn client_dimensions(&self) -> Option<usize> {
        let dimensions = self.writer.dimensions();
        dimensions.filter(|_| self.source == VectorSource::Client)
    }

    /// Last write whose vectors are on disk, 0 when there are none.
    pub fn flushed_sequence(&self) -> Sequence {
        self.writer.flushed_sequence()
    }

    /// Items that have a vector.
    pub fn ordinals(&self) -> RoaringBitmap {
        self.writer.ordinals()
    }

    /// Items that are not encoded yet.
    pub fn waiting(&self) -> u64 {
        let encoding = self.encoding.as_ref();
        self.waiting.len() + encoding.map_or(0, Encoding::in_work)
    }

    /// What went wrong when files were opened or built.
    pub fn warnings(&self) -> Vec<String> {
        self.writer
            .warnings()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Takes an item's vector, or has one made.
    ///
    /// # Errors
    /// The vector cannot be used; the item then has the one it had before.
    pub fn set(&mut self, ordinal: Ordinal, item: &v1::Item) -> Result<()> {
        if !item.vector.is_empty() {
            self.listen_to_client()?;
            let taken = self.writer.upsert(ordinal, &item.vector);
            return taken.map_err(|error| SampanError::invalid("vector", error.to_string()));
        }
        match self.source {
            VectorSource::Client => self.writer.delete(ordinal),
            VectorSource::Encoder => {
                self.waiting.insert(ordinal);
            }
        }
        Ok(())
    }

    /// Forgets an item.
    pub fn delete(&mut self, ordinal: Ordinal) {
        self.waiting.remove(ordinal);
        self.writer.delete(ordinal);
    }

    /// Takes what was encoded and hands out the next items; `item` reads one. Answers whether any vector changed.
    pub fn advance(&mut self, item: &dyn Fn(Ordinal) -> Option<v1::Item>) -> Result<bool> {
        let Some(encoding) = &mut self.encoding else {
            return Ok(false);
        };
        let mut changed = false;
        if let Some(encoded) = encoding.finished()? {
            for (ordinal, vector) in &encoded.vectors {
                // Changed or deleted meanwhile: this is the vector of an item that is no more.
                if self.waiting.contains(*ordinal) || item(*ordinal).is_none() {
                    continue;
                }
                self.writer
                    .upsert(*ordinal, vector)
                    .map_err(SampanError::internal)?;
                changed = true;
            }
            if let Some((items, queries)) = encoded.means {
                self.writer
                    .set_means(&items, &queries)
                    .map_err(SampanError::internal)?;
            }
        }
        if encoding.in_work() == 0 && !self.waiting.is_empty() {
            let next: Vec<Ordinal> = self.waiting.iter().take(BATCH_ITEMS).collect();
            self.waiting.remove_smallest(BATCH_ITEMS as u64);
            let texts = next.iter().filter_map(|ordinal| {
                let item = item(*ordinal)?;
                Some((*ordinal, item_text(&item)))
            });
            let texts: Vec<(Ordinal, String)> = texts.collect();
            let is_centred = !self.writer.means().0.is_empty();
            // All of them may have been deleted meanwhile.
            if !texts.is_empty() {
                encoding.give(texts, !is_centred)?;
            }
        }
        Ok(changed)
    }

    /// The vectors so far.
    pub fn publish(&mut self) -> Arc<VectorSnapshot> {
        self.writer.publish()
    }

    /// Makes durable what there is, as of a write. While items wait for the encoder some vectors are of texts that are
    /// no more: then the write is that of the flush before, and a start sees to what was written since.
    pub fn flush(&mut self, sequence: Sequence) -> Result<()> {
        let whole = if self.waiting() == 0 {
            sequence
        } else {
            self.writer.flushed_sequence()
        };
        self.writer.flush(whole).map_err(SampanError::storage)
    }

    /// From now on vectors come with the items; those of the encoder are of another space.
    fn listen_to_client(&mut self) -> Result<()> {
        if self.source == VectorSource::Client {
            return Ok(());
        }
        tracing::info!("items come with vectors: the built-in encoder is put aside");
        self.writer = open_writer(&self.folder.join(CLIENT_FOLDER))?;
        self.source = VectorSource::Client;
        self.encoding = None;
        self.waiting.clear();
        Ok(())
    }
}

/// The vectors that the client sent, when it sent any. A folder alone says nothing: a node that once ran without an
/// encoder left one behind.
fn sent_by_client(folder: &Path) -> Result<Option<VectorWriter>> {
    let client = folder.join(CLIENT_FOLDER);
    if !client.exists() {
        return Ok(None);
    }
    let writer = open_writer(&client)?;
    Ok((!writer.ordinals().is_empty()).then_some(writer))
}

fn open_writer(path: &Path) -> Result<VectorWriter> {
    VectorWriter::open(path, VectorOptions::default()).map_err(SampanError::storage)
}

/// What stands for an item: its brand and its title.
fn item_text(item: &v1::Item) -> String {
    let title = item.titles.first().map_or("", |title| title.text.as_str());
    if item.brand.is_empty() || title.contains(&item.brand) {
        return title.to_owned();
    }
    format!("{} {title}", item.brand)
}
