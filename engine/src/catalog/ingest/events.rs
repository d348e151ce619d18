//! Events by the one door.

use std::collections::HashSet;

use sampan_proto::v1;

use super::{Batch, BatchOutcome, Ingest, lock};
use crate::{
    base::error::{Result, SampanError},
    catalog::validate,
    config::Configuration,
    store::records::Change,
};

/// An event, and what is wrong with it.
struct Checked {
    event: v1::Event,
    fault: Option<SampanError>,
}

impl Ingest {
    /// Records events; one whose id was seen before is accepted and counted as a duplicate.
    pub fn record_events(&self, events: Vec<v1::Event>) -> Result<BatchOutcome> {
        let configuration = self.configuration.load();
        // Before the door, so that several batches are checked at a time.
        let checked = events
            .into_iter()
            .map(|event| self.check_event(event, &configuration));
        let checked = checked.collect::<Result<Vec<Checked>>>()?;
        let _ordered = lock(&self.next_ordinal);
        let mut batch = Batch::default();
        let mut inside = HashSet::new();
        let mut duplicates = 0;
        for Checked { event, fault } in checked {
            let id = event.item_id.clone();
            if let Some(fault) = fault {
                batch.refuse(id, fault)?;
                continue;
            }
            let seen = !inside.insert(event.event_id.clone());
            if seen || self.store.has_event(&event.event_id)? {
                duplicates += 1;
                batch.answer(id, true, None)?;
                continue;
            }
            batch.accept(id, Change::Event(event));
        }
        let outcome = self.commit(batch)?;
        Ok(BatchOutcome {
            duplicates,
            ..outcome
        })
    }

    fn check_event(&self, mut event: v1::Event, configuration: &Configuration) -> Result<Checked> {
        let fault = match validate::event(&mut event, &configuration.regions) {
            Err(fault) => Some(fault),
            Ok(()) if self.store.has_item(&event.item_id)? => None,
            Ok(()) => Some(SampanError::invalid("item_id", "no such item")),
        };
        Ok(Checked { event, fault })
    }
}
