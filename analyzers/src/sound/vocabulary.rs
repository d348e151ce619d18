//! What is known of sounds: from the dictionaries once, and from a catalogue for each of its generations.

use super::SoundIndex;
use super::index::{Origin, VocabularyTerm};
use super::keys::reading_keys;
use super::latin::LatinWords;
use super::listen::{Heard, Listener};
use super::readings::Readings;
use crate::error::DictionaryError;
use crate::files::DictionaryFiles;
use crate::region::Region;
use crate::rewrite::concepts::ConceptLexicon;
use crate::rewrite::regional::{self, RegionTerms};
use crate::script::characters::CharacterTable;
use crate::tokens::chain::Analysis;

/// How usual a word of the dictionaries is in a shop that is no term of a concept.
const PLAIN_WORD_WEIGHT: f32 = 0.2;

/// What a catalogue adds to the understanding of its queries.
#[derive(Clone, Copy)]
pub struct CatalogVocabulary<'a> {
    /// The catalogue's own terms by their sound, from `Analyzer::sound_index`.
    pub sounds: Option<&'a SoundIndex>,
    /// Whether a lower-case run of letters and digits occurs in the catalogue: such a run is never taken for a sound.
    pub is_known_latin: &'a dyn Fn(&str) -> bool,
}

impl CatalogVocabulary<'static> {
    /// No catalogue: only the dictionaries are known.
    pub const NONE: Self = Self {
        sounds: None,
        is_known_latin: &|_| false,
    };
}

/// The dictionaries' readings and terms by their sound.
pub struct Sounds {
    readings: Readings,
    index: SoundIndex,
    latin_words: LatinWords,
}

impl Sounds {
    /// Terms of concepts and regions weigh 1; `words`, which may be no shop words, less.
    pub fn read<'w>(
        files: &DictionaryFiles,
        table: &CharacterTable,
        concepts: &ConceptLexicon,
        words: impl Iterator<Item = &'w str> + Clone,
        canonical: &dyn Fn(&str) -> String,
    ) -> Result<Self, DictionaryError> {
        let folded = |c| table.folded(c);
        let readings = Readings::load(files, &folded)?;
        let latin_words = LatinWords::read(files, concepts, words.clone())?;
        let terms = concepts.iter().flat_map(|concept| &concept.terms);
        let terms = terms
            .filter(|term| term.vocabulary != "en")
            .map(|term| VocabularyTerm {
                written: &term.text,
                canonical: term.canonical.clone(),
                weight: 1.0,
                vocabulary: Some(&term.vocabulary),
                is_plain: false,
            });
        let mut regional = Vec::new();
        for region in files.regions() {
            let file = format!("{region}/{}", regional::FILE);
            if let Some(text) = files.get(&file) {
                regional.extend(
                    RegionTerms::raw_terms(&file, text)?
                        .into_iter()
                        .map(String::from),
                );
            }
        }
        let regional = regional.iter().map(|term| VocabularyTerm {
            written: term,
            canonical: canonical(term),
            weight: 1.0,
            vocabulary: None,
            is_plain: false,
        });
        let words = words
            .filter(|word| word.chars().nth(1).is_some())
            .map(|word| VocabularyTerm {
                written: word,
                canonical: canonical(word),
                weight: PLAIN_WORD_WEIGHT,
                vocabulary: None,
                is_plain: true,
            });
        let index = SoundIndex::build(
            &readings,
            terms.chain(regional).chain(words),
            Origin::Dictionary,
            &folded,
        );
        Ok(Self {
            readings,
            index,
            latin_words,
        })
    }

    /// Terms with how usual they are, above 0 to 1.
    pub fn index_of<'t>(
        &self,
        terms: impl Iterator<Item = (&'t str, f32)>,
        table: &CharacterTable,
        canonical: &dyn Fn(&str) -> String,
    ) -> SoundIndex {
        let terms = terms.map(|(term, weight)| VocabularyTerm {
            written: term,
            canonical: canonical(term),
            weight,
            vocabulary: None,
            is_plain: false,
        });
        SoundIndex::build(&self.readings, terms, Origin::Catalog, &|c| table.folded(c))
    }

    pub fn reading_keys(&self, canonical: &str, table: &CharacterTable) -> Vec<String> {
        reading_keys(&self.readings, canonical, &|c| table.folded(c))
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
