//! Reads dictionary files into the parts of an analyser.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::DictionaryError;
use crate::files::{COMMON, DictionaryFiles};
use crate::normalize::NormalText;
use crate::product::{self, SellersWords};
use crate::region::{DisplayScript, Region};
use crate::rewrite::concepts::{self, ConceptLexicon};
use crate::rewrite::kinds::{self, KindTables, Kinds};
use crate::rewrite::regional::{self, RegionTerms};
use crate::rewrite::spoken_patterns::{self, SpokenPatterns};
use crate::script::canonical::PhraseTable;
use crate::script::characters::{CharacterTable, Evidence};
use crate::segment::conventions::{self, Conventions};
use crate::segment::lexicon::{LEXICON_HASH, Lexicon, Span};
use crate::segment::parts::UnfitParts;
use crate::segment::words::WordCutter;
use crate::stop::{self, StopWords};
use crate::table::Table;
use crate::tokens::chain::Chain;
use crate::tokens::measure::{self, Units};

/// Raised by whoever changes what the chain emits for the same dictionaries: the index asks to be rebuilt.
const CHAIN_VERSION: u32 = 6;
/// Word lists in `common/` and in a region's folder: `words.tsv`, `words-cantonese.tsv`. Later names win.
const WORDS_PREFIX: &str = "words";
/// Frequency of a concept's term in the lexicon's scale (total about 6 × 10⁷), at most: enough to hold its parts
/// together.
const TERM_FREQUENCY: usize = 300;

/// Shortest word that is put together of words, characters.
const COMPOUND_CHARACTERS_MIN: usize = 4;

/// What one region adds.
pub struct RegionChain {
    pub region: Region,
    pub terms: RegionTerms,
    pub spoken: SpokenPatterns,
}

/// Words of the dictionaries, width-folded.
pub struct Words {
    /// With the frequency that a word list gives; later ones win.
    listed: Vec<(String, usize)>,
    /// Terms that mean the same, of concepts and regions.
    groups: Vec<Vec<Term>>,
    /// What a group is a kind of: both by their places in `groups`.
    broader: FxHashMap<usize, Vec<usize>>,
}

impl Words {
    /// Those of the word lists, some more than once.
    pub fn listed(&self) -> impl Iterator<Item = &str> + Clone {
        self.listed.iter().map(|(word, _)| word.as_str())
    }
}

struct Term {
    word: String,
    /// Written in Traditional, by whose vocabulary it is.
    is_traditional: bool,
}

fn folded_word(word: &str) -> String {
    NormalText::new(word).text()
}

fn is_word_list(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with(WORDS_PREFIX) && name.ends_with(".tsv")
}

fn tables_in<'f>(
    files: &'f DictionaryFiles,
    folder: &'f str,
) -> impl Iterator<Item = (&'f str, &'f str)> {
    files
        .in_folder(folder)
        .filter(|(file, _)| file.ends_with(".tsv"))
}

/// Regions that read Traditional. A vocabulary is named for the region that speaks it.
fn traditional_regions(files: &DictionaryFiles) -> Result<FxHashSet<String>, DictionaryError> {
    let mut regions = FxHashSet::default();
    for code in files.regions() {
        let file = format!("{code}/region.toml");
        let region = Region::parse(&file, files.get(&file).unwrap_or_default())?;
        if region.script != DisplayScript::Simplified {
            regions.insert(code);
        }
    }
    Ok(regions)
}

pub fn read_words(files: &DictionaryFiles) -> Result<Words, DictionaryError> {
    let mut words = Words {
        listed: Vec::new(),
        groups: Vec::new(),
        broader: FxHashMap::default(),
    };
    let traditional = traditional_regions(files)?;
    let regions = files.regions();
    for folder in std::iter::once(COMMON).chain(regions.iter().map(String::as_str)) {
        for (file, text) in files
            .in_folder(folder)
            .filter(|(file, _)| is_word_list(file))
        {
            for row in Table::parse(file, text, &["word", "freq", "source"])?.rows() {
                let frequency = row
                    .required("freq")?
                    .parse()
                    .map_err(|_| row.error("freq", "not a whole number"))?;
                row.required("source")?;
                words
                    .listed
                    .push((folded_word(row.required("word")?), frequency));
            }
        }
        let file = format!("{folder}/{}", regional::FILE);
        if let Some(text) = files.get(&file) {
            let is_traditional = traditional.contains(folder);
            let term = |term| {
                vec![Term {
                    word: folded_word(term),
                    is_traditional,
                }]
            };
            words
                .groups
                .extend(RegionTerms::raw_terms(&file, text)?.into_iter().map(term));
        }
    }
    read_concept_words(files, &traditional, &mut words)?;
    for group in &mut words.groups {
        group.retain(|Term { word, .. }| {
            word.chars().nth(1).is_some() && !word.contains(char::is_whitespace) && !word.is_ascii()
        });
    }
    Ok(words)
}

fn read_concept_words(
    files: &DictionaryFiles,
    traditional: &FxHashSet<String>,
    words: &mut Words,
) -> Result<(), DictionaryError> {
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for (file, text) in tables_in(files, concepts::FOLDER) {
        for (id, terms) in concepts::raw_terms(file, text)? {
            let term = |term: concepts::RawTerm| Term {
                word: folded_word(term.text),
                is_traditional: traditional.contains(term.vocabulary),
            };
            places.insert(id, words.groups.len());
            words.groups.push(terms.into_iter().map(term).collect());
        }
    }
    for (file, text) in tables_in(files, kinds::FOLDER) {
        for (broad, narrow) in kinds::raw_pairs(file, text)? {
            if let (Some(broad), Some(narrow)) = (places.get(broad), places.get(narrow)) {
                words.broader.entry(*narrow).or_default().push(*broad);
            }
        }
    }
    Ok(())
}

/// The chain, and the cutter of words for people, which shares its lexicon.
pub fn read_chain(
    files: &DictionaryFiles,
    words: &Words,
) -> Result<(Chain, WordCutter), DictionaryError> {
    let mut table = CharacterTable::load();
    let mut phrases = PhraseTable::load();
    let mut lexicon = Lexicon::load().map_err(|error| DictionaryError {
        file: "jieba".to_owned(),
        line: 0,
        column: "lexicon".to_owned(),
        reason: error.to_string(),
    })?;
    let fold = |word: &str| word.chars().map(|c| table.folded(c)).collect::<String>();
    let mut alone = Vec::new();
    for (word, frequency) in &words.listed {
        let folded = fold(word);
        lexicon.set(&folded, *frequency);
        let mut characters = folded.chars();
        if let (Some(only), None) = (characters.next(), characters.next()) {
            alone.push(only);
        } else if shows_traditional(&table, word) {
            learn_word(&table, &mut phrases, word);
        }
    }
    let groups: Vec<Vec<String>> = words
        .groups
        .iter()
        .map(|group| group.iter().map(|term| fold(&term.word)).collect())
        .collect();
    let unfit_parts = add_terms(&mut lexicon, &groups, &words.broader);
    for term in words.groups.iter().flatten() {
        if term.is_traditional {
            learn_word(&table, &mut phrases, &term.word);
        }
    }
    for group in &words.groups {
        learn_from_siblings(&table, &mut phrases, group);
    }
    table.mark_varying(&phrases);
    phrases.mark_refolding(&|c| table.folded(c));
    let units = match files.get(measure::FILE) {
        Some(text) => Units::parse(measure::FILE, text)?,
        None => Units::default(),
    };
    let conventions = match files.get(conventions::FILE) {
        Some(text) => Conventions::parse(conventions::FILE, text, &|c| table.folded(c))?,
        None => Conventions::default(),
    };
    let cutter = WordCutter::new(conventions, alone.into_iter());
    Ok((
        Chain {
            table,
            phrases,
            lexicon,
            unfit_parts,
            units,
        },
        cutter,
    ))
}

/// Adds the terms of groups that mean the same, folded, to the lexicon. What begins with a word holds together no more
/// than its pieces would side by side, so that it tears no longer word before it: 電單車|碟煞.
fn add_terms(
    lexicon: &mut Lexicon,
    groups: &[Vec<String>],
    broader: &FxHashMap<usize, Vec<usize>>,
) -> UnfitParts {
    let mut pieces: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut new: Vec<(&str, usize)> = Vec::new();
    let mut spans = Vec::new();
    for word in groups.iter().flatten() {
        lexicon.cut(word, &mut spans);
        let lengths: Vec<usize> = spans.iter().map(Span::length).collect();
        if !lexicon.contains(word) || lengths.len() > 1 {
            let begins_with_word = lengths.first().is_some_and(|length| *length > 1);
            let is_long = lengths.iter().sum::<usize>() >= COMPOUND_CHARACTERS_MIN;
            let is_compound = lengths.len() > 1 && is_long && begins_with_word;
            let least = is_compound.then(|| lexicon.frequency_to_hold(word));
            new.push((word, least.unwrap_or(TERM_FREQUENCY).min(TERM_FREQUENCY)));
        }
        pieces.insert(word.clone(), lengths);
    }
    for (word, frequency) in new {
        lexicon.set(word, frequency);
    }
    UnfitParts::of(groups, broader, &pieces, &|word| lexicon.contains(word))
}

fn shows_traditional(table: &CharacterTable, word: &str) -> bool {
    let has = |evidence| word.chars().any(|c| table.facts(c).evidence == evidence);
    has(Evidence::Traditional) && !has(Evidence::Simplified)
}

/// What the Simplified spelling of a Traditional word stands for: 公仔面 is 公仔麵.
fn learn_word(table: &CharacterTable, phrases: &mut PhraseTable, word: &str) {
    let canonical: String = word.chars().map(|c| table.facts(c).canonical).collect();
    let folded: String = word.chars().map(|c| table.folded(c)).collect();
    let by_character: String = folded.chars().map(|c| table.facts(c).traditional).collect();
    phrases.learn(&folded, &canonical, &by_character);
}

/// What a Simplified term stands for, as far as the Traditional words for the same thing tell: 快熟面 is 快熟麵, since
/// 即食麵 and 泡麵 are its siblings.
fn learn_from_siblings(table: &CharacterTable, phrases: &mut PhraseTable, group: &[Term]) {
    let siblings: FxHashSet<char> = group
        .iter()
        .filter(|term| term.is_traditional && shows_traditional(table, &term.word))
        .flat_map(|term| term.word.chars().map(|c| table.facts(c).canonical))
        .collect();
    for term in group.iter().filter(|term| !term.is_traditional) {
        let folded: String = term.word.chars().map(|c| table.folded(c)).collect();
        let by_character: String = folded.chars().map(|c| table.facts(c).traditional).collect();
        let as_siblings = |c: char| {
            let alone = table.facts(c).traditional;
            let mut others = table
                .readings(c)
                .iter()
                .filter(|reading| siblings.contains(reading));
            match (others.next(), others.next()) {
                (Some(only), None) => *only,
                _ => alone,
            }
        };
        let canonical: String = folded.chars().map(as_siblings).collect();
        if canonical != by_character {
            phrases.learn(&folded, &canonical, &by_character);
        }
    }
}

pub fn read_concepts(
    files: &DictionaryFiles,
    chain: &Chain,
) -> Result<ConceptLexicon, DictionaryError> {
    let mut lexicon = ConceptLexicon::default();
    for (file, text) in tables_in(files, concepts::FOLDER) {
        lexicon.add_table(file, text, &|text| chain.canonical_text(text))?;
    }
    let is_word = |canonical: &str| {
        let folded: String = canonical.chars().map(|c| chain.table.folded(c)).collect();
        chain.lexicon.contains(&folded)
    };
    lexicon.make_compounds(&is_word);
    Ok(lexicon)
}

pub fn read_kinds(
    files: &DictionaryFiles,
    concepts: &ConceptLexicon,
    chain: &Chain,
) -> Result<Kinds, DictionaryError> {
    let mut tables = KindTables::default();
    for (file, text) in tables_in(files, kinds::FOLDER) {
        tables.add_table(file, text, concepts)?;
    }
    tables.follow(concepts, chain)
}

pub fn read_stop_words(
    files: &DictionaryFiles,
    canonical: &dyn Fn(&str) -> String,
) -> Result<StopWords, DictionaryError> {
    match files.get(stop::FILE) {
        Some(text) => StopWords::parse(stop::FILE, text, canonical),
        None => Ok(StopWords::default()),
    }
}

pub fn read_sellers_words(
    files: &DictionaryFiles,
    chain: &Chain,
) -> Result<SellersWords, DictionaryError> {
    match files.get(product::FILE) {
        Some(text) => SellersWords::parse(product::FILE, text, &|c| chain.table.folded(c)),
        None => Ok(SellersWords::default()),
    }
}

pub fn read_regions(
    files: &DictionaryFiles,
    canonical: &dyn Fn(&str) -> String,
) -> Result<BTreeMap<String, RegionChain>, DictionaryError> {
    let mut common = SpokenPatterns::default();
    let common_file = format!("{COMMON}/{}", spoken_patterns::FILE);
    if let Some(text) = files.get(&common_file) {
        common.add(&common_file, text, canonical)?;
    }
    let mut regions = BTreeMap::new();
    for code in files.regions() {
        let file = format!("{code}/region.toml");
        let region = Region::parse(&file, files.get(&file).unwrap_or_default())?;
        let terms_file = format!("{code}/{}", regional::FILE);
        let terms = match files.get(&terms_file) {
            Some(text) => RegionTerms::parse(&terms_file, text, canonical)?,
            None => RegionTerms::default(),
        };
        let spoken_file = format!("{code}/{}", spoken_patterns::FILE);
        let mut spoken = common.clone();
        if let Some(text) = files.get(&spoken_file) {
            spoken.add(&spoken_file, text, canonical)?;
        }
        regions.insert(
            code,
            RegionChain {
                region,
                terms,
                spoken,
            },
        );
    }
    Ok(regions)
}

/// Hash of what `read_chain` reads for the index, beside the built-in lexicon.
pub fn index_version(files: &DictionaryFiles) -> String {
    hash_of(files.0.iter().filter(|(path, _)| {
        path.starts_with(concepts::FOLDER)
            || path.starts_with(kinds::FOLDER)
            || path.as_str() == measure::FILE
            || is_word_list(path)
            || path.ends_with(&format!("/{}", regional::FILE))
            || path.ends_with("/region.toml")
    }))
}

/// Hash of all the files and the built-in lexicon.
pub fn version(files: &DictionaryFiles) -> String {
    hash_of(files.0.iter())
}

fn hash_of<'f>(files: impl Iterator<Item = (&'f String, &'f String)>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(LEXICON_HASH.as_bytes())
        .update(&CHAIN_VERSION.to_le_bytes());
    for (path, text) in files {
        for part in [path, text] {
            hasher
                .update(&(part.len() as u64).to_le_bytes())
                .update(part.as_bytes());
        }
    }
    hasher.finalize().to_hex()[..16].to_owned()
}
