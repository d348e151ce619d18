//! The goods that a word of the catalogue stands on: the middle of the vectors of items that have it.
//!
//! Two words can look alike to an encoder (公升, 升級) and be said of different things. What is sold under a word shows
//! what it means here.

use rustc_hash::FxHashMap;
use sampan_analyzers::{Analyzer, word_of_term};
use sampan_proto::v1;

use super::words::CountedWord;
use crate::encode::{MeanSum, centre};

/// Items whose vectors are added up for a word; more hardly move their middle.
const ITEMS_MAX: u64 = 64;

/// The goods of words, under collection.
pub struct Goods<'w> {
    places: FxHashMap<&'w str, usize>,
    words: Vec<MeanSum>,
    all: MeanSum,
}

impl<'w> Goods<'w> {
    /// Of words, in their order; vectors have so many dimensions.
    pub(super) fn of(words: &[CountedWord<'w>], dimensions: usize) -> Self {
        let places = words.iter().map(|(word, _)| *word).zip(0..);
        Self {
            places: places.collect(),
            words: vec![MeanSum::new(dimensions); words.len()],
            all: MeanSum::new(dimensions),
        }
    }

    /// Adds an item under the words of its titles.
    pub fn add(&mut self, analyzer: &Analyzer, item: &v1::Item, vector: &[f32]) {
        self.all.add(vector);
        let mut under: Vec<usize> = Vec::new();
        for title in &item.titles {
            analyzer.index_tokens(&title.text, &mut |token| {
                let place = word_of_term(token.term).and_then(|word| self.places.get(word));
                under.extend(place.filter(|place| !under.contains(place)));
            });
        }
        for place in under {
            let word = &mut self.words[place];
            if word.count() < ITEMS_MAX {
                word.add(vector);
            }
        }
    }

    /// The direction of each word's goods around the middle of all items, of length 1, in the order of the words; zero
    /// for a word without items.
    pub(super) fn directions(&self) -> Vec<Vec<f32>> {
        let all = self.all.mean();
        let direction = |word: &MeanSum| {
            let mut mean = word.mean();
            match word.count() {
                0 => {}
                _ => centre(&mut mean, &all),
            }
            mean
        };
        self.words.iter().map(direction).collect()
    }
}
