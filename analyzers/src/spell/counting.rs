//! Counting what a catalogue holds and what is asked of it, for correcting typing mistakes.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::asked::Asked;
use super::followers::Followers;
use super::latin_words::LatinWords;
use super::triples::TripleCounts;
use super::vocabulary::{CharacterId, EDGE, LETTER, NUMBER, SpellVocabulary, edge, hash};
use crate::normalize::{Class, Folded, NormalText};
use crate::plan::TermFamily;
use crate::script::characters::CharacterTable;
use crate::tokens::term::prefix;

/// Characters that are told apart: all of a catalogue's, but for the odd rare one.
const CHARACTERS_MAX: usize = u16::MAX as usize;

/// What an index term is counted as; folded.
enum Counted<'x> {
    Latin(&'x str),
    /// Its hash.
    Word(u64),
    Character(char),
    Pair((char, char)),
}

/// Counts under collection.
pub struct SpellVocabularyBuilder<'t> {
    table: &'t CharacterTable,
    characters: FxHashMap<char, u32>,
    pairs: FxHashMap<(char, char), u32>,
    words: FxHashMap<u64, u32>,
    latin: FxHashMap<Box<str>, u32>,
    triples: TripleCounts,
    asked_pairs: Asked<(char, char)>,
    asked_words: Asked<u64>,
    items_total: u32,
    /// Items, and what counts as items.
    texts: u32,
}

impl<'t> SpellVocabularyBuilder<'t> {
    /// `items_total`: items of the catalogue.
    pub fn new(table: &'t CharacterTable, items_total: u32) -> Self {
        Self {
            table,
            items_total,
            texts: items_total,
            characters: FxHashMap::default(),
            pairs: FxHashMap::default(),
            words: FxHashMap::default(),
            latin: FxHashMap::default(),
            triples: TripleCounts::default(),
            asked_pairs: Asked::default(),
            asked_words: Asked::default(),
        }
    }

    /// Counts a term as the index holds it, prefix included. Glyph variants and scripts count together.
    pub fn add_term(&mut self, term: &str, items: u32) {
        match self.counted(term) {
            Some(Counted::Latin(latin)) => *self.latin.entry(latin.into()).or_default() += items,
            Some(Counted::Word(word)) => *self.words.entry(word).or_default() += items,
            Some(Counted::Character(only)) => *self.characters.entry(only).or_default() += items,
            Some(Counted::Pair(pair)) => *self.pairs.entry(pair).or_default() += items,
            None => {}
        }
    }

    fn counted<'x>(&self, term: &'x str) -> Option<Counted<'x>> {
        if let Some(latin) = term.strip_prefix(prefix(TermFamily::Latin)) {
            return Some(Counted::Latin(latin));
        }
        if let Some(word) = term.strip_prefix(prefix(TermFamily::Word)) {
            let folded: String = word.chars().map(|c| self.table.folded(c)).collect();
            return Some(Counted::Word(hash(&folded)));
        }
        let mut characters = term.chars().map(|c| self.table.folded(c));
        match (characters.next()?, characters.next(), characters.next()) {
            (only, None, _) => Some(Counted::Character(only)),
            (first, Some(second), None) if !first.is_control() => {
                Some(Counted::Pair((first, second)))
            }
            // Folded grams: their characters are counted already.
            _ => None,
        }
    }

    /// Counts what stands side by side in the titles of one item, and where runs of Han characters begin and end.
    pub fn add_titles<'x>(&mut self, titles: impl Iterator<Item = &'x str>) {
        self.add_texts(titles, 1);
    }

    /// Counts a past query as so many items that have its `terms`, as the index would hold them; to be called when all
    /// titles and terms are counted. What no title has counts once several different queries have it, so that no mistake
    /// that shoppers repeat becomes a word; a Latin word never.
    pub fn add_query<'x>(&mut self, query: &str, terms: impl Iterator<Item = &'x str>, items: u32) {
        for term in terms {
            let held = match self.counted(term) {
                Some(Counted::Latin(latin)) => self.latin.get_mut(latin),
                Some(Counted::Word(word)) => {
                    let held = self.words.get_mut(&word);
                    if held.is_none() {
                        self.asked_words.add(word, items);
                    }
                    held
                }
                Some(Counted::Character(only)) => self.characters.get_mut(&only),
                Some(Counted::Pair(pair)) => {
                    let held = self.pairs.get_mut(&pair);
                    if held.is_none() {
                        self.asked_pairs.add(pair, items);
                    }
                    held
                }
                None => None,
            };
            if let Some(held) = held {
                *held += items;
            }
        }
        self.add_texts(std::iter::once(query), items);
        self.texts += items;
    }

    fn add_texts<'x>(&mut self, texts: impl Iterator<Item = &'x str>, items: u32) {
        let mut edges: Vec<(char, char)> = Vec::new();
        let mut folded: Vec<char> = Vec::new();
        for text in texts {
            let normal = NormalText::new(text);
            for run in han_runs(&normal.characters) {
                let next = |at: Option<usize>| edge(at.and_then(|at| normal.characters.get(at)));
                folded.clear();
                folded.push(next(run.start.checked_sub(1)));
                let characters = &normal.characters[run.clone()];
                folded.extend(characters.iter().map(|c| self.table.folded(c.character)));
                folded.push(next(Some(run.end)));
                edges.push((folded[0], folded[1]));
                edges.push((folded[run.len()], folded[run.len() + 1]));
                self.triples.add_run(&folded);
            }
        }
        self.triples.end_item(items);
        edges.sort_unstable();
        edges.dedup();
        let mut marks = [(NUMBER, false), (LETTER, false)];
        for edge in edges {
            *self.pairs.entry(edge).or_default() += items;
            for (mark, is_there) in &mut marks {
                *is_there |= edge.0 == *mark || edge.1 == *mark;
            }
        }
        for (mark, _) in marks.into_iter().filter(|(_, is_there)| *is_there) {
            *self.characters.entry(mark).or_default() += items;
        }
    }

    /// Takes in what enough queries have and no title has.
    fn take_asked(&mut self) {
        for (pair, items) in std::mem::take(&mut self.asked_pairs).into_meant() {
            self.pairs.insert(pair, items);
            for character in [pair.0, pair.1] {
                self.characters.entry(character).or_insert(items);
            }
        }
        self.words
            .extend(std::mem::take(&mut self.asked_words).into_meant());
    }

    pub fn build(mut self) -> SpellVocabulary {
        self.take_asked();
        let mut characters: Vec<(char, u32)> = self.characters.into_iter().collect();
        characters.push((EDGE, self.texts));
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
            let (second, third) = (id(&second)?, id(&third)?);
            pairs.place_of(usize::from(second), third)?;
            Some((
                pairs.place_of(usize::from(id(&first)?), second)?,
                third,
                items,
            ))
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

/// Stretches of Han characters.
fn han_runs(characters: &[Folded]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let is_han = |place: &usize| characters[*place].class == Class::Han;
        let start = (at..characters.len()).find(is_han)?;
        let end = (start..characters.len()).find(|place| !is_han(place));
        at = end.unwrap_or(characters.len());
        Some(start..at)
    })
}
