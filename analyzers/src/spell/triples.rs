//! How many items hold three characters side by side: what tells 減鹽醬油 from the other things that may stand between 減
//! and 醬.

use rustc_hash::FxHashMap;

/// Triples under collection. A catalogue of a million titles has more; those that only one item holds go first.
const HELD_MAX: usize = 4_000_000;
/// Bits of a character in a key; three make 63.
const CHARACTER_BITS: u32 = 21;

/// Counts under collection. Lossy counting (Manku and Motwani, VLDB 2002) bounds them: what is rare is forgotten whenever
/// there are too many, so that a count may be too low by as often as that happened.
pub struct TripleCounts {
    held: FxHashMap<u64, u32>,
    held_max: usize,
    /// Of one item, each once.
    of_item: Vec<u64>,
}

impl Default for TripleCounts {
    fn default() -> Self {
        Self {
            held: FxHashMap::default(),
            held_max: HELD_MAX,
            of_item: Vec::new(),
        }
    }
}

impl TripleCounts {
    /// Takes in a run of folded Han characters of the item at hand.
    pub fn add_run(&mut self, run: &[char]) {
        let triples = run.windows(3).map(|of| key([of[0], of[1], of[2]]));
        self.of_item.extend(triples);
    }

    /// Counts what the item has, as so many items.
    pub fn end_item(&mut self, items: u32) {
        self.of_item.sort_unstable();
        self.of_item.dedup();
        for triple in self.of_item.drain(..) {
            *self.held.entry(triple).or_default() += items;
        }
        let mut rare = 1;
        while self.held.len() > self.held_max {
            self.held.retain(|_, items| *items > rare);
            rare += 1;
        }
    }

    /// Each triple with the items that hold it, in order.
    pub fn into_sorted(self) -> Vec<([char; 3], u32)> {
        let mut held: Vec<(u64, u32)> = self.held.into_iter().collect();
        held.sort_unstable();
        let triples = held
            .into_iter()
            .filter_map(|(key, items)| Some((characters(key)?, items)));
        triples.collect()
    }
}

fn key(triple: [char; 3]) -> u64 {
    triple
        .iter()
        .fold(0, |key, c| key << CHARACTER_BITS | u64::from(u32::from(*c)))
}

fn characters(key: u64) -> Option<[char; 3]> {
    let at = |place: u32| {
        let bits = key >> (place * CHARACTER_BITS) & ((1 << CHARACTER_BITS) - 1);
        char::from_u32(bits as u32)
    };
    Some([at(2)?, at(1)?, at(0)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(held_max: usize, items: &[&str]) -> Vec<([char; 3], u32)> {
        let mut counts = TripleCounts {
            held_max,
            ..TripleCounts::default()
        };
        for item in items {
            for run in item.split(' ') {
                counts.add_run(&run.chars().collect::<Vec<char>>());
            }
            counts.end_item(1);
        }
        counts.into_sorted()
    }

    #[test]
    fn an_item_counts_once_however_often_it_says_so() {
        let found = counted(HELD_MAX, &["洗衣機洗衣機 洗衣機", "洗衣", "𠮷野家"]);
        assert_eq!(
            found,
            [
                (['機', '洗', '衣'], 1),
                (['洗', '衣', '機'], 1),
                (['衣', '機', '洗'], 1),
                (['𠮷', '野', '家'], 1)
            ]
        );
    }

    #[test]
    fn above_the_limit_the_rarest_are_forgotten() {
        let items = ["洗衣機", "洗衣機", "電飯煲"];
        assert_eq!(counted(2, &items).len(), 2);
        assert_eq!(counted(1, &items), [(['洗', '衣', '機'], 2)]);
    }
}
