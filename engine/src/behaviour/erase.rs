//! Taking back what was made of erased events.

use std::sync::Arc;

use sampan_proto::v1::{self, EventKind};

use super::{
    BehaviourWriter, Goods, decay,
    shopper::{ShopperKey, keys},
    state::strength,
    writer::touch,
};

impl BehaviourWriter {
    /// Forgets a user or session, by one of [`keys`]. The counts follow with [`Self::erase`].
    pub fn forget(&mut self, key: &str) {
        self.snapshot.shoppers.remove(&ShopperKey::of(key));
    }

    /// Takes back what an event was counted for; `whose`: the erased user or session, by one of [`keys`]. What others
    /// remember of it is forgotten, too: a user's session, or the user of an erased session.
    pub fn erase(&mut self, event: &v1::Event, goods: Goods<'_>, whose: &str) {
        self.snapshot.events = self.snapshot.events.saturating_sub(1);
        self.snapshot.responses.count(event, goods, -1.0);
        let kind = EventKind::try_from(event.kind).unwrap_or_default();
        if !event.exposures.is_empty() {
            Arc::make_mut(&mut self.snapshot.arms).count(&event.exposures, kind, -1);
        }
        let touch = touch(event, kind, goods);
        let keys = keys(&event.user_id, &event.session_id);
        let keys: Vec<ShopperKey> = keys.iter().map(|key| ShopperKey::of(key)).collect();
        let shoppers = &mut self.snapshot.shoppers;
        for key in &keys {
            let state = shoppers.get_mut(key).map(Arc::make_mut);
            if state.is_some_and(|state| !state.forget(touch, ShopperKey::of(whose))) {
                shoppers.remove(key);
            }
        }
        let strength = strength(kind);
        if strength == 0.0 {
            return;
        }
        let items = &mut self.snapshot.items;
        if let (Some(item), Some(shopper)) = (items.get_mut(&goods.ordinal), keys.first())
            && !Arc::make_mut(item).forget(strength, touch.seconds, *shopper)
        {
            items.remove(&goods.ordinal);
        }
        if let Some(popularity) = self.popularity.get_mut(event.region.as_str()) {
            let weight = f64::from(strength) * decay::weight(touch.seconds.into());
            popularity.take_back(goods.ordinal, weight);
            self.popular_stale = true;
        }
        let query = event.query.trim();
        if !query.is_empty() {
            self.queries.take_back(&event.region, query);
            self.queries_stale = true;
        }
    }
}
