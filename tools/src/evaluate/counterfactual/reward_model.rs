//! What an item earns at a place in a context: means of the log, coarser ones where there is little of the finer.

use std::collections::HashMap;

use super::data::{Impression, LoggedData, Situation};

/// Impressions of the coarser mean that a finer one begins with, when it is shrunk.
pub const SHRINKAGE: f64 = 10.0;

/// A sum and what it is of.
#[derive(Debug, Default, Clone, Copy)]
struct Cell {
    rewards: f64,
    impressions: f64,
}

impl Cell {
    /// The mean, drawn toward a coarser one; that one where there is nothing.
    fn mean(self, coarser: f64, shrinkage: f64) -> f64 {
        let impressions = self.impressions + shrinkage;
        if impressions > 0.0 {
            (self.rewards + shrinkage * coarser) / impressions
        } else {
            coarser
        }
    }
}

/// Mean rewards of context × place × item, of place × item, of items, and of all.
#[derive(Debug, Default)]
pub struct RewardModel {
    shrinkage: f64,
    all: Cell,
    items: HashMap<u32, Cell>,
    placed: HashMap<(u32, u32), Cell>,
    cells: HashMap<(u32, u32, u32), Cell>,
}

impl RewardModel {
    /// Learns from impressions. `shrinkage`: 0, or [`SHRINKAGE`].
    pub fn learn<'d>(
        data: &LoggedData,
        impressions: impl Iterator<Item = &'d Impression>,
        shrinkage: f64,
    ) -> Self {
        let mut model = Self {
            shrinkage,
            ..Self::default()
        };
        for impression in impressions {
            let (
                Situation {
                    context, position, ..
                },
                _,
            ) = data.place_of(impression);
            let item = impression.item;
            let cells = [
                &mut model.all,
                model.items.entry(item).or_default(),
                model.placed.entry((position, item)).or_default(),
                model.cells.entry((context, position, item)).or_default(),
            ];
            for cell in cells {
                cell.rewards += impression.reward;
                cell.impressions += 1.0;
            }
        }
        model
    }

    /// What is expected of an item.
    pub fn expected(&self, context: u32, position: u32, item: u32) -> f64 {
        let cell = self.cells.get(&(context, position, item)).copied();
        cell.unwrap_or_default()
            .mean(self.coarser(position, item), self.shrinkage)
    }

    /// What is expected of an item at a place, whatever the context.
    pub fn coarser(&self, position: u32, item: u32) -> f64 {
        let all = self.all.mean(0.0, 0.0);
        let of_item = self.items.get(&item).copied().unwrap_or_default();
        let placed = self
            .placed
            .get(&(position, item))
            .copied()
            .unwrap_or_default();
        placed.mean(of_item.mean(all, self.shrinkage), self.shrinkage)
    }

    /// What is expected of a plan's choice in a situation.
    pub fn expected_of_choice(&self, situation: Situation, choice: &[(u32, f64)]) -> f64 {
        let parts = choice.iter().map(|(item, probability)| {
            probability * self.expected(situation.context, situation.position, *item)
        });
        parts.sum()
    }

    /// Impressions learnt of an item at a place in a context.
    pub fn seen(&self, context: u32, position: u32, item: u32) -> f64 {
        let cell = self.cells.get(&(context, position, item));
        cell.map_or(0.0, |cell| cell.impressions)
    }

    /// Whether the item was ever seen at the place.
    pub fn has_been_at(&self, position: u32, item: u32) -> bool {
        self.placed.contains_key(&(position, item))
    }
}
