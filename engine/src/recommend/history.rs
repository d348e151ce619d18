//! What one shopper did, in the one shape that all models read.

/// Place of an item in the tables of a model, from 0.
pub type ItemIndex = u32;

/// One thing done with an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taken {
    pub item: ItemIndex,
    /// How much it says, above 0; an order says 1.
    pub strength: f32,
}

/// What was done at one time: a basket, or a single click.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Visit {
    /// Seconds since 1970; 0 in a log without times.
    pub seconds: i64,
    pub taken: Vec<Taken>,
}

impl Visit {
    /// Adds what was taken; an item is there once, with the strongest that was done to it.
    pub fn take(&mut self, taken: Taken) {
        let known = self.taken.iter_mut().find(|known| known.item == taken.item);
        match known {
            Some(known) => known.strength = known.strength.max(taken.strength),
            None => self.taken.push(taken),
        }
    }
}

/// The visits of one shopper, oldest first.
pub type History = Vec<Visit>;

/// Items of the latest visits, latest first. An item weighs its strength × (visits ago)^-`fading` × (items of the
/// visit)^-`sharing`; one that was taken twice is there twice.
pub fn recent_items(
    history: &[Visit],
    visits_max: usize,
    fading: f32,
    sharing: f32,
) -> impl Iterator<Item = (ItemIndex, f32)> {
    let latest = history.iter().rev().take(visits_max).zip(1u16..);
    latest.flat_map(move |(visit, ago)| {
        let weight = f32::from(ago).powf(-fading) * (visit.taken.len() as f32).powf(-sharing);
        visit
            .taken
            .iter()
            .map(move |taken| (taken.item, taken.strength * weight))
    })
}

/// Sum of strengths of each item.
pub fn item_strengths(histories: &[History], items: usize) -> Vec<f32> {
    let mut sums = vec![0.0; items];
    for taken in histories.iter().flatten().flat_map(|visit| &visit.taken) {
        sums[taken.item as usize] += taken.strength;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_visits_and_small_baskets_weigh_more() {
        let visit = |items: &[ItemIndex]| Visit {
            seconds: 0,
            taken: items
                .iter()
                .map(|&item| Taken {
                    item,
                    strength: 1.0,
                })
                .collect(),
        };
        let history = [visit(&[9]), visit(&[1, 2, 3, 4]), visit(&[5])];
        let recent: Vec<_> = recent_items(&history, 2, 1.0, 0.5).collect();
        assert_eq!(
            recent,
            [(5, 1.0), (1, 0.25), (2, 0.25), (3, 0.25), (4, 0.25)]
        );
        assert_eq!(item_strengths(&[history.to_vec()], 10)[9], 1.0);
    }
}
