//! Handing events on to behaviour, with what they are about.

use std::sync::Arc;

use quick_cache::unsync::Cache;
use sampan_proto::v1;

use super::Indexer;
use crate::{
    base::{Ordinal, clock, error::Result},
    behaviour::{self, Goods, QueryKey},
    catalog::ingest::Erased,
    index::columns::CATEGORY_SEPARATOR,
    store::state::Store,
};

/// Items of which is remembered what events are about, 200 bytes each: reading one from the store takes longer than counting
/// an event.
const GOODS_KEPT: usize = 1 << 17;

/// What is counted with an item's events.
struct KnownGoods {
    ordinal: Ordinal,
    seller: Box<str>,
    category: Box<str>,
}

impl KnownGoods {
    fn goods(&self) -> Goods<'_> {
        Goods {
            ordinal: self.ordinal,
            seller: &self.seller,
            category: &self.category,
        }
    }
}

/// What events are about, by item id.
pub(super) struct GoodsCache(Cache<Box<str>, Arc<KnownGoods>>);

impl Default for GoodsCache {
    fn default() -> Self {
        Self(Cache::new(GOODS_KEPT))
    }
}

impl GoodsCache {
    /// To be called when an item is another, or is gone.
    pub fn forget(&mut self, item_id: &str) {
        self.0.remove(item_id);
    }

    fn of(&mut self, item_id: &str, store: &Store) -> Result<Option<Arc<KnownGoods>>> {
        if let Some(known) = self.0.get(item_id) {
            return Ok(Some(known.clone()));
        }
        let Some(stored) = store.item(item_id)? else {
            return Ok(None);
        };
        let item = stored.item.unwrap_or_default();
        let known = Arc::new(KnownGoods {
            ordinal: stored.ordinal,
            seller: item.seller.into(),
            category: item.category_path.join(CATEGORY_SEPARATOR).into(),
        });
        self.0.insert(item_id.into(), known.clone());
        Ok(Some(known))
    }
}

impl Indexer {
    /// Takes in an event. Of one on an item that is gone counts what needs no item.
    pub(super) fn observe(&mut self, event: &v1::Event) -> Result<()> {
        let known = self.goods.of(&event.item_id, &self.store)?;
        let goods = known.as_deref().map(KnownGoods::goods);
        let query = self.query_key(event);
        self.behaviour.apply(event, goods, query);
        if let Some(known) = known {
            self.note_taste(event, known.ordinal);
            self.popularity_stale = true;
        }
        self.vocabulary_stale |= !event.query.is_empty();
        Ok(())
    }

    /// What an event's query is compared by; none without one.
    fn query_key(&self, event: &v1::Event) -> Option<QueryKey> {
        let folded = self.analyzer.fold_key(&event.query);
        QueryKey::of(&event.region, &folded)
    }

    /// Takes back what was made of erased events.
    pub(super) fn erase(&mut self, erased: &Erased) -> Result<()> {
        let keys = behaviour::keys(&erased.user_id, &erased.session_id);
        for key in &keys {
            self.behaviour.forget(key);
        }
        let mut says_of_taste = false;
        for event in &erased.events {
            let known = self.goods.of(&event.item_id, &self.store)?;
            let query = self.query_key(event);
            for key in &keys {
                let goods = known.as_deref().map(KnownGoods::goods);
                self.behaviour.erase(event, goods, query, key);
            }
            if let Some(known) = known {
                self.forget_taste(event, known.ordinal);
            }
            says_of_taste |= behaviour::strength(event.kind()) > 0.0;
        }
        self.popularity_stale = true;
        self.vocabulary_stale = true;
        match says_of_taste {
            true => self.feed_trainer.note_erasure(),
            false => Ok(()),
        }
    }

    /// All of behaviour, from the store.
    pub(super) fn load_behaviour(&mut self) -> Result<()> {
        let store = self.store.clone();
        store.each_event(1, &mut |_, event| self.observe(&event))?;
        self.behaviour.sweep_all(clock::now_seconds());
        self.take_popularity();
        Ok(())
    }
}
