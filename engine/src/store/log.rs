//! The write log: the one door through which a write becomes durable. Nothing outside knows what is behind it, so a
//! replicated log can take this one's place.

use std::sync::Arc;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, OwnedWriteBatch, PersistMode};
use prost::Message as _;

use super::{
    records::{Change, LogRecord},
    scrub::Scrubber,
    state::Store,
};
use crate::base::{
    Sequence,
    error::{Result, SampanError},
};

/// An ordered, durable log of writes with sequence numbers.
pub trait WriteLog: Send + Sync {
    /// Appends records; when it returns they are on disk. Answers the sequence of the first; the others follow
    /// without a gap. All of them are kept, or none. What an erasure names is [`LogRecord::ERASED`] from then on.
    fn append(&self, records: &[LogRecord]) -> Result<Sequence>;
    /// Calls `each` with every record from `from` on, in order.
    fn replay(
        &self,
        from: Sequence,
        each: &mut dyn FnMut(Sequence, LogRecord) -> Result<()>,
    ) -> Result<()>;
    /// Sequence of the last record ever appended; 0 when none was.
    fn last(&self) -> Sequence;
    /// Sequence of the first record that is still kept; `last() + 1` when none is.
    fn first(&self) -> Result<Sequence>;
    /// Forgets records before `sequence`.
    fn truncate_before(&self, sequence: Sequence) -> Result<()>;
    /// Waits until nothing that was erased before the call is left in files.
    fn scrub(&self) -> Result<()>;
}

/// The log in the node's own database.
pub struct EmbeddedLog {
    database: Database,
    log: Keyspace,
    meta: Keyspace,
    scrubber: Arc<Scrubber>,
    last: std::sync::Mutex<Sequence>,
}

/// Name in `meta` of the last sequence, written with each append so that truncating loses no number.
const LAST_KEY: &str = "log_last";

impl EmbeddedLog {
    /// Opens the log in the database of the state.
    pub fn open(store: &Store) -> Result<Self> {
        let database = store.database();
        let keyspace = |name| {
            database
                .keyspace(name, KeyspaceCreateOptions::default)
                .map_err(SampanError::storage)
        };
        let (log, meta) = (keyspace("log")?, keyspace("meta")?);
        let last = super::state::read_number(&meta, LAST_KEY)?.unwrap_or(0);
        Ok(Self {
            database: database.clone(),
            log,
            meta,
            scrubber: store.scrubber().clone(),
            last: std::sync::Mutex::new(last),
        })
    }

    /// Blanks records, those that have not been cut off already.
    fn erase(&self, batch: &mut OwnedWriteBatch, sequences: &[Sequence]) -> Result<()> {
        for sequence in sequences {
            let key = sequence.to_be_bytes();
            if self.log.contains_key(key).map_err(SampanError::storage)? {
                batch.insert(&self.log, key, LogRecord::ERASED.encode_to_vec());
            }
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Sequence> {
        self.last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl WriteLog for EmbeddedLog {
    fn append(&self, records: &[LogRecord]) -> Result<Sequence> {
        let mut last = self.lock();
        let first = *last + 1;
        let mut batch = self.database.batch();
        let mut erases = false;
        for (sequence, record) in (first..).zip(records) {
            batch.insert(&self.log, sequence.to_be_bytes(), record.encode_to_vec());
            if let Some(Change::Erasure(erasure)) = &record.change {
                self.erase(&mut batch, &erasure.sequences)?;
                erases = true;
            }
        }
        let end = *last + records.len() as u64;
        batch.insert(&self.meta, LAST_KEY, end.to_be_bytes());
        batch.commit().map_err(SampanError::storage)?;
        self.database
            .persist(PersistMode::SyncData)
            .map_err(SampanError::storage)?;
        if erases {
            self.scrubber.note_removal();
        }
        *last = end;
        Ok(first)
    }

    fn replay(
        &self,
        from: Sequence,
        each: &mut dyn FnMut(Sequence, LogRecord) -> Result<()>,
    ) -> Result<()> {
        for entry in self.log.range(from.to_be_bytes()..) {
            let (key, value) = entry.into_inner().map_err(SampanError::storage)?;
            let record = LogRecord::decode(&*value).map_err(SampanError::storage)?;
            each(super::state::number(&key)?, record)?;
        }
        Ok(())
    }

    fn last(&self) -> Sequence {
        *self.lock()
    }

    fn first(&self) -> Result<Sequence> {
        match self.log.first_key_value() {
            Some(entry) => super::state::number(&entry.key().map_err(SampanError::storage)?),
            None => Ok(self.last() + 1),
        }
    }

    fn truncate_before(&self, sequence: Sequence) -> Result<()> {
        let mut batch = self.database.batch();
        for entry in self.log.range(..sequence.to_be_bytes()) {
            batch.remove(&self.log, entry.key().map_err(SampanError::storage)?);
        }
        batch.commit().map_err(SampanError::storage)
    }

    fn scrub(&self) -> Result<()> {
        self.scrubber.scrub(&self.database)
    }
}
