//! What the node's calls and the indexer hold in common.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;

use super::generation::Generation;
use crate::{
    base::Sequence,
    catalog::ingest::Ingest,
    config::{Configuration, DictionarySource},
    exposure::ExposureMeter,
    store::{log::WriteLog, state::Store, versions::VersionStore},
};

/// What other rooms share with the indexer.
pub struct Shared {
    pub generation: ArcSwap<Generation>,
    pub configuration: Arc<ArcSwap<Configuration>>,
    pub ingest: Ingest,
    pub store: Store,
    pub log: Arc<dyn WriteLog>,
    pub versions: VersionStore,
    /// Where the dictionaries come from, without admin documents.
    pub source: DictionarySource,
    /// What answers show.
    pub meter: Arc<ExposureMeter>,
    /// Held while an admin document is checked and put in force: an edit is judged by what the one before left.
    pub editing: Mutex<()>,
}

impl Shared {
    /// Waits until the generation holds a write; false when it does not in time.
    pub fn wait_visible(&self, sequence: Sequence, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        while self.generation.load().sequence < sequence {
            if Instant::now() > deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        true
    }
}
