//! The state that the log adds up to: items, events and admin documents.

use std::{ops::ControlFlow, path::Path, sync::Arc};

use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use prost::Message as _;
use sampan_proto::v1;

use super::{
    FORMAT_VERSION,
    records::{Change, LogRecord, StoredDocument, StoredItem},
    scrub::Scrubber,
};
use crate::{
    base::{
        Ordinal, Sequence, clock,
        error::{Result, SampanError},
    },
    config::documents::{AdminDocument, AdminDocuments},
};

/// Names in `meta`.
const FORMAT_KEY: &str = "format";
const APPLIED_KEY: &str = "applied";
const NEXT_ORDINAL_KEY: &str = "next_ordinal";
const ERASED_AT_KEY: &str = "erased_at";
/// Bytes of the block cache: item rows of warm pages.
const CACHE_BYTES: u64 = 128 << 20;

/// Items, events and documents, by key.
#[derive(Clone)]
pub struct Store {
    database: Database,
    items: Keyspace,
    events: Keyspace,
    event_ids: Keyspace,
    documents: Keyspace,
    changes: Keyspace,
    meta: Keyspace,
    scrubber: Arc<Scrubber>,
}

impl Store {
    /// Bytes of blocks that are kept in memory.
    pub fn cache_bytes(&self) -> u64 {
        self.database.cache_size()
    }

    /// Bytes that were written and lie in memory until they are flushed to tables; the journal has them.
    pub fn unflushed_bytes(&self) -> u64 {
        self.database.write_buffer_size()
    }

    /// Opens or makes the database in `folder`.
    pub fn open(folder: &Path) -> Result<Self> {
        let database = Database::builder(folder)
            .cache_size(CACHE_BYTES)
            .open()
            .map_err(SampanError::storage)?;
        let keyspace = |name| {
            database
                .keyspace(name, KeyspaceCreateOptions::default)
                .map_err(SampanError::storage)
        };
        let store = Self {
            items: keyspace("items")?,
            events: keyspace("events")?,
            event_ids: keyspace("event_ids")?,
            documents: keyspace("documents")?,
            changes: keyspace("changes")?,
            meta: keyspace("meta")?,
            scrubber: Arc::default(),
            database: database.clone(),
        };
        match read_number(&store.meta, FORMAT_KEY)? {
            None => put_number(&store.meta, FORMAT_KEY, FORMAT_VERSION)?,
            Some(FORMAT_VERSION) => {}
            Some(other) => {
                return Err(SampanError::Storage(format!(
                    "{} has format {other}, this build reads {FORMAT_VERSION}: export it with the build that wrote \
                     it, or give another --data folder",
                    folder.display()
                )));
            }
        }
        Ok(store)
    }

    /// The database, for the log that shares it.
    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// What takes erased rows out of the database's files.
    pub(super) fn scrubber(&self) -> &Arc<Scrubber> {
        &self.scrubber
    }

    /// Sequence of the last write that the state holds.
    pub fn applied(&self) -> Result<Sequence> {
        Ok(read_number(&self.meta, APPLIED_KEY)?.unwrap_or(0))
    }

    /// When events were last erased, in seconds since 1970: what was learnt before may hold them; 0 when none were.
    pub fn erased_at(&self) -> Result<i64> {
        Ok(read_number(&self.meta, ERASED_AT_KEY)?.unwrap_or(0) as i64)
    }

    /// First ordinal that was never given.
    pub fn next_ordinal(&self) -> Result<Ordinal> {
        Ok(read_number(&self.meta, NEXT_ORDINAL_KEY)?.unwrap_or(0) as Ordinal)
    }

    /// Applies records `first..`, all or none. Not synced: after a crash the log is replayed from [`Self::applied`].
    pub fn apply(&self, first: Sequence, records: &[LogRecord]) -> Result<()> {
        let mut batch = self.database.batch();
        let mut next_ordinal = self.next_ordinal()?;
        let mut erases = false;
        for (sequence, record) in (first..).zip(records) {
            match &record.change {
                Some(Change::Upsert(stored) | Change::Offers(stored)) => {
                    next_ordinal = next_ordinal.max(stored.ordinal + 1);
                    if let Some(item) = &stored.item {
                        batch.insert(&self.items, item.id.as_bytes(), stored.encode_to_vec());
                    }
                }
                Some(Change::Delete(gone)) => {
                    batch.remove(&self.items, gone.item_id.as_bytes());
                }
                Some(Change::Event(event)) => {
                    let key = sequence.to_be_bytes();
                    batch.insert(&self.event_ids, event.event_id.as_bytes(), key);
                    batch.insert(&self.events, key, event.encode_to_vec());
                }
                Some(Change::Erasure(erasure)) => {
                    erases = true;
                    for sequence in &erasure.sequences {
                        let key = sequence.to_be_bytes();
                        if let Some(event) = self.events.get(key).map_err(SampanError::storage)? {
                            let event = v1::Event::decode(&*event).map_err(SampanError::storage)?;
                            batch.remove(&self.event_ids, event.event_id.as_bytes());
                            batch.remove(&self.events, key);
                        }
                    }
                }
                Some(Change::Document(document)) => {
                    let key = document.path.as_bytes();
                    if document.withdrawn {
                        batch.remove(&self.documents, key);
                    } else {
                        let before = String::new();
                        let in_force = StoredDocument {
                            before,
                            ..document.clone()
                        };
                        batch.insert(&self.documents, key, in_force.encode_to_vec());
                    }
                    let change = document.encode_to_vec();
                    batch.insert(&self.changes, sequence.to_be_bytes(), change);
                }
                None => {}
            }
        }
        let end = first + records.len() as u64 - 1;
        batch.insert(&self.meta, APPLIED_KEY, end.to_be_bytes());
        let next = u64::from(next_ordinal).to_be_bytes();
        batch.insert(&self.meta, NEXT_ORDINAL_KEY, next);
        if erases {
            let now = clock::now_seconds().max(0).to_be_bytes();
            batch.insert(&self.meta, ERASED_AT_KEY, now);
        }
        batch.commit().map_err(SampanError::storage)?;
        if erases {
            self.scrubber.note_removal();
        }
        Ok(())
    }

    /// An item and its ordinal.
    pub fn item(&self, id: &str) -> Result<Option<StoredItem>> {
        if id.is_empty() {
            return Ok(None);
        }
        self.items
            .get(id)
            .map_err(SampanError::storage)?
            .map(|value| StoredItem::decode(&*value).map_err(SampanError::storage))
            .transpose()
    }

    /// True when there is such an item.
    pub fn has_item(&self, id: &str) -> Result<bool> {
        self.items.contains_key(id).map_err(SampanError::storage)
    }

    /// Calls `each` with every item, in order of id.
    pub fn each_item(&self, each: &mut dyn FnMut(StoredItem) -> Result<()>) -> Result<()> {
        for entry in self.items.iter() {
            let value = entry.value().map_err(SampanError::storage)?;
            each(StoredItem::decode(&*value).map_err(SampanError::storage)?)?;
        }
        Ok(())
    }

    /// True when an event of this id was recorded.
    pub fn has_event(&self, id: &str) -> Result<bool> {
        self.event_ids
            .contains_key(id)
            .map_err(SampanError::storage)
    }

    /// Calls `each` with every event from a sequence on, in order of arrival.
    pub fn each_event(
        &self,
        from: Sequence,
        each: &mut dyn FnMut(Sequence, v1::Event) -> Result<()>,
    ) -> Result<()> {
        for entry in self.events.range(from.to_be_bytes()..) {
            let (key, value) = entry.into_inner().map_err(SampanError::storage)?;
            let event = v1::Event::decode(&*value).map_err(SampanError::storage)?;
            each(number(&key)?, event)?;
        }
        Ok(())
    }

    /// Calls `each` with the latest `count` events, the last to arrive first.
    pub fn latest_events(
        &self,
        count: usize,
        each: &mut dyn FnMut(v1::Event) -> Result<()>,
    ) -> Result<()> {
        for entry in self.events.iter().rev().take(count) {
            let value = entry.value().map_err(SampanError::storage)?;
            each(v1::Event::decode(&*value).map_err(SampanError::storage)?)?;
        }
        Ok(())
    }

    /// Waits until nothing of events that were erased before the call is left in files.
    pub fn scrub(&self) -> Result<()> {
        self.scrubber.scrub(&self.database)
    }

    /// All admin documents in force.
    pub fn documents(&self) -> Result<AdminDocuments> {
        let mut found = AdminDocuments::new();
        for entry in self.documents.iter() {
            let value = entry.value().map_err(SampanError::storage)?;
            let stored = StoredDocument::decode(&*value).map_err(SampanError::storage)?;
            let document = AdminDocument {
                text: stored.text,
                updated_ms: stored.updated_ms,
                comment: stored.comment,
            };
            found.insert(stored.path, document);
        }
        Ok(found)
    }

    /// A change of a document.
    pub fn change(&self, sequence: Sequence) -> Result<Option<StoredDocument>> {
        let value = self.changes.get(sequence.to_be_bytes());
        let value = value.map_err(SampanError::storage)?;
        value
            .map(|value| StoredDocument::decode(&*value).map_err(SampanError::storage))
            .transpose()
    }

    /// Changes of documents before a sequence, the latest first, until `each` has seen enough.
    pub fn changes_before(
        &self,
        sequence: Sequence,
        each: &mut dyn FnMut(Sequence, StoredDocument) -> ControlFlow<()>,
    ) -> Result<()> {
        for entry in self.changes.range(..sequence.to_be_bytes()).rev() {
            let (key, value) = entry.into_inner().map_err(SampanError::storage)?;
            let change = StoredDocument::decode(&*value).map_err(SampanError::storage)?;
            if each(number(&key)?, change).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// A big-endian number.
pub(super) fn number(bytes: &[u8]) -> Result<u64> {
    let bytes: [u8; 8] = bytes
        .try_into()
        .map_err(|_| SampanError::Storage("a number is not 8 bytes long".into()))?;
    Ok(u64::from_be_bytes(bytes))
}

/// A number in `meta`.
pub(super) fn read_number(meta: &Keyspace, key: &str) -> Result<Option<u64>> {
    meta.get(key)
        .map_err(SampanError::storage)?
        .map(|bytes| number(&bytes))
        .transpose()
}

fn put_number(meta: &Keyspace, key: &str, value: u64) -> Result<()> {
    meta.insert(key, value.to_be_bytes())
        .map_err(SampanError::storage)
}
