//! Making what was removed leave the files, too: the database keeps removed rows in tables until these are merged, and every
//! write in its journal until that is full.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use fjall::{Database, Keyspace, KeyspaceCreateOptions};

use crate::base::error::{Result, SampanError};

/// Bytes of one row of filling.
const FILLING_BYTES: usize = 1 << 20;
/// Rows after which fjall begins a new journal with its next flush: it does so above 64 MB, and not when asked.
const FILLING_ROWS: u64 = 65;
/// Their one key: of rows that replace each other a flush writes the last.
const FILLING_KEY: &str = "row";
/// Where what may be erased is kept.
const REMOVED_FROM: [&str; 3] = ["log", "events", "event_ids"];

/// Counts what was removed, and knows how much of it has left the files. Who waits for that at the same time waits for one
/// turn: it takes as long for a hundred removals as for one.
pub struct Scrubber {
    removals: AtomicU64,
    scrubbed: Mutex<u64>,
}

impl Default for Scrubber {
    /// What a crash interrupted before is still to be done.
    fn default() -> Self {
        Self {
            removals: AtomicU64::new(1),
            scrubbed: Mutex::new(0),
        }
    }
}

impl Scrubber {
    /// To be called after something was removed.
    pub fn note_removal(&self) {
        self.removals.fetch_add(1, Ordering::SeqCst);
    }

    /// Waits until what was removed before the call is in no file of the database.
    pub fn scrub(&self, database: &Database) -> Result<()> {
        self.once_for_all(|| scrub(database))
    }

    fn once_for_all(&self, scrub: impl FnOnce() -> Result<()>) -> Result<()> {
        let wanted = self.removals.load(Ordering::SeqCst);
        let mut scrubbed = self.scrubbed.lock().unwrap_or_else(PoisonError::into_inner);
        if *scrubbed < wanted {
            let reached = self.removals.load(Ordering::SeqCst);
            scrub()?;
            *scrubbed = reached;
        }
        Ok(())
    }
}

fn scrub(database: &Database) -> Result<()> {
    let open = |name: &str| database.keyspace(name, KeyspaceCreateOptions::default);
    let filling = open("filling").map_err(SampanError::storage)?;
    fill(&filling).map_err(SampanError::storage)?;
    // The old journal goes when no keyspace needs it any more.
    for name in database.list_keyspace_names() {
        let keyspace = open(&name).map_err(SampanError::storage)?;
        keyspace
            .rotate_memtable_and_wait()
            .map_err(SampanError::storage)?;
    }
    for name in REMOVED_FROM {
        let keyspace = open(name).map_err(SampanError::storage)?;
        keyspace.major_compact().map_err(SampanError::storage)?;
    }
    filling.clear().map_err(SampanError::storage)
}

/// Writes more than a journal takes; of bytes that cannot be compressed.
fn fill(filling: &Keyspace) -> fjall::Result<()> {
    for row in 0..FILLING_ROWS {
        let mut bytes = vec![0; FILLING_BYTES];
        let mut random = blake3::Hasher::new()
            .update(&row.to_be_bytes())
            .finalize_xof();
        random.fill(&mut bytes);
        filling.insert(FILLING_KEY, bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::{Barrier, atomic::AtomicUsize};

    use super::*;

    #[test]
    fn who_waits_at_the_same_time_waits_for_one_turn() {
        let (scrubber, turns) = (Scrubber::default(), AtomicUsize::new(0));
        let turn = || {
            turns.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        let all_removed = Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    scrubber.note_removal();
                    all_removed.wait();
                    scrubber.once_for_all(turn).unwrap();
                });
            }
        });
        assert_eq!(turns.load(Ordering::SeqCst), 1);
        scrubber.once_for_all(turn).unwrap();
        assert_eq!(turns.load(Ordering::SeqCst), 1, "nothing is new");
        scrubber.note_removal();
        scrubber.once_for_all(turn).unwrap();
        assert_eq!(turns.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn what_is_removed_while_others_scrub_waits_for_a_turn_of_its_own() {
        let (scrubber, turns) = (Scrubber::default(), AtomicUsize::new(0));
        let removes_more = || {
            turns.fetch_add(1, Ordering::SeqCst);
            scrubber.note_removal();
            Ok(())
        };
        scrubber.once_for_all(removes_more).unwrap();
        let turn = || {
            turns.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        scrubber.once_for_all(turn).unwrap();
        assert_eq!(turns.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_turn_that_fails_is_taken_again() {
        let scrubber = Scrubber::default();
        let failed = scrubber.once_for_all(|| Err(SampanError::Storage("full".into())));
        assert!(failed.is_err());
        let mut again = false;
        scrubber
            .once_for_all(|| {
                again = true;
                Ok(())
            })
            .unwrap();
        assert!(again);
    }
}
