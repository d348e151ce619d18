//! How characters and words are pronounced and keyed: the tables of `common/readings/`.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::jyutping::JYUTPING;
use super::pinyin::PINYIN;
use super::system::{SoundSystem, Syllable};
use super::zhuyin::ZhuyinTable;
use crate::error::DictionaryError;
use crate::files::DictionaryFiles;
use crate::memory::{map_bytes, vec_bytes};
use crate::table::{Row, Table};

const CHARACTERS_FILE: &str = "common/readings/characters.tsv";
/// Readings of words that go before those of their characters.
const WORDS_FILE: &str = "common/readings/polyphones.tsv";
/// Readings that Taiwan has beside the others, of words and of characters.
const TAIWAN_FILE: &str = "common/readings/polyphones-taiwan.tsv";

/// Longest word of the tables.
const WORD_CHARACTERS_MAX: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Cantonese,
    Mandarin,
}

impl Dialect {
    pub fn system(self) -> &'static SoundSystem {
        match self {
            Self::Cantonese => &JYUTPING,
            Self::Mandarin => &PINYIN,
        }
    }

    /// The tone that any syllable may lose its own for.
    pub fn neutral_tone(self) -> Option<u8> {
        match self {
            Self::Cantonese => None,
            Self::Mandarin => Some(5),
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Cantonese => "jyutping",
            Self::Mandarin => "pinyin",
        }
    }
}

const DIALECTS: [Dialect; 2] = [Dialect::Cantonese, Dialect::Mandarin];

#[derive(Default)]
pub struct Readings {
    characters: FxHashMap<char, CharacterReadings>,
    /// Folded word → its readings, the usual first.
    words: FxHashMap<Box<str>, Vec<WordReading>>,
    /// Characters that a listed word begins with.
    word_starts: FxHashSet<char>,
    syllables: Vec<Syllable>,
    codes: Vec<Box<str>>,
    pub zhuyin: ZhuyinTable,
}

#[derive(Default)]
struct CharacterReadings {
    by_dialect: [Range<u32>; 2],
    codes: Range<u32>,
}

struct WordReading {
    dialect: Dialect,
    is_usual: bool,
    syllables: Range<u32>,
}

/// Syllables that were parsed already, by dialect: the tables have few, many times.
#[derive(Default)]
struct KnownSyllables<'f>([FxHashMap<&'f str, Option<Syllable>>; 2]);

/// How a listed word is said.
pub struct ListedReading<'r> {
    pub syllables: &'r [Syllable],
    /// Before the readings of its characters, or beside them.
    pub is_usual: bool,
}

impl Readings {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        let words = self.words.iter();
        let words = words.map(|(word, ways)| word.len() as u64 + vec_bytes(ways));
        let codes: u64 = self.codes.iter().map(|code| code.len() as u64).sum();
        map_bytes(&self.characters)
            + map_bytes(&self.words)
            + words.sum::<u64>()
            + vec_bytes(&self.syllables)
            + vec_bytes(&self.codes)
            + codes
    }

    /// Empty when the files are not there: nothing is then understood by its sound. `folded`: the weakest key of a
    /// character, equal in all scripts.
    pub fn load(
        files: &DictionaryFiles,
        folded: &dyn Fn(char) -> char,
    ) -> Result<Self, DictionaryError> {
        let mut readings = Self::default();
        let mut known = KnownSyllables::default();
        if let Some(text) = files.get(CHARACTERS_FILE) {
            let columns = ["char", "jyutping", "pinyin", "cangjie"];
            let table = Table::parse(CHARACTERS_FILE, text, &columns)?;
            for row in table.rows() {
                readings.add_character(&row, &mut known)?;
            }
        }
        for file in [WORDS_FILE, TAIWAN_FILE] {
            let Some(text) = files.get(file) else {
                continue;
            };
            let table = Table::parse(file, text, &["word", "jyutping", "pinyin"])?;
            for row in table.rows() {
                let is_usual = file == WORDS_FILE;
                let word: String = row.required("word")?.chars().map(folded).collect();
                readings.add_word(&row, &word, is_usual, &mut known)?;
            }
        }
        let mandarin = readings.characters.values().flat_map(|known| {
            let range = &known.by_dialect[Dialect::Mandarin as usize];
            &readings.syllables[range.start as usize..range.end as usize]
        });
        readings.zhuyin = ZhuyinTable::of(mandarin.copied());
        Ok(readings)
    }

    fn add_character<'f>(
        &mut self,
        row: &Row<'_, 'f>,
        known_syllables: &mut KnownSyllables<'f>,
    ) -> Result<(), DictionaryError> {
        let mut characters = row.required("char")?.chars();
        let (Some(character), None) = (characters.next(), characters.next()) else {
            return Err(row.error("char", "not one character"));
        };
        let mut known = CharacterReadings::default();
        for dialect in DIALECTS {
            let syllables = row.list(dialect.column());
            known.by_dialect[dialect as usize] =
                self.add_syllables(row, dialect, syllables, known_syllables)?;
        }
        let start = self.codes.len() as u32;
        for code in row.list("cangjie") {
            if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
                return Err(row.error("cangjie", &format!("{code:?} is no code")));
            }
            self.codes.push(code.into());
        }
        known.codes = start..self.codes.len() as u32;
        self.characters.insert(character, known);
        Ok(())
    }

    fn add_word<'f>(
        &mut self,
        row: &Row<'_, 'f>,
        word: &str,
        is_usual: bool,
        known_syllables: &mut KnownSyllables<'f>,
    ) -> Result<(), DictionaryError> {
        let length = word.chars().count();
        for dialect in DIALECTS {
            let cell = row.get(dialect.column());
            let syllables = cell.split_ascii_whitespace();
            let syllables = self.add_syllables(row, dialect, syllables, known_syllables)?;
            if syllables.is_empty() {
                continue;
            }
            if syllables.len() != length || length > WORD_CHARACTERS_MAX {
                return Err(row.error(
                    dialect.column(),
                    "not one syllable for each of one to four characters",
                ));
            }
            self.word_starts.extend(word.chars().next());
            let known = self.words.entry(word.into()).or_default();
            known.push(WordReading {
                dialect,
                is_usual,
                syllables,
            });
        }
        Ok(())
    }

    fn add_syllables<'f>(
        &mut self,
        row: &Row<'_, 'f>,
        dialect: Dialect,
        syllables: impl Iterator<Item = &'f str>,
        known: &mut KnownSyllables<'f>,
    ) -> Result<Range<u32>, DictionaryError> {
        let start = self.syllables.len() as u32;
        for text in syllables {
            let known = known.0[dialect as usize].entry(text);
            let syllable = known
                .or_insert_with(|| dialect.system().parse(text))
                .ok_or_else(|| {
                    row.error(dialect.column(), &format!("{text:?} is no syllable of it"))
                })?;
            self.syllables.push(syllable);
        }
        Ok(start..self.syllables.len() as u32)
    }

    /// Every character that has a reading.
    pub fn characters(&self) -> impl Iterator<Item = char> {
        self.characters.keys().copied()
    }

    fn pool(&self, range: &Range<u32>) -> &[Syllable] {
        &self.syllables[range.start as usize..range.end as usize]
    }

    /// Readings of a character, the usual first.
    pub fn of_character(&self, dialect: Dialect, character: char) -> &[Syllable] {
        self.characters
            .get(&character)
            .map_or(&[], |known| self.pool(&known.by_dialect[dialect as usize]))
    }

    /// The longest listed word that the folded text begins with: its characters and its readings.
    pub fn longest_word<'r>(
        &'r self,
        dialect: Dialect,
        folded: &str,
    ) -> Option<(usize, impl Iterator<Item = ListedReading<'r>> + use<'r>)> {
        folded
            .chars()
            .next()
            .filter(|first| self.word_starts.contains(first))?;
        let longest = folded.chars().count().min(WORD_CHARACTERS_MAX);
        (1..=longest).rev().find_map(|length| {
            let end = folded
                .char_indices()
                .nth(length)
                .map_or(folded.len(), |(at, _)| at);
            let known = self.words.get(&folded[..end])?;
            let speaks = move |reading: &&WordReading| reading.dialect == dialect;
            known.iter().find(speaks)?;
            let listed = known.iter().filter(speaks).map(|reading| ListedReading {
                syllables: self.pool(&reading.syllables),
                is_usual: reading.is_usual,
            });
            Some((length, listed))
        })
    }

    /// Cangjie codes of a character, the usual first.
    pub fn cangjie(&self, character: char) -> &[Box<str>] {
        self.characters.get(&character).map_or(&[], |known| {
            &self.codes[known.codes.start as usize..known.codes.end as usize]
        })
    }
}
