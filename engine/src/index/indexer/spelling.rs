//! Keeping what the catalogue holds, counted, near what is indexed.

use std::sync::Arc;

use super::Indexer;
use crate::index::spelling::SpellingInput;

impl Indexer {
    /// Begins to count words when something changed, and takes what was counted; answers whether there was anything.
    pub(super) fn count_spelling(&mut self) -> bool {
        if self.spelling_stale && self.spelling_counter.is_ready() {
            self.spelling_stale = false;
            let begun = self.lexical.snapshot().and_then(|lexical| {
                self.spelling_counter.start(SpellingInput {
                    lexical,
                    store: self.store.clone(),
                    behaviour: self.behaviour.snapshot(),
                    configuration: self.configuration.clone(),
                    analyzer: self.analyzer.clone(),
                })
            });
            if let Err(error) = begun {
                self.warn(format!("counting words: {error}"));
            }
        }
        match self.spelling_counter.finished() {
            Some(Ok(spelling)) => {
                self.spelling = Arc::new(spelling);
                true
            }
            Some(Err(error)) => {
                self.warn(format!("counting words: {error}"));
                false
            }
            None => false,
        }
    }
}
