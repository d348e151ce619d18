//! Which titles are of one product: what is left of a title when the sellers' words are taken out.
//!
//! Two sellers of one thing write its words in another order and praise it in other words, but its numbers, and the
//! characters that say what it is, are the same; where those differ (有鹽, 無鹽) it is another product.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use crate::error::DictionaryError;
use crate::normalize::{Class, NormalText};
use crate::table::Table;
use crate::tokens::chain::Chain;
use crate::tokens::latin;

pub const FILE: &str = "common/sellers_words.tsv";

/// Titles with fewer characters and words say too little to tell products apart.
const PARTS_MIN: u16 = 2;

/// Stands for what a title says of the product, whatever the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ProductKey {
    /// Of the numbers with their units, each as often as it stands there.
    numbers: u64,
    /// Of the characters and Latin words, each once.
    parts: u64,
    /// How many those are.
    count: u16,
}

impl ProductKey {
    /// Whether the title says enough to tell its product: only then are equal keys of one brand one product.
    pub fn is_one(&self) -> bool {
        self.count >= PARTS_MIN
    }
}

/// Words that sellers put around titles, in the spelling of the lexicon.
#[derive(Default)]
pub struct SellersWords {
    /// By first character, the longest first.
    by_first: FxHashMap<char, Vec<Box<[char]>>>,
}

impl SellersWords {
    /// Column `word`; alternatives separated by `|`.
    pub fn parse(
        file: &str,
        text: &str,
        spelling: &dyn Fn(char) -> char,
    ) -> Result<Self, DictionaryError> {
        let mut words = Self::default();
        for row in Table::parse(file, text, &["word", "source"])?.rows() {
            for word in row.list("word") {
                let normal = NormalText::new(word);
                let characters = normal.characters.iter().map(|c| spelling(c.character));
                let characters: Box<[char]> = characters.collect();
                if let Some(first) = characters.first() {
                    words.by_first.entry(*first).or_default().push(characters);
                }
            }
        }
        for alike in words.by_first.values_mut() {
            alike.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        Ok(words)
    }

    /// Characters of the longest such word that `text` begins with.
    fn length_at(&self, text: &[char]) -> Option<usize> {
        let alike = self.by_first.get(text.first()?)?;
        let begins = alike.iter().find(|word| text.starts_with(word));
        begins.map(|word| word.len())
    }
}

/// The key of a title. The brand is the same for all that are compared, so it is taken out where a title repeats it.
pub fn key(chain: &Chain, sellers: &SellersWords, brand: &str, title: &str) -> ProductKey {
    let spelt = |text: &str| {
        let normal = NormalText::new(text);
        let folded = normal.characters.iter();
        let folded: Vec<char> = folded.map(|c| chain.table.folded(c.character)).collect();
        (normal, folded)
    };
    let (normal, folded) = spelt(title);
    let (_, brand) = spelt(brand);
    let (mut numbers, mut parts) = (0u64, Vec::new());
    let mut at = 0;
    while at < folded.len() {
        let rest = &folded[at..];
        let is_brand = !brand.is_empty() && rest.starts_with(&brand);
        let passed = is_brand.then_some(brand.len()).or(sellers.length_at(rest));
        if let Some(passed) = passed {
            at += passed;
            continue;
        }
        match normal.characters[at].class {
            Class::Gap => at += 1,
            Class::Han => {
                parts.push(hash_of(&folded[at..=at], ""));
                at += 1;
            }
            Class::Latin => {
                let digits = rest.iter().take_while(|c| c.is_ascii_digit() || **c == '.');
                // A full stop behind a number is none of it.
                let length = digits.count();
                let end = at + length - usize::from(length > 1 && rest[length - 1] == '.');
                let measure = chain.units.measure(&normal.characters, end);
                let run_end = latin::run_end(&normal.characters, at).max(at + 1);
                match measure.filter(|_| end > at) {
                    Some(measure) => {
                        numbers = numbers.wrapping_add(hash_of(&folded[at..end], measure.unit));
                        at = measure.end;
                    }
                    None => {
                        let run = hash_of(&folded[at..run_end], "");
                        match folded[at].is_ascii_digit() {
                            true => numbers = numbers.wrapping_add(run),
                            false => parts.push(run),
                        }
                        at = run_end;
                    }
                }
            }
        }
    }
    parts.sort_unstable();
    parts.dedup();
    ProductKey {
        numbers,
        count: parts.len().min(usize::from(u16::MAX)) as u16,
        parts: parts.into_iter().fold(0, u64::wrapping_add),
    }
}

fn hash_of(characters: &[char], unit: &str) -> u64 {
    let mut hash = FxHasher::default();
    characters.hash(&mut hash);
    unit.hash(&mut hash);
    hash.finish()
}
