//! Groups the items of a file into batches of the size that a node takes at once.

use prost::Message as _;
use sampan_proto::v1;

use super::{
    item::{ItemMapper, Refusal},
    read::{CatalogueFile, Line, ReadError},
};

/// Most items a batch: the most that one `UpsertItemsRequest` may hold.
pub const BATCH_ITEMS_MAX: usize = 1_000;

/// Encoded size after which a batch is closed, bytes: half of what gRPC takes in one message by default (4 MiB), so
/// that a last large item still fits.
pub const BATCH_BYTES_MAX: usize = 2 << 20;

/// Largest encoded item, bytes. See [`BATCH_BYTES_MAX`].
pub const ITEM_BYTES_MAX: usize = (2 << 20) - 1_024;

/// Some lines of a file, made into items.
#[derive(Debug, Default)]
pub struct Batch {
    pub items: Vec<v1::Item>,
    /// Line of each of `items`.
    pub lines: Vec<u64>,
    /// Lines that are no item, ascending.
    pub refusals: Vec<(u64, Refusal)>,
    /// Last line that was read into this batch.
    pub last_line: u64,
}

/// The batches of a file, in order.
pub struct Batches<'a> {
    file: CatalogueFile,
    mapper: &'a ItemMapper,
}

impl<'a> Batches<'a> {
    pub fn new(file: CatalogueFile, mapper: &'a ItemMapper) -> Self {
        Self { file, mapper }
    }
}

impl Iterator for Batches<'_> {
    type Item = Result<Batch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut batch = Batch::default();
        let mut bytes = 0;
        while bytes < BATCH_BYTES_MAX && batch.items.len() + batch.refusals.len() < BATCH_ITEMS_MAX
        {
            match self.file.next() {
                None => break,
                Some(Err(error)) => return Some(Err(error)),
                Some(Ok(line)) => bytes += batch.add(line, self.mapper),
            }
        }
        (batch.last_line > 0).then_some(Ok(batch))
    }
}

impl Batch {
    /// Adds a line and tells the encoded size of its item, bytes.
    fn add(&mut self, line: Line, mapper: &ItemMapper) -> usize {
        self.last_line = line.number;
        let item = line
            .record
            .map_err(|reason| Refusal {
                item_id: String::new(),
                field: "record".into(),
                reason,
            })
            .and_then(|record| mapper.item(&record))
            .and_then(|item| match item.encoded_len() {
                bytes if bytes <= ITEM_BYTES_MAX => Ok((item, bytes)),
                bytes => Err(Refusal {
                    item_id: item.id,
                    field: "item".into(),
                    reason: format!("is {bytes} bytes; at most {ITEM_BYTES_MAX} fit a request"),
                }),
            });
        match item {
            Ok((item, bytes)) => {
                self.items.push(item);
                self.lines.push(line.number);
                bytes
            }
            Err(refusal) => {
                self.refusals.push((line.number, refusal));
                0
            }
        }
    }
}
