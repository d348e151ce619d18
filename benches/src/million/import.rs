//! Items through the node's own door, as the gRPC service calls it.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use sampan_engine::Node;

use super::items;
use crate::{Outcome, latency::Latencies};

/// Items a batch: the most that the node takes.
const BATCH_ITEMS: usize = 1_000;
/// How long the last write may take to be seen before the run fails.
const VISIBLE_WITHIN: Duration = Duration::from_secs(600);

/// What an import took.
pub struct Imported {
    pub items: u64,
    /// Until the last batch was on disk.
    pub acknowledged: Duration,
    /// Until search saw the last item.
    pub visible: Duration,
    /// Each batch, from call to acknowledgement.
    pub batches: Latencies,
}

/// Upserts every item of a file. Reading and decoding them is part of the time, as it is in the service.
pub fn import(node: &Node, file: &Path) -> Outcome<Imported> {
    let mut batches = Latencies::new()?;
    let (mut accepted, mut sequence) = (0, 0);
    let start = Instant::now();
    items::each_batch(file, BATCH_ITEMS, &mut |batch| {
        let start = Instant::now();
        let outcome = node.upsert(batch)?;
        batches.add(start.elapsed())?;
        if let Some(refused) = outcome.results.iter().find(|result| !result.accepted) {
            return Err(
                format!("{}: {}: {}", refused.item_id, refused.field, refused.reason).into(),
            );
        }
        accepted += outcome.results.len() as u64;
        sequence = outcome.sequence;
        Ok(())
    })?;
    let acknowledged = start.elapsed();
    if !node.wait_visible(sequence, VISIBLE_WITHIN) {
        return Err(format!("the last write was not seen within {VISIBLE_WITHIN:?}").into());
    }
    Ok(Imported {
        items: accepted,
        acknowledged,
        visible: start.elapsed(),
        batches,
    })
}
