//! Bringing the indexes up to the store's state at a start.

use super::{Indexer, IndexerParts};
use crate::{
    base::error::{Result, SampanError},
    index::columns::ColumnsWriter,
    store::{log::WriteLog, records::Change},
};

impl Indexer {
    /// All columns, from the store; and vectors that the vector index has lost.
    pub(super) fn load_columns(&mut self) -> Result<()> {
        let held = self.vectors.ordinals();
        let store = self.store.clone();
        self.columns = ColumnsWriter::default();
        store.each_item(&mut |stored| {
            if let Some(item) = &stored.item {
                self.set_columns(stored.ordinal, item);
                if !item.vector.is_empty() && !held.contains(stored.ordinal) {
                    self.set_vector(stored.ordinal, item);
                }
            }
            Ok(())
        })?;
        let snapshot = self.columns.snapshot();
        for gone in held
            .iter()
            .filter(|ordinal| snapshot.row(*ordinal).is_none())
        {
            self.vectors.delete(gone);
        }
        drop(snapshot);
        self.apply_policy(&[], true);
        Ok(())
    }

    pub(super) fn load_behaviour(&mut self) -> Result<()> {
        let store = self.store.clone();
        store.each_event(&mut |_, event| {
            if let Some(stored) = store.item(&event.item_id)? {
                self.behaviour.apply(&event, stored.ordinal);
            }
            Ok(())
        })
    }

    /// Indexes what the inverted index lacks: from the log when it reaches back far enough, else everything.
    pub(super) fn catch_up(&mut self, log: &dyn WriteLog) -> Result<()> {
        let committed = self.lexical.committed();
        if committed == self.sequence && (committed > 0 || self.columns.snapshot().is_empty()) {
            return Ok(());
        }
        let store = self.store.clone();
        if committed > 0 && committed < self.sequence && log.first()? <= committed + 1 {
            log.replay(committed + 1, &mut |_, record| {
                match record.change {
                    Some(Change::Upsert(stored)) => {
                        if let Some(item) = &stored.item {
                            self.lexical.upsert(stored.ordinal, item)?;
                        }
                    }
                    Some(Change::Delete(gone)) => self.lexical.delete(gone.ordinal),
                    _ => {}
                }
                Ok(())
            })?;
        } else {
            tracing::info!("the lexical index is built from the store");
            store.each_item(&mut |stored| match &stored.item {
                Some(item) => self.lexical.upsert(stored.ordinal, item),
                None => Ok(()),
            })?;
        }
        self.lexical.commit(self.sequence)
    }
}

/// A node without index files starts from the newest published version, when the same analysis made it.
pub(super) fn restore_when_missing(parts: &IndexerParts<'_>, folder: &std::path::Path) {
    if folder.exists() {
        return;
    }
    let restored = parts.versions.latest().and_then(|latest| {
        let wanted = parts.analyzer.index_version();
        let Some(manifest) = latest.filter(|manifest| manifest.analysis == wanted) else {
            return Ok(());
        };
        std::fs::create_dir_all(folder).map_err(SampanError::storage)?;
        parts.versions.restore(&manifest, folder)
    });
    if let Err(error) = restored {
        tracing::warn!("no start from a published version: {error}");
        let _ = std::fs::remove_dir_all(folder);
    }
}
