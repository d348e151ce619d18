//! Taking back what was made of erased events.

use std::sync::Arc;

use sampan_proto::v1::{self, EventKind};

use super::{
    BehaviourWriter, Goods, decay,
    shopper::{ShopperKey, keys},
    state::{Touch, strength},
    writer::touch,
};

impl BehaviourWriter {
    /// Forgets a user or session, by one of [`keys`]. The counts follow with [`Self::erase`].
    pub fn forget(&mut self, key: &str) {
        self.snapshot.shoppers.remove(&ShopperKey::of(key));
    }

    /// Takes back what an event was counted for; `whose`: the erased user or session, by one of [`keys`]. What others
    /// remember of it is forgotten, too: a user's session, or the user of an erased session. `goods`: none when what it is
    /// about is gone from the catalogue; what was counted for that is asked for no more.
    pub fn erase(&mut self, event: &v1::Event, goods: Option<Goods<'_>>, whose: &str) {
        self.snapshot.events = self.snapshot.events.saturating_sub(1);
        let kind = EventKind::try_from(event.kind).unwrap_or_default();
        if !event.exposures.is_empty() {
            Arc::make_mut(&mut self.snapshot.arms).count(&event.exposures, kind, -1);
        }
        let query = event.query.trim();
        if strength(kind) > 0.0 && !query.is_empty() {
            self.queries.take_back(&event.region, query);
            self.queries_stale = true;
        }
        let keys = keys(&event.user_id, &event.session_id);
        let keys: Vec<ShopperKey> = keys.iter().map(|key| ShopperKey::of(key)).collect();
        let touch = goods.map(|goods| touch(event, kind, goods));
        let shoppers = &mut self.snapshot.shoppers;
        for key in &keys {
            let state = shoppers.get_mut(key).map(Arc::make_mut);
            if state.is_some_and(|state| !state.forget(touch, ShopperKey::of(whose))) {
                shoppers.remove(key);
            }
        }
        if let (Some(goods), Some(touch)) = (goods, touch) {
            self.erase_from(event, goods, touch, keys.first());
        }
    }

    /// Takes back what an event was counted for of the goods that it is about.
    fn erase_from(
        &mut self,
        event: &v1::Event,
        goods: Goods<'_>,
        touch: Touch,
        shopper: Option<&ShopperKey>,
    ) {
        self.snapshot.responses.count(event, goods, -1.0);
        let strength = touch.strength();
        if strength == 0.0 {
            return;
        }
        let items = &mut self.snapshot.items;
        if let (Some(item), Some(shopper)) = (items.get_mut(&goods.ordinal), shopper)
            && !Arc::make_mut(item).forget(strength, touch.seconds, *shopper)
        {
            items.remove(&goods.ordinal);
        }
        if let Some(popularity) = self.popularity.get_mut(event.region.as_str()) {
            let weight = f64::from(strength) * decay::weight(touch.seconds.into());
            popularity.take_back(goods.ordinal, weight);
            self.popular_stale = true;
        }
    }
}
