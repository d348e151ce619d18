//! Making what was removed leave the files, too: the database keeps removed rows in tables until these are merged, and every
//! write in its journal until that is full.

use fjall::{Database, Keyspace, KeyspaceCreateOptions};

use crate::base::error::{Result, SampanError};

/// Bytes of one row of filling.
const FILLING_BYTES: usize = 1 << 20;
/// Rows after which fjall begins a new journal with its next flush: it does so above 64 MB, and not when asked.
const FILLING_ROWS: u64 = 65;

/// Waits until what was removed from some keyspaces is in no file of the database.
pub(super) fn scrub(database: &Database, removed_from: &[&Keyspace]) -> Result<()> {
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
    for keyspace in removed_from {
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
        filling.insert(row.to_be_bytes(), bytes)?;
    }
    Ok(())
}
