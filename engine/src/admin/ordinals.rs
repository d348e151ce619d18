//! Which items the events of a log are about.

use rustc_hash::FxHashMap;

use crate::{
    base::{Ordinal, error::Result},
    store::state::Store,
};

/// Ordinals by id, each asked for once.
pub struct Ordinals<'s> {
    store: &'s Store,
    known: FxHashMap<Box<str>, Option<Ordinal>>,
}

impl<'s> Ordinals<'s> {
    pub fn new(store: &'s Store) -> Self {
        Self {
            store,
            known: FxHashMap::default(),
        }
    }

    /// An item's ordinal; none when it is gone.
    pub fn of(&mut self, item_id: &str) -> Result<Option<Ordinal>> {
        if let Some(known) = self.known.get(item_id) {
            return Ok(*known);
        }
        let known = self.store.item(item_id)?.map(|stored| stored.ordinal);
        self.known.insert(item_id.into(), known);
        Ok(known)
    }
}
