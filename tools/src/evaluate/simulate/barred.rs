//! A second opinion on restrictions: whether an item may be sold in a market, by the facts of the item itself
//! (`Hot::standing`), where recall goes by bits that were worked out before.

use std::{collections::HashMap, sync::Arc};

use sampan_engine::{
    Node,
    index::{columns::Standing, generation::Generation},
};

use super::{
    replay::{Replay, Shown},
    visits::Visit,
};

/// The facts of all items at one moment.
pub struct Facts {
    generation: Arc<Generation>,
    ordinals: HashMap<Box<str>, u32>,
}

impl Facts {
    pub fn of(node: &Node) -> Self {
        let generation = node.generation();
        let columns = &generation.columns;
        let ids = columns
            .ordinals()
            .filter_map(|ordinal| Some((columns.row(ordinal)?.id.clone(), ordinal)));
        Self {
            ordinals: ids.collect(),
            generation,
        }
    }

    /// Whether restrictions leave an item no way to a region's shoppers.
    fn is_barred(&self, item: &str, region: &str) -> bool {
        let region = self.generation.configuration.regions.find(region);
        let (Some(region), Some(ordinal)) = (region, self.ordinals.get(item)) else {
            return false;
        };
        let hot = self.generation.columns.hot(*ordinal);
        matches!(hot.standing(region, region), Standing::Barred)
    }

    /// Ids of items on lists whose market they are barred from, each once.
    pub fn barred(&self, visits: &[Visit], replay: &Replay) -> Vec<String> {
        let of_list = |(visit, list): (&Visit, &[Shown])| -> Vec<String> {
            let barred = list
                .iter()
                .filter(|shown| self.is_barred(&shown.item, &visit.region));
            barred.map(|shown| shown.item.clone()).collect()
        };
        let mut ids: Vec<String> = replay.lists(visits).flat_map(of_list).collect();
        ids.sort();
        ids.dedup();
        ids
    }
}
