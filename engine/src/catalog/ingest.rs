//! The one door that writes enter by: validate, log (on disk), state, then hand on to the indexer. Writes are taken one
//! batch at a time, in order; queries never wait for them.

mod erasure;
mod events;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use sampan_proto::v1;

pub use self::erasure::Erased;
use super::validate::{self, Checks};
use crate::{
    base::{
        Ordinal, Sequence, clock,
        error::{Result, SampanError},
        limits,
    },
    config::Configuration,
    store::{
        log::WriteLog,
        records::{Change, DeletedItem, LogRecord, StoredDocument, StoredItem},
        state::Store,
    },
};

/// What became of a batch: a result an item, in order, and the sequence of the last write.
#[derive(Debug, Default)]
pub struct BatchOutcome {
    pub results: Vec<v1::ItemResult>,
    /// Events that had been recorded before.
    pub duplicates: u64,
    pub sequence: Sequence,
}

/// Writes that are durable and wait for the indexer.
#[derive(Default)]
struct Queue {
    pending: Vec<(Sequence, LogRecord)>,
    /// What erasures took away, by their sequence: nowhere else is it any more.
    erased: BTreeMap<Sequence, Erased>,
    closed: bool,
}

/// Takes writes in.
pub struct Ingest {
    log: Arc<dyn WriteLog>,
    store: Store,
    configuration: Arc<ArcSwap<Configuration>>,
    /// Held for a whole batch: orders writes and guards the next ordinal.
    next_ordinal: Mutex<Ordinal>,
    dimensions: Mutex<Option<usize>>,
    queue: Mutex<Queue>,
    changed: Condvar,
}

impl Ingest {
    /// Replays what the log holds and the state does not, then opens the door.
    pub fn open(
        log: Arc<dyn WriteLog>,
        store: Store,
        configuration: Arc<ArcSwap<Configuration>>,
    ) -> Result<Self> {
        let applied = store.applied()?;
        log.replay(applied + 1, &mut |sequence, record| {
            store.apply(sequence, &[record])
        })?;
        let next_ordinal = store.next_ordinal()?;
        Ok(Self {
            log,
            store,
            configuration,
            next_ordinal: Mutex::new(next_ordinal),
            dimensions: Mutex::new(None),
            queue: Mutex::default(),
            changed: Condvar::new(),
        })
    }

    /// States how many numbers a vector has, once an item has one.
    pub fn set_dimensions(&self, dimensions: Option<usize>) {
        *lock(&self.dimensions) = dimensions;
    }

    /// Adds or replaces items.
    pub fn upsert(&self, items: Vec<v1::Item>) -> Result<BatchOutcome> {
        let configuration = self.configuration.load();
        let mut next_ordinal = lock(&self.next_ordinal);
        let mut dimensions = lock(&self.dimensions);
        let mut batch = Batch::default();
        let mut next = *next_ordinal;
        let mut inside: HashMap<String, StoredItem> = HashMap::new();
        for mut item in items {
            let checks = Checks {
                regions: &configuration.regions,
                rates: &configuration.rates,
                dimensions: *dimensions,
            };
            let dated = item.created.is_some();
            let checked = validate::item(&mut item, &checks);
            let id = item.id.clone();
            if let Err(error) = checked {
                batch.refuse(id, error)?;
                continue;
            }
            let before = match inside.remove(&id) {
                Some(stored) => Some(stored),
                None => self.store.item(&id)?,
            };
            if before.is_none() && next >= limits::ITEMS_MAX {
                batch.refuse(id, SampanError::invalid("id", "the catalogue is full"))?;
                continue;
            }
            if !item.vector.is_empty() {
                *dimensions = Some(item.vector.len());
            }
            if !dated && let Some(first) = before.as_ref().and_then(|b| b.item.as_ref()) {
                item.created = first.created;
            }
            let ordinal = before.map_or(next, |stored| stored.ordinal);
            next = next.max(ordinal + 1);
            let stored = StoredItem {
                ordinal,
                item: Some(item),
            };
            inside.insert(id.clone(), stored.clone());
            batch.accept(id, Change::Upsert(stored));
        }
        let outcome = self.commit(batch)?;
        *next_ordinal = next;
        Ok(outcome)
    }

    /// Deletes items.
    pub fn delete(&self, ids: Vec<String>) -> Result<BatchOutcome> {
        let _ordered = lock(&self.next_ordinal);
        let mut batch = Batch::default();
        let mut gone = HashSet::new();
        for (place, id) in ids.into_iter().enumerate() {
            let known = self.store.item(&id)?.filter(|_| gone.insert(id.clone()));
            match known {
                Some(stored) => {
                    let change = Change::Delete(DeletedItem {
                        ordinal: stored.ordinal,
                        item_id: id.clone(),
                    });
                    batch.accept(id, change);
                }
                None => {
                    let field = format!("item_ids[{place}]");
                    batch.refuse(id, SampanError::invalid(field, "no such item"))?;
                }
            }
        }
        self.commit(batch)
    }

    /// Changes offers; the items' texts are not touched.
    pub fn update_offers(&self, updates: Vec<v1::OfferUpdate>) -> Result<BatchOutcome> {
        let configuration = self.configuration.load();
        let _ordered = lock(&self.next_ordinal);
        let checks = Checks {
            regions: &configuration.regions,
            rates: &configuration.rates,
            dimensions: None,
        };
        let mut batch = Batch::default();
        let mut inside: HashMap<String, StoredItem> = HashMap::new();
        for update in updates {
            let id = update.item_id.clone();
            if let Err(error) = validate::offer_update(&update, &checks) {
                batch.refuse(id, error)?;
                continue;
            }
            let known = match inside.remove(&id) {
                Some(stored) => Some(stored),
                None => self.store.item(&id)?,
            };
            let Some(mut stored) = known else {
                batch.refuse(id, SampanError::invalid("item_id", "no such item"))?;
                continue;
            };
            if let Some(item) = &mut stored.item {
                let replaced = |region: &str| {
                    update.remove_regions.iter().any(|code| code == region)
                        || update.offers.iter().any(|offer| offer.region == region)
                };
                item.offers.retain(|offer| !replaced(&offer.region));
                item.offers.extend(update.offers);
            }
            inside.insert(id.clone(), stored.clone());
            batch.accept(id, Change::Offers(stored));
        }
        self.commit(batch)
    }

    /// Puts an admin document in force, or withdraws it, and dates the change.
    pub fn put_document(&self, document: StoredDocument) -> Result<Sequence> {
        let _ordered = lock(&self.next_ordinal);
        let mut batch = Batch::default();
        let path = document.path.clone();
        let change = Change::Document(StoredDocument {
            updated_ms: clock::now_millis(),
            ..document
        });
        batch.accept(path, change);
        Ok(self.commit(batch)?.sequence)
    }

    /// Takes all waiting writes; waits at most `timeout` for one. `None`: the door is closed and nothing waits.
    pub fn take(&self, timeout: std::time::Duration) -> Option<Vec<(Sequence, LogRecord)>> {
        let queue = lock(&self.queue);
        let (mut queue, _) = self
            .changed
            .wait_timeout_while(queue, timeout, |queue| {
                queue.pending.is_empty() && !queue.closed
            })
            .unwrap_or_else(PoisonError::into_inner);
        if queue.closed && queue.pending.is_empty() {
            return None;
        }
        let taken = std::mem::take(&mut queue.pending);
        self.changed.notify_all();
        Some(taken)
    }

    /// Sequence of the last write.
    pub fn last(&self) -> Sequence {
        self.log.last()
    }

    /// Lets the indexer finish; nothing is lost that comes later, it is indexed at the next start.
    pub fn close(&self) {
        lock(&self.queue).closed = true;
        self.changed.notify_all();
    }

    /// Log, state, queue. The caller holds the order lock.
    fn commit(&self, batch: Batch) -> Result<BatchOutcome> {
        let mut sequence = self.log.last();
        if !batch.records.is_empty() {
            self.wait_for_room()?;
            let first = self.log.append(&batch.records)?;
            sequence = first + batch.records.len() as u64 - 1;
            self.store.apply(first, &batch.records)?;
            let mut queue = lock(&self.queue);
            queue.pending.extend((first..).zip(batch.records));
            self.changed.notify_all();
        }
        Ok(BatchOutcome {
            results: batch.results,
            duplicates: 0,
            sequence,
        })
    }

    fn wait_for_room(&self) -> Result<()> {
        let queue = lock(&self.queue);
        let queue = self
            .changed
            .wait_while(queue, |queue| {
                queue.pending.len() > limits::PENDING_MAX && !queue.closed
            })
            .unwrap_or_else(PoisonError::into_inner);
        if queue.closed {
            return Err(SampanError::Unavailable("the node is stopping".into()));
        }
        Ok(())
    }
}

/// A batch as it is put together.
#[derive(Default)]
struct Batch {
    records: Vec<LogRecord>,
    results: Vec<v1::ItemResult>,
}

impl Batch {
    fn accept(&mut self, id: String, change: Change) {
        self.records.push(LogRecord::new(change));
        self.results.push(v1::ItemResult {
            item_id: id,
            accepted: true,
            index: self.results.len() as u64,
            ..Default::default()
        });
    }

    /// Refuses one item when the fault is the caller's; any other error ends the batch before anything is written.
    fn refuse(&mut self, id: String, error: SampanError) -> Result<()> {
        match error {
            SampanError::Invalid { field, reason } => self.answer(id, false, Some((field, reason))),
            other => Err(other),
        }
    }

    fn answer(&mut self, id: String, accepted: bool, why: Option<(String, String)>) -> Result<()> {
        let (field, reason) = why.unwrap_or_default();
        self.results.push(v1::ItemResult {
            item_id: id,
            accepted,
            field,
            reason,
            index: self.results.len() as u64,
        });
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
