//! The inverted index made otherwise than by writes: restored from a published version, or built anew for changed
//! dictionaries, beside the one that answers meanwhile.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

use sampan_analyzers::Analyzer;

use super::lexical::LexicalWriter;
use crate::{
    base::{
        Sequence,
        error::{Result, SampanError},
        priority::stand_behind_queries,
    },
    store::{
        log::WriteLog,
        records::{Change, LogRecord},
        state::Store,
        versions::VersionStore,
    },
};

/// An index under construction. Dropped, it is given up.
pub struct Rebuild {
    analyzer: Arc<Analyzer>,
    /// Last write that the store surely held when the work began.
    from: Sequence,
    given_up: Arc<AtomicBool>,
    work: Option<JoinHandle<Result<LexicalWriter>>>,
}

impl Rebuild {
    /// Begins, on a thread of its own. `from`: last write that the indexer has taken in, which the store thus holds.
    pub fn start(
        store: &Store,
        folder: &Path,
        analyzer: Arc<Analyzer>,
        from: Sequence,
    ) -> Result<Self> {
        let given_up = Arc::new(AtomicBool::new(false));
        let work = std::thread::Builder::new().name("rebuild".into()).spawn({
            let (store, folder) = (store.clone(), folder.to_owned());
            let (analyzer, given_up) = (analyzer.clone(), given_up.clone());
            move || {
                stand_behind_queries();
                let mut lexical = LexicalWriter::open(&folder, analyzer)?;
                index_all(&store, &mut lexical, &given_up)?;
                lexical.commit(from)?;
                Ok(lexical)
            }
        });
        Ok(Self {
            analyzer,
            from,
            given_up,
            work: Some(work.map_err(SampanError::internal)?),
        })
    }

    pub fn analyzer(&self) -> &Arc<Analyzer> {
        &self.analyzer
    }

    /// Whether the thread has ended, well or not.
    pub fn is_done(&self) -> bool {
        self.work.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// The index, with what was written meanwhile, up to `until`. Waits for the thread.
    pub fn finish(mut self, log: &dyn WriteLog, until: Sequence) -> Result<LexicalWriter> {
        let Some(work) = self.work.take() else {
            return Err(SampanError::internal("the index was taken already"));
        };
        let mut lexical = work
            .join()
            .map_err(|_| SampanError::internal("the thread that made the index panicked"))??;
        if self.from < until {
            log.replay(self.from + 1, &mut |sequence, record| {
                if sequence <= until {
                    apply(&mut lexical, record)?;
                }
                Ok(())
            })?;
            lexical.commit(until)?;
        }
        Ok(lexical)
    }
}

impl Drop for Rebuild {
    fn drop(&mut self) {
        self.given_up.store(true, Ordering::Relaxed);
        if let Some(work) = self.work.take() {
            // Whatever it came to, nobody wants it any more.
            let _ = work.join();
        }
    }
}

/// Indexes every item of the store; commits nothing. Ends early, with an error, when it is given up.
pub fn index_all(store: &Store, lexical: &mut LexicalWriter, given_up: &AtomicBool) -> Result<()> {
    store.each_item(&mut |stored| {
        if given_up.load(Ordering::Relaxed) {
            return Err(SampanError::Unavailable("the index was given up".into()));
        }
        match &stored.item {
            Some(item) => lexical.upsert(stored.ordinal, item),
            None => Ok(()),
        }
    })
}

/// What a write changes in the inverted index.
pub fn apply(lexical: &mut LexicalWriter, record: LogRecord) -> Result<()> {
    match record.change {
        Some(Change::Upsert(stored)) => match &stored.item {
            Some(item) => lexical.upsert(stored.ordinal, item),
            None => Ok(()),
        },
        Some(Change::Delete(gone)) => {
            lexical.delete(gone.ordinal);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A node without index files starts from the newest published version, when the same analysis made it.
pub fn restore_when_missing(versions: &VersionStore, folder: &Path, analysis: &str) {
    if folder.exists() {
        return;
    }
    let restored = versions.latest().and_then(|latest| {
        let Some(manifest) = latest.filter(|manifest| manifest.analysis == analysis) else {
            return Ok(());
        };
        fs::create_dir_all(folder).map_err(SampanError::storage)?;
        versions.restore(&manifest, folder)
    });
    if let Err(error) = restored {
        tracing::warn!("no start from a published version: {error}");
        let _ = fs::remove_dir_all(folder);
    }
}
