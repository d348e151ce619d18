//! Keeping pools near what shoppers do.

use std::time::{Duration, Instant};

use super::Indexer;

/// How often pools look at what is popular, when there were events: every event moves it a little.
const POPULARITY_EVERY: Duration = Duration::from_millis(500);

impl Indexer {
    /// Looks at what is popular when that is due; answers whether items joined or left a pool for it, or what is told of
    /// segments changed.
    pub(super) fn follow_popularity(&mut self) -> bool {
        let is_due = self.popularity_stale && self.popularity_taken.elapsed() >= POPULARITY_EVERY;
        is_due && self.take_popularity()
    }

    /// Looks at what is popular.
    pub(super) fn take_popularity(&mut self) -> bool {
        self.popularity_stale = false;
        self.popularity_taken = Instant::now();
        let segments_changed = self.behaviour.tell_segments();
        let behaviour = self.behaviour.snapshot();
        self.columns.take_popular(&behaviour, &self.configuration) || segments_changed
    }
}
