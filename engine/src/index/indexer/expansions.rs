//! Keeping near words: those that people reviewed, and those that are mined in the background.

use std::sync::Arc;

use super::Indexer;
use crate::index::{expansion::MiningInput, near_words::NearWords};

impl Indexer {
    /// Makes the tables of the configuration, and what was mined, ready for the analyser in use.
    pub(super) fn prepare_near_words(&mut self) {
        self.near_words = Arc::new(NearWords::of(
            &self.configuration.expansions,
            self.expansion_miner.mined(),
            &self.analyzer,
        ));
    }

    /// Begins to mine when words changed and all items are encoded, and takes what was mined; answers whether anything
    /// changed.
    pub(super) fn mine_expansions(&mut self) -> bool {
        let begins = self.expansions_stale
            && !self.columns.snapshot().is_empty()
            && self.vectors.waiting() == 0
            && self.expansion_miner.is_ready();
        if begins && let Some(encoder) = self.vectors.encoder().cloned() {
            self.expansions_stale = false;
            let begun = self.lexical.snapshot().and_then(|lexical| {
                self.expansion_miner.start(MiningInput {
                    encoder,
                    lexical,
                    vectors: self.vectors.publish(),
                    store: self.store.clone(),
                    columns: self.columns.snapshot(),
                    behaviour: self.behaviour.snapshot(),
                    configuration: self.configuration.clone(),
                    analyzer: self.analyzer.clone(),
                })
            });
            if let Err(error) = begun {
                self.warn(format!("mining near words: {error}"));
            }
        }
        match self.expansion_miner.finished() {
            Some(Ok(changed)) => {
                if changed {
                    self.prepare_near_words();
                }
                changed
            }
            Some(Err(error)) => {
                self.warn(format!("mining near words: {error}"));
                false
            }
            None => false,
        }
    }
}
