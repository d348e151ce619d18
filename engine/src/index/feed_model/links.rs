//! Which items of a model are which items of the catalogue.

use rustc_hash::FxHashMap;

use sampan_analyzers::memory::vec_bytes;

use crate::{base::Ordinal, index::columns::Columns, recommend::ItemIndex};

/// Neither an item nor an ordinal.
const NONE: u32 = u32::MAX;

/// Both ways. Items that one side does not know are linked to nothing.
#[derive(Debug, Default)]
pub(super) struct Links {
    items: Vec<ItemIndex>,
    ordinals: Vec<Ordinal>,
    linked: usize,
}

impl Links {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        vec_bytes(&self.items) + vec_bytes(&self.ordinals)
    }

    /// By ids.
    pub fn new(ids: &[String], columns: &Columns) -> Self {
        let places: FxHashMap<&str, ItemIndex> = ids.iter().map(String::as_str).zip(0..).collect();
        let mut links = Self {
            items: Vec::new(),
            ordinals: vec![NONE; ids.len()],
            linked: 0,
        };
        for ordinal in columns.ordinals() {
            let row = columns.row(ordinal);
            let Some(item) = row.and_then(|row| places.get(&*row.id).copied()) else {
                continue;
            };
            links.items.resize(ordinal as usize + 1, NONE);
            links.items[ordinal as usize] = item;
            links.ordinals[item as usize] = ordinal;
            links.linked += 1;
        }
        links
    }

    pub fn item(&self, ordinal: Ordinal) -> Option<ItemIndex> {
        let item = self.items.get(ordinal as usize).copied();
        item.filter(|item| *item != NONE)
    }

    pub fn ordinal(&self, item: ItemIndex) -> Option<Ordinal> {
        let ordinal = self.ordinals.get(item as usize).copied();
        ordinal.filter(|ordinal| *ordinal != NONE)
    }

    /// Items that both sides know.
    pub fn linked(&self) -> usize {
        self.linked
    }
}
