//! redb with log and state as two tables of one file.

use std::path::Path;

use redb::{
    Builder, Database, Durability, ReadableDatabase as _, ReadableTable as _, TableDefinition,
};

use super::Engine;
use crate::Outcome;

const LOG: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");
const ITEMS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("items");
/// Bytes of the page cache; as much as fjall has.
const CACHE_BYTES: usize = 128 << 20;

pub struct Redb {
    database: Database,
    quick_repair: bool,
}

impl Redb {
    pub fn open(folder: &Path, quick_repair: bool) -> Outcome<Self> {
        let mut builder = Builder::new();
        builder.set_cache_size(CACHE_BYTES);
        let database = builder.create(folder.join("data.redb"))?;
        let transaction = database.begin_write()?;
        transaction.open_table(LOG)?;
        transaction.open_table(ITEMS)?;
        transaction.commit()?;
        Ok(Self {
            database,
            quick_repair,
        })
    }
}

impl Engine for Redb {
    fn write(&mut self, first: u64, batch: &[(String, Vec<u8>)]) -> Outcome<()> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        transaction.set_quick_repair(self.quick_repair);
        {
            let mut log = transaction.open_table(LOG)?;
            let mut items = transaction.open_table(ITEMS)?;
            for (sequence, (key, value)) in (first..).zip(batch) {
                log.insert(sequence, value.as_slice())?;
                items.insert(key.as_str(), value.as_slice())?;
            }
        }
        Ok(transaction.commit()?)
    }

    fn read(&self, key: &str) -> Outcome<Option<Vec<u8>>> {
        let items = self.database.begin_read()?.open_table(ITEMS)?;
        Ok(items.get(key)?.map(|value| value.value().to_vec()))
    }

    fn last(&self) -> Outcome<u64> {
        let log = self.database.begin_read()?.open_table(LOG)?;
        Ok(log.last()?.map_or(0, |(sequence, _)| sequence.value()))
    }
}
