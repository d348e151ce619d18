//! How characters and words are pronounced and keyed: the tables of `common/readings/`.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::jyutping::JYUTPING;
use super::pinyin::PINYIN;
use super::system::{SoundSystem, Syllable};
use super::zhuyin::ZhuyinTable;
use crate::error::DictionaryError;
use crate::files::DictionaryFiles;
use crate::table::{Row, Table};

const CHARACTERS_FILE: &str = "common/readings/characters.tsv";
/// Readings of words that go before those of their characters.
const WORDS_FILE: &str = "common/readings/words.tsv";
/// Readings that Taiwan has beside the others, of words and of characters.
const TAIWAN_FILE: &str = "common/readings/words-taiwan.tsv";

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
    longest_word: usize,
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

/// How a listed word is said.
pub struct ListedReading<'r> {
    pub syllables: &'r [Syllable],
    /// Before the readings of its characters, or beside them.
    pub is_usual: bool,
}

impl Readings {
    /// Empty when the files are not there: nothing is then understood by its sound. `folded`: the weakest key of a
    /// character, equal in all scripts.
    pub fn load(
        files: &DictionaryFiles,
        folded: &dyn Fn(char) -> char,
    ) -> Result<Self, DictionaryError> {
        let mut readings = Self::default();
        if let Some(text) = files.get(CHARACTERS_FILE) {
            let columns = ["char", "jyutping", "pinyin", "cangjie"];
            let table = Table::parse(CHARACTERS_FILE, text, &columns)?;
            for row in table.rows() {
                readings.add_character(&row)?;
            }
        }
        for file in [WORDS_FILE, TAIWAN_FILE] {
            let Some(text) = files.get(file) else {
                continue;
            };
            let table = Table::parse(file, text, &["word", "jyutping", "pinyin"])?;
            for row in table.rows() {
                readings.add_word(&row, file == WORDS_FILE, folded)?;
            }
        }
        let mandarin = readings.characters.values().flat_map(|known| {
            let range = &known.by_dialect[Dialect::Mandarin as usize];
            &readings.syllables[range.start as usize..range.end as usize]
        });
        readings.zhuyin = ZhuyinTable::of(mandarin.copied());
        Ok(readings)
    }

    fn add_character(&mut self, row: &Row) -> Result<(), DictionaryError> {
        let mut characters = row.required("char")?.chars();
        let (Some(character), None) = (characters.next(), characters.next()) else {
            return Err(row.error("char", "not one character"));
        };
        let mut known = CharacterReadings::default();
        for dialect in DIALECTS {
            let syllables = row.list(dialect.column());
            known.by_dialect[dialect as usize] = self.add_syllables(row, dialect, syllables)?;
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

    fn add_word(
        &mut self,
        row: &Row,
        is_usual: bool,
        folded: &dyn Fn(char) -> char,
    ) -> Result<(), DictionaryError> {
        let word: String = row.required("word")?.chars().map(folded).collect();
        let length = word.chars().count();
        for dialect in DIALECTS {
            let cell = row.get(dialect.column());
            let syllables = self.add_syllables(row, dialect, cell.split_ascii_whitespace())?;
            if syllables.is_empty() {
                continue;
            }
            if syllables.len() != length {
                return Err(row.error(dialect.column(), "not one syllable for each character"));
            }
            self.longest_word = self.longest_word.max(length);
            let known = self.words.entry(word.as_str().into()).or_default();
            known.push(WordReading {
                dialect,
                is_usual,
                syllables,
            });
        }
        Ok(())
    }

    fn add_syllables<'r>(
        &mut self,
        row: &Row,
        dialect: Dialect,
        syllables: impl Iterator<Item = &'r str>,
    ) -> Result<Range<u32>, DictionaryError> {
        let start = self.syllables.len() as u32;
        for text in syllables {
            let syllable = dialect.system().parse(text).ok_or_else(|| {
                row.error(dialect.column(), &format!("{text:?} is no syllable of it"))
            })?;
            self.syllables.push(syllable);
        }
        Ok(start..self.syllables.len() as u32)
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

    /// The longest listed word that the folded characters begin with: its length and its readings.
    pub fn longest_word<'r>(
        &'r self,
        dialect: Dialect,
        folded: &[char],
    ) -> Option<(usize, impl Iterator<Item = ListedReading<'r>> + use<'r>)> {
        let longest = self.longest_word.min(folded.len());
        (1..=longest).rev().find_map(|length| {
            let word: String = folded[..length].iter().collect();
            let known = self.words.get(word.as_str())?;
            let speaks = move |reading: &&WordReading| reading.dialect == dialect;
            known.iter().find(speaks)?;
            let readings = known.iter().filter(speaks);
            let listed = readings.map(|reading| ListedReading {
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
