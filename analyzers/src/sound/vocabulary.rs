//! What is known of sounds: from the dictionaries once, and from a catalogue for each of its generations.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::SoundIndex;
use super::index::{Origin, VocabularyTerm};
use super::keys::{ReadingKey, reading_keys, typed_prefixes};
use super::latin::LatinWords;
use super::listen::{Heard, Listener};
use super::readings::Readings;
use super::typed::Typed;
use crate::error::DictionaryError;
use crate::files::DictionaryFiles;
use crate::region::Region;
use crate::rewrite::concepts::{Concept, ConceptLexicon};
use crate::rewrite::regional::{self, RegionTerms};
use crate::script::characters::CharacterTable;
use crate::spell::SpellVocabulary;
use crate::tokens::analysis::Analysis;
use crate::tokens::chain::Chain;

/// How usual a word of the dictionaries is in a shop that is no term of a concept.
const PLAIN_WORD_WEIGHT: f32 = 0.2;

/// Category of what is only ever a part of a word (枱 of 書枱): nobody types it alone by its sound.
const PARTS_OF_WORDS: &str = "attributes/parts";
/// How usual a concept's term is.
const TERM_WEIGHT: f32 = 0.8;
/// A word that ends terms of this many concepts times n is less than wholly usual by one part in n: 洗衣機 is said more
/// often than 洗衣劑.
const HEAD_CONCEPTS: f32 = 0.6;
/// Characters of such a word.
const HEAD_CHARACTERS: std::ops::RangeInclusive<usize> = 2..=4;
/// Concepts that end in it.
const HEAD_CONCEPTS_MIN: u32 = 2;

/// What a catalogue adds to the understanding of its queries.
#[derive(Clone, Copy)]
pub struct CatalogVocabulary<'a> {
    /// The catalogue's own terms by their sound, from `Analyzer::sound_index`.
    pub sounds: Option<&'a SoundIndex>,
    /// Whether a lower-case run of letters and digits occurs in the catalogue: such a run is never taken for a sound.
    pub is_known_latin: &'a dyn Fn(&str) -> bool,
    /// What the catalogue holds, counted, from `Analyzer::spell_vocabulary`.
    pub spelling: Option<&'a SpellVocabulary>,
}

impl CatalogVocabulary<'static> {
    /// No catalogue: only the dictionaries are known.
    pub const NONE: Self = Self {
        sounds: None,
        is_known_latin: &|_| false,
        spelling: None,
    };
}

/// The dictionaries' readings and terms by their sound.
pub struct Sounds {
    readings: Readings,
    index: SoundIndex,
    latin_words: LatinWords,
}

impl Sounds {
    /// Bytes on the heap: readings, and terms by their sound.
    pub fn heap_bytes(&self) -> u64 {
        self.readings.heap_bytes() + self.index.heap_bytes()
    }

    /// Terms of concepts and regions, the heads that they share, which weigh the more the more share them, and `words`,
    /// which may be no shop words and weigh least.
    pub fn read<'w>(
        files: &DictionaryFiles,
        chain: &Chain,
        concepts: &ConceptLexicon,
        words: impl Iterator<Item = &'w str> + Clone,
    ) -> Result<Self, DictionaryError> {
        let table = &chain.table;
        let folded = |c| table.folded(c);
        let readings = Readings::load(files, &folded)?;
        let latin_words = LatinWords::read(files, concepts, words.clone())?;
        let typed_alone = |concept: &&Concept| concept.category != PARTS_OF_WORDS;
        let terms = || {
            let concepts = concepts.iter().filter(typed_alone);
            concepts.flat_map(|concept| &concept.terms)
        };
        let of_concepts =
            terms()
                .filter(|term| term.vocabulary != "en")
                .map(|term| VocabularyTerm {
                    written: &term.text,
                    canonical: Cow::Borrowed(&term.canonical),
                    weight: TERM_WEIGHT,
                    vocabulary: Some(&term.vocabulary),
                    is_plain: false,
                });
        let regional = regional_terms(files)?;
        let regional = regional.iter().map(|term| VocabularyTerm {
            written: term,
            canonical: chain.canonical_text(term).into(),
            weight: TERM_WEIGHT,
            vocabulary: None,
            is_plain: false,
        });
        let heads = heads(concepts, chain);
        let heads = heads.iter().map(|(head, weight)| VocabularyTerm {
            written: head,
            canonical: Cow::Borrowed(head),
            weight: *weight,
            vocabulary: None,
            is_plain: false,
        });
        let words = words
            .filter(|word| word.chars().nth(1).is_some())
            .map(|word| VocabularyTerm {
                written: word,
                canonical: word.chars().map(|c| table.facts(c).canonical).collect(),
                weight: PLAIN_WORD_WEIGHT,
                vocabulary: None,
                is_plain: true,
            });
        let vocabulary = of_concepts.chain(regional).chain(heads).chain(words);
        let index = SoundIndex::build(&readings, vocabulary, Origin::Dictionary, &folded);
        Ok(Self {
            readings,
            index,
            latin_words,
        })
    }

    /// How characters are pronounced.
    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// Whether the dictionaries have a lower-case run of letters and digits as a Latin word or brand.
    pub fn is_latin_word(&self, word: &str) -> bool {
        self.latin_words.contains(word)
    }

    /// Terms with how usual they are, above 0 to 1.
    pub fn index_of<'t>(
        &self,
        terms: impl Iterator<Item = (&'t str, f32)>,
        chain: &Chain,
    ) -> SoundIndex {
        let terms = terms.map(|(term, weight)| VocabularyTerm {
            written: term,
            canonical: chain.canonical_text(term).into(),
            weight,
            vocabulary: None,
            is_plain: false,
        });
        SoundIndex::build(&self.readings, terms, Origin::Catalog, &|c| {
            chain.table.folded(c)
        })
    }

    pub fn reading_keys(&self, term: &str, chain: &Chain) -> Vec<ReadingKey> {
        let canonical = chain.canonical_text(term);
        reading_keys(&self.readings, &canonical, &|c| chain.table.folded(c))
    }

    /// What was typed as prefixes of reading keys.
    pub fn typed_prefixes(&self, text: &str, analysis: &Analysis) -> Vec<String> {
        Typed::new(text, analysis).map_or_else(Vec::new, |typed| typed_prefixes(&typed))
    }

    /// Places of a query that were typed by sound or on a wrong layout. `is_on`: whether a rule may be used.
    pub fn listen(
        &self,
        query: (&str, &Analysis),
        region: Option<&Region>,
        catalog: CatalogVocabulary<'_>,
        table: &CharacterTable,
        is_on: &dyn Fn(&str) -> bool,
    ) -> Vec<Heard> {
        let indexes: Vec<&SoundIndex> =
            std::iter::once(&self.index).chain(catalog.sounds).collect();
        let is_known_latin =
            |word: &str| self.latin_words.contains(word) || (catalog.is_known_latin)(word);
        let listener = Listener {
            readings: &self.readings,
            indexes: &indexes,
            region,
            is_known_latin: &is_known_latin,
            is_on,
            folded: &|c| table.folded(c),
        };
        listener.listen(query.0, query.1)
    }
}

/// Canonical words that several concepts' terms end in. The head of a Chinese compound is its end, and a word that all
/// regions share is no term of any concept: 滾筒洗衣機 and 直立式洗衣機 tell that 洗衣機 are sold.
fn heads(concepts: &ConceptLexicon, chain: &Chain) -> Vec<(String, f32)> {
    let mut counts: FxHashMap<&str, (u32, &str)> = FxHashMap::default();
    for concept in concepts.iter() {
        for term in concept.terms.iter().filter(|term| term.vocabulary != "en") {
            let starts = term.canonical.char_indices().rev().map(|(at, _)| at);
            for start in starts
                .take(*HEAD_CHARACTERS.end())
                .skip(HEAD_CHARACTERS.start() - 1)
            {
                let (count, last) = counts.entry(&term.canonical[start..]).or_default();
                *count += u32::from(*last != concept.id);
                *last = &concept.id;
            }
        }
    }
    let shared = counts
        .into_iter()
        .filter(|(_, (count, _))| *count >= HEAD_CONCEPTS_MIN);
    let is_word = |head: &str| {
        let folded: String = head.chars().map(|c| chain.table.folded(c)).collect();
        chain.lexicon.contains(&folded)
    };
    let mut heads: Vec<(String, f32)> = shared
        .filter(|(head, _)| is_word(head))
        .map(|(head, (count, _))| (head.to_owned(), 1.0 - HEAD_CONCEPTS / count as f32))
        .collect();
    heads.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    heads
}

fn regional_terms(files: &DictionaryFiles) -> Result<Vec<String>, DictionaryError> {
    let mut terms = Vec::new();
    for region in files.regions() {
        let file = format!("{region}/{}", regional::FILE);
        if let Some(text) = files.get(&file) {
            terms.extend(
                RegionTerms::raw_terms(&file, text)?
                    .into_iter()
                    .map(str::to_owned),
            );
        }
    }
    Ok(terms)
}
