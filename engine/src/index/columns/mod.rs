//! Facts about items by ordinal: what filters, ranking and pages need without opening the item. Immutable snapshots;
//! the writer copies only the chunks it touches.

mod eligible;
mod names;
mod policy;
pub mod pools;
mod row;
mod selector;
#[cfg(test)]
mod tests;
mod writer;

use std::sync::Arc;

pub use eligible::EligibleItems;
pub use names::{CATEGORY_SEPARATOR, NameId, Names};
pub use policy::{Policy, Rules};
pub use pools::Pools;
pub use row::{Hot, OfferRow, Row, Standing, id_hash, is_new, selected_by};
pub use selector::CompiledSelector;
pub use writer::ColumnsWriter;

use sampan_analyzers::memory::{ARC_BYTES, vec_bytes};

use crate::base::{Ordinal, region::RegionIndex};
use eligible::EligibleByMarket;

/// Items a chunk: the unit of copying, about 50 kB of hot facts.
const CHUNK_ITEMS: usize = 1_024;

/// Facts of [`CHUNK_ITEMS`] neighbouring ordinals.
#[derive(Clone, Default)]
struct Chunk {
    /// Read for every candidate: kept together.
    hot: Vec<Hot>,
    /// `None`: no item of this ordinal. Shared by the versions of a chunk that differ in hot facts alone: to count
    /// references up and down reads from all over memory.
    rows: Arc<Vec<Option<Arc<Row>>>>,
    alive: usize,
    /// Another one after every change.
    stamp: u64,
}

/// One immutable view of all columns.
#[derive(Clone, Default)]
pub struct Columns {
    chunks: Vec<Arc<Chunk>>,
    pub names: Arc<Names>,
    pub policy: Arc<Policy>,
    /// When every item was last judged by the policy, seconds since 1970.
    pub judged: i64,
    pub pools: Arc<Pools>,
    items: usize,
    eligible: EligibleByMarket,
}

impl Columns {
    /// Facts read for every candidate; all empty for an ordinal without an item.
    #[inline]
    pub fn hot(&self, ordinal: Ordinal) -> Hot {
        let ordinal = ordinal as usize;
        self.chunks
            .get(ordinal / CHUNK_ITEMS)
            .and_then(|chunk| chunk.hot.get(ordinal % CHUNK_ITEMS))
            .copied()
            .unwrap_or_default()
    }

    /// The other facts; `None` when there is no such item.
    #[inline]
    pub fn row(&self, ordinal: Ordinal) -> Option<&Arc<Row>> {
        let ordinal = ordinal as usize;
        self.chunks
            .get(ordinal / CHUNK_ITEMS)?
            .rows
            .get(ordinal % CHUNK_ITEMS)?
            .as_ref()
    }

    /// Bytes of the facts of items.
    pub fn facts_bytes(&self) -> u64 {
        let row = |row: &Arc<Row>| ARC_BYTES + size_of::<Row>() as u64 + row.heap_bytes();
        let chunks = self.chunks.iter().map(|chunk| {
            let rows = chunk.rows.iter().flatten();
            vec_bytes(&chunk.hot) + vec_bytes(&chunk.rows) + rows.map(row).sum::<u64>()
        });
        vec_bytes(&self.chunks) + chunks.sum::<u64>()
    }

    /// Bytes of which items may be sold where.
    pub fn eligible_bytes(&self) -> u64 {
        self.eligible.heap_bytes()
    }

    /// The items that may be sold in `region` to `ship_to`.
    pub fn eligible(&self, region: RegionIndex, ship_to: RegionIndex) -> Arc<EligibleItems> {
        self.eligible.of(&self.chunks, (region, ship_to))
    }

    /// Ordinals of all items, ascending.
    pub fn ordinals(&self) -> impl Iterator<Item = Ordinal> {
        self.chunks.iter().enumerate().flat_map(|(place, chunk)| {
            let base = place * CHUNK_ITEMS;
            let rows = chunk.rows.iter().enumerate();
            rows.filter(|(_, row)| row.is_some())
                .map(move |(offset, _)| (base + offset) as Ordinal)
        })
    }

    /// Items there are.
    pub fn len(&self) -> usize {
        self.items
    }

    pub fn is_empty(&self) -> bool {
        self.items == 0
    }
}
