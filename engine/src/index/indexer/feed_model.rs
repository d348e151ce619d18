//! Following the feed's model: what is trained or read in the background takes the place of the one before.

use std::sync::Arc;

use super::Indexer;
use crate::{base::Ordinal, behaviour, index::feed_model::TrainingInput};

impl Indexer {
    /// Counts an event for what sells these days, and for the next training.
    pub(super) fn note_taste(&mut self, event: &sampan_proto::v1::Event, ordinal: Ordinal) {
        let strength = behaviour::strength(event.kind());
        if strength > 0.0 {
            let seconds = event.time.as_ref().map_or(0, |time| time.seconds);
            self.trend_counter
                .add(&event.region, ordinal, seconds, strength);
            self.taste_events += 1;
        }
    }

    /// Takes an erased event back from what sells these days, and from what the next training learns from.
    pub(super) fn forget_taste(&mut self, event: &sampan_proto::v1::Event, ordinal: Ordinal) {
        let strength = behaviour::strength(event.kind());
        if strength > 0.0 {
            let seconds = event.time.as_ref().map_or(0, |time| time.seconds);
            self.trend_counter
                .take_back(&event.region, ordinal, seconds, strength);
            self.taste_events = self.taste_events.saturating_sub(1);
        }
    }

    /// Begins what is due for the feed's model, and takes what was made; answers whether anything changed.
    pub(super) fn follow_feed_model(&mut self) -> bool {
        let input = || TrainingInput {
            store: self.store.clone(),
            columns: self.columns.snapshot(),
            vectors: self.vectors.publish(),
            events: self.taste_events,
        };
        let problem = self.feed_trainer.problem().to_owned();
        let served = self.feed_trainer.served().map(Arc::as_ptr);
        if let Err(error) = self.feed_trainer.advance(self.taste_events, input) {
            self.warn(format!("the feed's model: {error}"));
        }
        if let Some(Err(error)) = self.feed_trainer.finished() {
            self.warn(format!("the feed's model: {error}"));
        }
        let changed = self.feed_trainer.served().map(Arc::as_ptr) != served;
        changed || self.trend_counter.is_due() || self.feed_trainer.problem() != problem
    }
}
