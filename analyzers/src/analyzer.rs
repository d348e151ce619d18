//! The analyser: everything built from one set of dictionary files, immutable, shared by all threads.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::dictionary::{self, RegionChain};
use crate::error::{ConvertError, DictionaryError};
use crate::files::DictionaryFiles;
use crate::highlight;
use crate::normalize::{Class, NormalText};
use crate::plan::Understood;
use crate::product::{self, ProductKey, SellersWords};
use crate::region::{DisplayScript, Region};
use crate::rewrite::concepts::{ConceptLexicon, term_key};
use crate::rewrite::expansions::{ExpansionTable, Expansions};
use crate::rewrite::kinds::Kinds;
use crate::script::canonical::{Script, script_of};
use crate::script::convert::{Conversion, Converter};
use crate::segment::words::WordCutter;
use crate::sound::vocabulary::{CatalogVocabulary, Sounds};
use crate::sound::{ReadingKey, SoundIndex};
use crate::spell::SpellVocabularyBuilder;
use crate::spell::confusions::Confusions;
use crate::stop::StopWords;
use crate::tokens::chain::Chain;
use crate::tokens::term::IndexToken;
use crate::understand::Understanding;
use crate::understand::prepared::PreparedWords;

/// Chinese text in, tokens and query plans out.
pub struct Analyzer {
    chain: Chain,
    concepts: ConceptLexicon,
    kinds: Kinds,
    prepared: PreparedWords,
    stop_words: StopWords,
    sellers_words: SellersWords,
    regions: BTreeMap<String, RegionChain>,
    cutter: WordCutter,
    converter: Converter,
    sounds: Sounds,
    confusions: Confusions,
    index_version: String,
    version: String,
}

/// Analysers in use, by version: those of one version are one.
static IN_USE: Mutex<BTreeMap<String, Weak<Analyzer>>> = Mutex::new(BTreeMap::new());

impl Analyzer {
    /// The analyser of the files: the one that this process uses already, else a new one. It takes 100 MB and half a
    /// second to build, so nodes side by side share it.
    pub fn shared(files: &DictionaryFiles) -> Result<Arc<Self>, DictionaryError> {
        let version = dictionary::version(files);
        // Held while it is built: who comes second waits for it instead of building another.
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = in_use.get(&version).and_then(Weak::upgrade) {
            return Ok(known);
        }
        let built = Arc::new(Self::build(files)?);
        in_use.retain(|_, analyzer| analyzer.strong_count() > 0);
        in_use.insert(version, Arc::downgrade(&built));
        Ok(built)
    }

    /// Reads every dictionary file that concerns text. Fails on the first that cannot be used as it stands.
    pub fn build(files: &DictionaryFiles) -> Result<Self, DictionaryError> {
        let words = dictionary::read_words(files)?;
        let (chain, cutter) = dictionary::read_chain(files, &words)?;
        let canonical = |text: &str| chain.canonical_text(text);
        let concepts = dictionary::read_concepts(files, &chain)?;
        let sounds = Sounds::read(files, &chain, &concepts, words.listed())?;
        Ok(Self {
            confusions: Confusions::read(files, sounds.readings(), &|c| chain.table.folded(c))?,
            sounds,
            kinds: dictionary::read_kinds(files, &concepts, &chain)?,
            prepared: PreparedWords::default(),
            concepts,
            stop_words: dictionary::read_stop_words(files, &canonical)?,
            sellers_words: dictionary::read_sellers_words(files, &chain)?,
            regions: dictionary::read_regions(files, &canonical)?,
            index_version: dictionary::index_version(files),
            version: dictionary::version(files),
            cutter,
            converter: Converter::default(),
            chain,
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
        self.chain.index_tokens(text, sink);
    }

    /// A text in the spelling of the lexicon: width, case and script folded, character by character.
    pub fn lexicon_spelling(&self, text: &str) -> String {
        let normal = NormalText::new(text);
        let characters = normal.characters.iter();
        characters
            .map(|c| self.chain.table.folded(c.character))
            .collect()
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
        self.understanding(region, disabled, catalog)
            .understand(text)
    }

    /// Puts the words of narrower things (飲品: 可樂) beside those of an understood query: for one that finds little by
    /// its words alone. To be done once.
    pub fn widen(&self, understood: &mut Understood, region: &str, disabled: &HashSet<String>) {
        self.understanding(region, disabled, CatalogVocabulary::NONE)
            .widen(understood);
    }

    /// A table of near words as queries look it up.
    pub fn expansions(&self, table: &ExpansionTable) -> Expansions {
        Expansions::of(table, &self.chain)
    }

    /// Puts words that stand near in meaning (克力架: 梳打餅) beside those of an understood query: for one that finds
    /// little by all else. Of the tables the first that has a word counts. To be done once, after [`Self::widen`].
    pub fn expand(
        &self,
        understood: &mut Understood,
        tables: &[&Expansions],
        disabled: &HashSet<String>,
    ) {
        self.understanding("", disabled, CatalogVocabulary::NONE)
            .expand(understood, tables);
    }

    fn understanding<'a>(
        &'a self,
        region: &'a str,
        disabled: &'a HashSet<String>,
        catalog: CatalogVocabulary<'a>,
    ) -> Understanding<'a> {
        Understanding {
            sounds: &self.sounds,
            confusions: &self.confusions,
            catalog,
            chain: &self.chain,
            concepts: &self.concepts,
            kinds: &self.kinds,
            prepared: &self.prepared,
            stop_words: &self.stop_words,
            region: self.regions.get(region),
            region_code: region,
            disabled,
        }
    }

    /// Bytes of a title that the query matched: merged, ascending, on character boundaries.
    pub fn highlight(&self, title: &str, query: &Understood) -> Vec<Range<usize>> {
        highlight::highlight(&self.chain, title, query)
    }

    /// Key for equality and prefixes, blind to script, width, case, spaces and punctuation. It is the same whatever the
    /// dictionaries say, so it may be kept when they change.
    pub fn fold_key(&self, text: &str) -> String {
        NormalText::new(text)
            .characters
            .iter()
            .filter(|c| c.class != Class::Gap)
            .map(|c| self.chain.table.folded(c.character))
            .collect()
    }

    /// What a title says of the product, by which those of one brand are compared.
    pub fn product_key(&self, brand: &str, title: &str) -> ProductKey {
        product::key(&self.chain, &self.sellers_words, brand, title)
    }

    /// Canonical Traditional, width and case folded, white space single.
    pub fn canonical_text(&self, text: &str) -> String {
        self.chain.canonical_text(text)
    }

    /// Whether the lexicon, a word list or a concept has the word. `canonical`: canonical text.
    pub fn knows(&self, canonical: &str) -> bool {
        let folded: String = canonical
            .chars()
            .map(|c| self.chain.table.folded(c))
            .collect();
        let key = term_key(canonical);
        self.chain.lexicon.contains(&folded) || self.concepts.explain(&key).next().is_some()
    }

    /// A canonical character in the glyph that a script has for it.
    pub fn glyph(&self, canonical: char, script: DisplayScript) -> String {
        let name = match script {
            DisplayScript::HongKong => "t2hk",
            DisplayScript::Taiwan => "t2tw",
            DisplayScript::Simplified => "t2s",
            DisplayScript::Traditional => return canonical.to_string(),
        };
        let converted = name
            .parse()
            .and_then(|conversion| self.convert(&canonical.to_string(), conversion));
        converted.unwrap_or_else(|_| canonical.to_string())
    }

    /// A catalogue's terms (brands, categories, hot queries) by their sound. Weight: how usual a term is, above 0 to 1.
    pub fn sound_index<'t>(&self, terms: impl Iterator<Item = (&'t str, f32)>) -> SoundIndex {
        self.sounds.index_of(terms, &self.chain)
    }

    /// Counts what a catalogue of so many items holds, for correcting typing mistakes.
    pub fn spell_vocabulary(&self, items_total: u32) -> SpellVocabularyBuilder<'_> {
        SpellVocabularyBuilder::new(&self.chain.table, items_total)
    }

    /// What somebody would type, by sound, towards a term: jyutping, pinyin and zhuyin without tones or spaces, and the
    /// initials of each. Keys for prefix look-up; empty for a term without a reading.
    pub fn reading_keys(&self, term: &str) -> Vec<ReadingKey> {
        self.sounds.reading_keys(term, &self.chain)
    }

    /// What has been typed so far as prefixes of [`Self::reading_keys`]: tones and spaces left out, keys of a zhuyin
    /// keyboard in Latin mode read as zhuyin. Empty when it is no sound.
    pub fn typed_prefixes(&self, typed: &str) -> Vec<String> {
        self.sounds
            .typed_prefixes(typed, &self.chain.analyse(typed))
    }

    /// Bytes of readings, and of the dictionaries' terms by their sound.
    pub fn sounds_bytes(&self) -> u64 {
        self.sounds.heap_bytes()
    }

    /// Bytes of conversions that are remembered.
    pub fn conversions_bytes(&self) -> u64 {
        self.converter.cached_bytes()
    }

    /// OpenCC's conversion of that name. U+0000 is left out.
    pub fn convert(&self, text: &str, conversion: Conversion) -> Result<String, ConvertError> {
        self.converter.convert(text, conversion)
    }

    /// A text in the glyphs of a script; Traditional text is not converted as if it were Simplified (皇后 stays). What
    /// cannot be converted stays as it is.
    pub fn display(&self, text: &str, script: DisplayScript) -> String {
        let facts: Vec<_> = text.chars().map(|c| self.chain.table.facts(c)).collect();
        let written = script_of(&facts);
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
