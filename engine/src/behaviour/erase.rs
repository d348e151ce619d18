//! Taking back what was made of erased events.

use std::sync::Arc;

use sampan_proto::v1::{self, EventKind};

use super::{
    BehaviourWriter, Goods,
    query_items::{Choice, QueryKey},
    shopper::{ShopperKey, keys},
    state::{Touch, strength},
    writer::{search, touch, weight},
};

impl BehaviourWriter {
    /// Forgets a user or session, by one of [`keys`]. The counts follow with [`Self::erase`].
    pub fn forget(&mut self, key: &str) {
        self.snapshot.shoppers.remove(&ShopperKey::of(key));
    }

    /// Takes back what an event was counted for; `whose`: the erased user or session, by one of [`keys`]. What others
    /// remember of it is forgotten, too: a user's session, or the user of an erased session. `goods`: none when what it is
    /// about is gone from the catalogue; what was counted for that is asked for no more. `query`: what queries are compared by.
    pub fn erase(
        &mut self,
        event: &v1::Event,
        goods: Option<Goods<'_>>,
        query: Option<QueryKey>,
        whose: &str,
    ) {
        self.snapshot.events = self.snapshot.events.saturating_sub(1);
        let kind = EventKind::try_from(event.kind).unwrap_or_default();
        if !event.exposures.is_empty() {
            Arc::make_mut(&mut self.snapshot.arms).count(&event.exposures, kind, -1);
        }
        let typed = event.query.trim();
        if strength(kind) > 0.0 && !typed.is_empty() {
            self.queries.take_back(&event.region, typed);
            self.queries_stale = true;
        }
        let keys = keys(&event.user_id, &event.session_id);
        let keys: Vec<ShopperKey> = keys.iter().map(|key| ShopperKey::of(key)).collect();
        let touch = goods.map(|goods| touch(event, kind, goods));
        let search = query.map(|query| search(event, query));
        let whose = ShopperKey::of(whose);
        let shoppers = &mut self.snapshot.shoppers;
        for key in &keys {
            let state = shoppers.get_mut(key).map(Arc::make_mut);
            if state.is_some_and(|state| !state.forget(touch, search.as_ref(), whose)) {
                shoppers.remove(key);
            }
        }
        if let (Some(goods), Some(touch)) = (goods, touch) {
            self.erase_from(event, goods, touch, query, keys.first());
        }
    }

    /// Takes back what an event was counted for of the goods that it is about.
    fn erase_from(
        &mut self,
        event: &v1::Event,
        goods: Goods<'_>,
        touch: Touch,
        query: Option<QueryKey>,
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
        let choices = &mut self.snapshot.choices;
        if let (Some(query), Some(shopper)) = (query, shopper)
            && let Some(known) = choices.get_mut(&query)
            && !Arc::make_mut(known).forget(Choice::new(touch, *shopper))
        {
            choices.remove(&query);
        }
        let (region, weight) = (event.region.as_str(), weight(touch));
        if let Some(popularity) = self.popularity.get_mut(region) {
            popularity.take_back(goods.ordinal, weight);
            self.popular_stale = true;
        }
        if let Some(segments) = self.segments.get_mut(region) {
            segments.take_back(&event.segment, goods.ordinal, weight);
            self.segments_stale = true;
        }
    }
}
