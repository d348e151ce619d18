//! Few segments of the inverted index: each costs every query a look-up of all its terms.

use std::time::Duration;

use super::Indexer;
use crate::index::lexical::IDLE_BEFORE_MERGE_MS;

impl Indexer {
    /// Merges what can be merged when nothing is written; answers whether a merge has ended that queries do not see yet.
    pub(super) fn look_after_segments(&mut self, idle: Duration) -> bool {
        let started = if idle >= Duration::from_millis(IDLE_BEFORE_MERGE_MS) {
            self.lexical.merge_when_idle()
        } else {
            Ok(())
        };
        started
            .and_then(|()| self.lexical.has_merged())
            .unwrap_or_else(|error| {
                self.warn(format!("merging segments: {error}"));
                false
            })
    }
}
