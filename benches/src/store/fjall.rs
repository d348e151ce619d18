//! fjall as `engine/src/store/` uses it.

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};

use super::Engine;
use crate::Outcome;

/// Bytes of the block cache; the node's.
const CACHE_BYTES: u64 = 128 << 20;

pub struct Fjall {
    database: Database,
    log: Keyspace,
    items: Keyspace,
}

impl Fjall {
    pub fn open(folder: &Path) -> Outcome<Self> {
        let database = Database::builder(folder).cache_size(CACHE_BYTES).open()?;
        Ok(Self {
            log: database.keyspace("log", KeyspaceCreateOptions::default)?,
            items: database.keyspace("items", KeyspaceCreateOptions::default)?,
            database,
        })
    }
}

impl Engine for Fjall {
    fn write(&mut self, first: u64, batch: &[(String, Vec<u8>)]) -> Outcome<()> {
        let mut logged = self.database.batch();
        for (sequence, (_, value)) in (first..).zip(batch) {
            logged.insert(&self.log, sequence.to_be_bytes(), value.as_slice());
        }
        logged.commit()?;
        self.database.persist(PersistMode::SyncData)?;
        let mut applied = self.database.batch();
        for (key, value) in batch {
            applied.insert(&self.items, key.as_bytes(), value.as_slice());
        }
        Ok(applied.commit()?)
    }

    fn read(&self, key: &str) -> Outcome<Option<Vec<u8>>> {
        Ok(self.items.get(key)?.map(|value| value.to_vec()))
    }

    fn last(&self) -> Outcome<u64> {
        let Some(entry) = self.log.last_key_value() else {
            return Ok(0);
        };
        let key: [u8; 8] = entry.key()?.as_ref().try_into()?;
        Ok(u64::from_be_bytes(key))
    }
}
