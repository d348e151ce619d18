//! The analyser: everything built from one set of dictionary files, immutable, shared by all threads.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::error::{ConvertError, DictionaryError};
use crate::files::{COMMON, DictionaryFiles};
use crate::highlight;
use crate::normalize::{Class, NormalText};
use crate::plan::Understood;
use crate::region::{DisplayScript, Region};
use crate::rewrite::concepts::{self, ConceptLexicon};
use crate::rewrite::regional::{self, RegionTerms};
use crate::rewrite::spoken::{self, SpokenPatterns};
use crate::script::canonical::{PhraseTable, Script, script_of};
use crate::script::characters::{CharacterTable, Evidence};
use crate::script::convert::{Conversion, Converter};
use crate::segment::lexicon::{LEXICON_HASH, Lexicon};
use crate::segment::words::WordCutter;
use crate::sound::keys::reading_keys;
use crate::sound::latin::{self, LatinWords};
use crate::sound::readings::Readings;
use crate::sound::{SoundIndex, VocabularyTerm};
use crate::stop::{self, StopWords};
use crate::table::Table;
use crate::tokens::chain::Chain;
use crate::tokens::measure::{self, Units};
use crate::tokens::term::IndexToken;
use crate::understand::Understanding;

/// Raised by whoever changes what the chain emits for the same dictionaries: the index asks to be rebuilt.
const CHAIN_VERSION: u32 = 1;
/// In `common/` and in a region's folder.
const WORDS_FILE: &str = "words.tsv";
/// Frequency of a dictionary term in the lexicon's scale (total about 6 × 10⁷): enough to hold its parts together.
const TERM_FREQUENCY: usize = 300;
/// How usual a dictionary word is that is no term of a concept: it may be no shop word at all.
const PLAIN_WORD_WEIGHT: f32 = 0.3;

/// What one region adds.
pub struct RegionChain {
    pub region: Region,
    pub terms: RegionTerms,
    pub spoken: SpokenPatterns,
}

/// What a catalogue adds to the understanding of its queries.
#[derive(Clone, Copy)]
pub struct CatalogVocabulary<'a> {
    /// The catalogue's own terms by their sound, from [`Analyzer::sound_index`].
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

/// Chinese text in, tokens and query plans out.
pub struct Analyzer {
    chain: Chain,
    concepts: ConceptLexicon,
    stop_words: StopWords,
    regions: BTreeMap<String, RegionChain>,
    cutter: WordCutter,
    converter: Converter,
    readings: Readings,
    sounds: SoundIndex,
    latin_words: LatinWords,
    index_version: String,
    version: String,
}

impl Analyzer {
    /// Reads every dictionary file that concerns text. Fails on the first that cannot be used as it stands.
    pub fn build(files: &DictionaryFiles) -> Result<Self, DictionaryError> {
        let words = read_words(files)?;
        let chain = build_chain(files, &words)?;
        let canonical = |text: &str| canonical_text(&chain, text);
        let mut lexicon = ConceptLexicon::default();
        for (file, text) in files
            .in_folder(concepts::FOLDER)
            .filter(|(file, _)| file.ends_with(".tsv"))
        {
            lexicon.add_table(file, text, &canonical)?;
        }
        let stop_words = match files.get(stop::FILE) {
            Some(text) => StopWords::parse(stop::FILE, text, &canonical)?,
            None => StopWords::default(),
        };
        let regions = read_regions(files, &canonical)?;
        let readings = Readings::load(files, &|c| chain.table.folded(c))?;
        let sounds = sound_index(&chain, &readings, &lexicon, &words);
        let latin_words = read_latin_words(files, &lexicon, &words)?;
        Ok(Self {
            readings,
            sounds,
            latin_words,
            cutter: WordCutter::new(),
            index_version: index_version(files),
            version: version(files),
            chain,
            concepts: lexicon,
            stop_words,
            regions,
            converter: Converter::default(),
        })
    }

    /// Hash of all that changes index tokens. Two analysers of one index version emit the same tokens.
    pub fn index_version(&self) -> &str {
        &self.index_version
    }

    /// Hash of everything.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Hands every index token of a text to the sink, positions ascending.
    pub fn index_tokens(&self, text: &str, sink: &mut dyn FnMut(IndexToken<'_>)) {
        self.chain.tokens(&self.chain.analyse(text), sink);
    }

    /// The words of a text. Joined they give the text without its white space.
    pub fn words<'t>(&self, text: &'t str) -> Vec<&'t str> {
        self.cutter.words(&self.chain, text)
    }

    /// The plan for a query typed in a region; an unknown region adds nothing of its own. `disabled`: ids of rules.
    pub fn understand(&self, text: &str, region: &str, disabled: &HashSet<String>) -> Understood {
        self.understand_in(text, region, disabled, CatalogVocabulary::NONE)
    }

    /// The same, for a query to a catalogue whose vocabulary is known.
    pub fn understand_in(
        &self,
        text: &str,
        region: &str,
        disabled: &HashSet<String>,
        catalog: CatalogVocabulary<'_>,
    ) -> Understood {
        Understanding {
            readings: &self.readings,
            sounds: &self.sounds,
            latin_words: &self.latin_words,
            catalog,
            chain: &self.chain,
            concepts: &self.concepts,
            stop_words: &self.stop_words,
            region: self.regions.get(region),
            region_code: region,
            disabled,
        }
        .understand(text)
    }

    /// Bytes of a title that the query matched: merged, ascending, on character boundaries.
    pub fn highlight(&self, title: &str, query: &Understood) -> Vec<Range<usize>> {
        highlight::highlight(&self.chain, title, query)
    }

    /// Key for equality and prefixes, blind to script, width, case, spaces and punctuation.
    pub fn fold_key(&self, text: &str) -> String {
        NormalText::new(text)
            .characters
            .iter()
            .filter(|c| c.class != Class::Gap)
            .map(|c| self.chain.table.folded(c.character))
            .collect()
    }

    /// A catalogue's terms (brands, categories, hot queries) by their sound. Weight: how usual a term is, above 0 to 1.
    pub fn sound_index<'t>(&self, terms: impl Iterator<Item = (&'t str, f32)>) -> SoundIndex {
        let terms = terms.map(|(term, weight)| VocabularyTerm {
            written: term,
            canonical: canonical_text(&self.chain, term),
            weight,
            vocabulary: None,
        });
        SoundIndex::build(&self.readings, terms, &|c| self.chain.table.folded(c))
    }

    /// What somebody would type, by sound, towards a term: jyutping, pinyin and zhuyin without tones or spaces, and the
    /// initials of each. Keys for prefix look-up; empty for a term without a reading.
    pub fn reading_keys(&self, term: &str) -> Vec<String> {
        let canonical = canonical_text(&self.chain, term);
        reading_keys(&self.readings, &canonical, &|c| self.chain.table.folded(c))
    }

    /// OpenCC's conversion of that name. U+0000 is left out.
    pub fn convert(&self, text: &str, conversion: Conversion) -> Result<String, ConvertError> {
        self.converter.convert(text, conversion)
    }

    /// A text in the glyphs of a script; Traditional text is not converted as if it were Simplified (皇后 stays). What
    /// cannot be converted stays as it is.
    pub fn display(&self, text: &str, script: DisplayScript) -> String {
        let written = script_of(&self.chain.table, text.chars());
        let name = match (script, written) {
            (DisplayScript::Simplified, _) => "t2s",
            (DisplayScript::Traditional, Script::Traditional) => return text.to_owned(),
            (DisplayScript::HongKong, Script::Traditional) => "t2hk",
            (DisplayScript::Taiwan, Script::Traditional) => "t2tw",
            (DisplayScript::Traditional, _) => "s2t",
            (DisplayScript::HongKong, _) => "s2hk",
            (DisplayScript::Taiwan, _) => "s2tw",
        };
        let converted = name
            .parse()
            .and_then(|conversion| self.convert(text, conversion));
        converted.unwrap_or_else(|_| text.to_owned())
    }

    pub fn concepts(&self) -> &ConceptLexicon {
        &self.concepts
    }

    /// What the region's `region.toml` states.
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.get(code).map(|chain| &chain.region)
    }
}

fn canonical_text(chain: &Chain, text: &str) -> String {
    let canonical: String = chain.analyse(text).canonical.into_iter().collect();
    canonical.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The dictionaries' terms by their sound: concepts, regional terms, words.
fn sound_index(
    chain: &Chain,
    readings: &Readings,
    lexicon: &ConceptLexicon,
    words: &BTreeMap<String, usize>,
) -> SoundIndex {
    let concepts = lexicon.iter().flat_map(|concept| {
        let terms = concept.terms.iter().filter(|term| term.vocabulary != "en");
        terms.map(|term| VocabularyTerm {
            written: &term.text,
            canonical: term.canonical.clone(),
            weight: 1.0,
            vocabulary: Some(&term.vocabulary),
        })
    });
    let others = words.keys().map(|word| VocabularyTerm {
        written: word,
        canonical: canonical_text(chain, word),
        weight: PLAIN_WORD_WEIGHT,
        vocabulary: None,
    });
    SoundIndex::build(readings, concepts.chain(others), &|c| chain.table.folded(c))
}

fn read_latin_words(
    files: &DictionaryFiles,
    lexicon: &ConceptLexicon,
    words: &BTreeMap<String, usize>,
) -> Result<LatinWords, DictionaryError> {
    let mut known = LatinWords::default();
    for file in latin::FILES {
        if let Some(text) = files.get(file) {
            known.add_table(file, text)?;
        }
    }
    let terms = lexicon.iter().flat_map(|concept| &concept.terms);
    for text in terms.map(|term| &term.text).chain(words.keys()) {
        known.add_text(text);
    }
    Ok(known)
}

/// Words that dictionaries add to the lexicon, width-folded, with their frequency.
fn read_words(files: &DictionaryFiles) -> Result<BTreeMap<String, usize>, DictionaryError> {
    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |word: &str, frequency: usize| {
        let folded = NormalText::new(word).text();
        if folded.chars().count() > 1 && !folded.contains(char::is_whitespace) {
            let known = words.entry(folded).or_default();
            *known = frequency.max(*known);
        }
    };
    for folder in files.regions().iter().map(String::as_str).chain([COMMON]) {
        let file = format!("{folder}/{WORDS_FILE}");
        let Some(text) = files.get(&file) else {
            continue;
        };
        for row in Table::parse(&file, text, &["word", "freq", "source"])?.rows() {
            let frequency = row
                .required("freq")?
                .parse()
                .map_err(|_| row.error("freq", "not a whole number"))?;
            add(row.required("word")?, frequency);
            row.required("source")?;
        }
    }
    for (file, text) in files
        .in_folder(concepts::FOLDER)
        .filter(|(file, _)| file.ends_with(".tsv"))
    {
        for term in concepts::raw_terms(file, text)?.into_iter().flatten() {
            add(term, TERM_FREQUENCY);
        }
    }
    for region in files.regions() {
        let file = format!("{region}/{}", regional::FILE);
        if let Some(text) = files.get(&file) {
            for term in RegionTerms::raw_terms(&file, text)? {
                add(term, TERM_FREQUENCY);
            }
        }
    }
    Ok(words)
}

fn build_chain(
    files: &DictionaryFiles,
    words: &BTreeMap<String, usize>,
) -> Result<Chain, DictionaryError> {
    let table = CharacterTable::load();
    let mut phrases = PhraseTable::load();
    let mut lexicon = Lexicon::load().map_err(|error| DictionaryError {
        file: "jieba".to_owned(),
        line: 0,
        column: "lexicon".to_owned(),
        reason: error.to_string(),
    })?;
    for (word, &frequency) in words {
        let folded: String = word.chars().map(|c| table.folded(c)).collect();
        lexicon.add(&folded, frequency);
        learn_phrase(&table, &mut phrases, word, &folded);
    }
    let units = match files.get(measure::FILE) {
        Some(text) => Units::parse(measure::FILE, text)?,
        None => Units::default(),
    };
    Ok(Chain {
        table,
        phrases,
        lexicon,
        units,
    })
}

/// What the Simplified spelling of a Traditional word stands for, where its characters alone would not tell: 公仔面 is
/// 公仔麵.
fn learn_phrase(table: &CharacterTable, phrases: &mut PhraseTable, word: &str, folded: &str) {
    if word
        .chars()
        .any(|c| table.facts(c).evidence == Evidence::Simplified)
    {
        return;
    }
    let canonical: String = word.chars().map(|c| table.facts(c).canonical).collect();
    let by_character: String = folded.chars().map(|c| table.facts(c).traditional).collect();
    if by_character != canonical
        && word
            .chars()
            .any(|c| table.facts(c).evidence == Evidence::Traditional)
    {
        phrases.insert(folded, &canonical);
    }
}

fn read_regions(
    files: &DictionaryFiles,
    canonical: &dyn Fn(&str) -> String,
) -> Result<BTreeMap<String, RegionChain>, DictionaryError> {
    let mut common = SpokenPatterns::default();
    let common_file = format!("{COMMON}/{}", spoken::FILE);
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
        let spoken_file = format!("{code}/{}", spoken::FILE);
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

/// The files that `read_words` and `build_chain` read, beside the built-in lexicon.
fn index_version(files: &DictionaryFiles) -> String {
    hash_of(files.0.iter().filter(|(path, _)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        path.starts_with(concepts::FOLDER)
            || path.as_str() == measure::FILE
            || name == WORDS_FILE
            || name == regional::FILE
    }))
}

fn version(files: &DictionaryFiles) -> String {
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
