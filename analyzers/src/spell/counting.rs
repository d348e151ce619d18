//! Counting what a catalogue holds, for correcting typing mistakes.

use rustc_hash::FxHashMap;

use super::followers::Followers;
use super::latin_words::LatinWords;
use super::triples::TripleCounts;
use super::vocabulary::{CharacterId, EDGE, SpellVocabulary, hash};
use crate::normalize::{Class, NormalText};
use crate::plan::TermFamily;
use crate::script::characters::CharacterTable;
use crate::tokens::term::prefix;

/// Characters that are told apart: all of a catalogue's, but for the odd rare one.
const CHARACTERS_MAX: usize = u16::MAX as usize;

/// Counts under collection.
pub struct SpellVocabularyBuilder<'t> {
    table: &'t CharacterTable,
    characters: FxHashMap<char, u32>,
    pairs: FxHashMap<(char, char), u32>,
    words: FxHashMap<u64, u32>,
    latin: FxHashMap<Box<str>, u32>,
    triples: TripleCounts,
    items_total: u32,
}

impl<'t> SpellVocabularyBuilder<'t> {
    /// `items_total`: items of the catalogue.
    pub fn new(table: &'t CharacterTable, items_total: u32) -> Self {
        Self {
            table,
            items_total,
            characters: FxHashMap::default(),
            pairs: FxHashMap::default(),
            words: FxHashMap::default(),
            latin: FxHashMap::default(),
            triples: TripleCounts::default(),
        }
    }

    /// Counts a term as the index holds it, prefix included. Glyph variants and scripts count together.
    pub fn add_term(&mut self, term: &str, items: u32) {
        if let Some(latin) = term.strip_prefix(prefix(TermFamily::Latin)) {
            *self.latin.entry(latin.into()).or_default() += items;
            return;
        }
        if let Some(word) = term.strip_prefix(prefix(TermFamily::Word)) {
            let folded: String = word.chars().map(|c| self.table.folded(c)).collect();
            *self.words.entry(hash(&folded)).or_default() += items;
            return;
        }
        let mut characters = term.chars();
        let first = characters.next().map(|c| self.table.folded(c));
        let second = characters.next().map(|c| self.table.folded(c));
        match (first, second, characters.next()) {
            (Some(only), None, _) => *self.characters.entry(only).or_default() += items,
            (Some(first), Some(second), None) if !first.is_control() => {
                *self.pairs.entry((first, second)).or_default() += items;
            }
            // Folded grams: their characters are counted already.
            _ => {}
        }
    }

    /// Counts what stands side by side in the titles of one item, and where runs of Han characters begin and end.
    pub fn add_titles<'x>(&mut self, titles: impl Iterator<Item = &'x str>) {
        let mut edges: Vec<(char, char)> = Vec::new();
        let mut folded: Vec<char> = Vec::new();
        for title in titles {
            let normal = NormalText::new(title);
            let runs = normal.characters.split(|c| c.class != Class::Han);
            for run in runs.filter(|run| !run.is_empty()) {
                folded.clear();
                folded.push(EDGE);
                folded.extend(run.iter().map(|c| self.table.folded(c.character)));
                folded.push(EDGE);
                edges.push((EDGE, folded[1]));
                edges.push((folded[run.len()], EDGE));
                self.triples.add_run(&folded);
            }
        }
        self.triples.end_item();
        edges.sort_unstable();
        edges.dedup();
        for edge in edges {
            *self.pairs.entry(edge).or_default() += 1;
        }
    }

    /// Counts a term of a past query; only what the catalogue holds gains by it, so that no mistake that shoppers
    /// repeat becomes a word.
    pub fn add_queried(&mut self, term: &str, times: u32) {
        if let Some(latin) = term.strip_prefix(prefix(TermFamily::Latin)) {
            if let Some(items) = self.latin.get_mut(latin) {
                *items += times;
            }
            return;
        }
        if let Some(word) = term.strip_prefix(prefix(TermFamily::Word)) {
            let folded: String = word.chars().map(|c| self.table.folded(c)).collect();
            if let Some(items) = self.words.get_mut(&hash(&folded)) {
                *items += times;
            }
            return;
        }
        let folded: Vec<char> = term.chars().map(|c| self.table.folded(c)).collect();
        let known = match folded[..] {
            [only] => self.characters.get_mut(&only),
            [first, second] => self.pairs.get_mut(&(first, second)),
            _ => None,
        };
        if let Some(items) = known {
            *items += times;
        }
    }

    pub fn build(self) -> SpellVocabulary {
        let mut characters: Vec<(char, u32)> = self.characters.into_iter().collect();
        characters.push((EDGE, self.items_total));
        characters.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        characters.truncate(CHARACTERS_MAX);
        let ids: FxHashMap<char, CharacterId> = characters
            .iter()
            .enumerate()
            .map(|(id, (character, _))| (*character, id as CharacterId))
            .collect();
        let id = |character: &char| ids.get(character).copied();
        let pairs = self.pairs.iter();
        let pairs = pairs.filter_map(|((first, second), items)| {
            Some((usize::from(id(first)?), id(second)?, *items))
        });
        let pairs = Followers::new(characters.len(), pairs.collect());
        let triples = self.triples.into_sorted().into_iter();
        let triples = triples.filter_map(|([first, second, third], items)| {
            let pair = pairs.place_of(usize::from(id(&first)?), id(&second)?)?;
            Some((pair, id(&third)?, items))
        });
        let triples = Followers::new(pairs.len(), triples.collect());
        SpellVocabulary {
            total: characters.iter().map(|(_, items)| *items as f32).sum(),
            items_total: self.items_total.max(1),
            ids,
            characters,
            pairs,
            triples,
            words: self.words,
            latin: LatinWords::new(self.latin),
        }
    }
}
