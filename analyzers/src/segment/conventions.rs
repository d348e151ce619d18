//! Conventions of word boundaries: where grammar takes for two words what the lexicon has as one. Data:
//! `dictionaries/common/segmentation.toml`, after the guidelines of Universal Dependencies for Chinese and Cantonese.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::error::DictionaryError;

pub const FILE: &str = "common/segmentation.toml";

/// Longest word that is kept whole, characters; longer ones are cut into the words they are made of.
const WORD_CHARACTERS_MAX: usize = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    classes: BTreeMap<String, String>,
    #[serde(default)]
    pair: Vec<PairRule>,
    #[serde(default)]
    front: Vec<EdgeRule>,
    #[serde(default)]
    back: Vec<EdgeRule>,
    #[serde(default)]
    join: Vec<JoinRule>,
    cantonese: CantoneseMarks,
    keep: Keep,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairRule {
    first: String,
    second: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EdgeRule {
    class: String,
    #[serde(default)]
    not_in_cantonese: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JoinRule {
    first: String,
    second: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CantoneseMarks {
    characters: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keep {
    words: String,
}

/// A set of folded characters, or any.
enum Class {
    Any,
    Of(FxHashSet<char>),
}

impl Class {
    fn has(&self, character: char) -> bool {
        match self {
            Self::Any => true,
            Self::Of(set) => set.contains(&character),
        }
    }
}

struct Edge {
    class: Class,
    not_in_cantonese: bool,
}

/// All in folded characters.
#[derive(Default)]
pub struct Conventions {
    pairs: Vec<(Class, Class)>,
    fronts: Vec<Edge>,
    backs: Vec<Edge>,
    joins: Vec<(FxHashSet<char>, FxHashSet<String>)>,
    numerals: FxHashSet<char>,
    quantifiers: FxHashSet<char>,
    classifiers: FxHashSet<char>,
    cantonese: FxHashSet<char>,
    keep: FxHashSet<String>,
}

impl Conventions {
    pub fn parse(
        file: &str,
        text: &str,
        fold: &dyn Fn(char) -> char,
    ) -> Result<Self, DictionaryError> {
        let fail = |line: usize, column: &str, reason: String| DictionaryError {
            file: file.to_owned(),
            line,
            column: column.to_owned(),
            reason,
        };
        let read: File = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map_or(0, |span| text[..span.start].matches('\n').count() + 1);
            fail(line, "segmentation", error.message().to_owned())
        })?;
        let set = |characters: &str| characters.chars().map(fold).collect::<FxHashSet<char>>();
        let named = |name: &str| {
            let characters = read.classes.get(name);
            characters
                .map(|c| set(c))
                .ok_or_else(|| fail(0, name, "no such class".to_owned()))
        };
        let class = |name: &str| match name {
            "*" => Ok(Class::Any),
            _ => named(name).map(Class::Of),
        };
        let edges = |rules: &[EdgeRule]| {
            let edge = |rule: &EdgeRule| {
                Ok(Edge {
                    class: class(&rule.class)?,
                    not_in_cantonese: rule.not_in_cantonese,
                })
            };
            rules
                .iter()
                .map(edge)
                .collect::<Result<Vec<Edge>, DictionaryError>>()
        };
        let word = |word: &str| word.chars().map(fold).collect::<String>();
        let mut pairs = Vec::new();
        for rule in &read.pair {
            pairs.push((class(&rule.first)?, class(&rule.second)?));
        }
        let join = |rule: &JoinRule| {
            (
                set(&rule.first),
                rule.second.iter().map(|second| word(second)).collect(),
            )
        };
        Ok(Self {
            pairs,
            fronts: edges(&read.front)?,
            backs: edges(&read.back)?,
            joins: read.join.iter().map(join).collect(),
            numerals: named("numeral")?,
            quantifiers: named("quantifier")?,
            classifiers: named("classifier")?,
            cantonese: set(&read.cantonese.characters),
            keep: read.keep.words.split_whitespace().map(word).collect(),
        })
    }

    pub fn is_cantonese(&self, folded: &[char]) -> bool {
        folded.iter().any(|c| self.cantonese.contains(c))
    }

    pub fn is_numeral(&self, folded: &[char]) -> bool {
        folded.iter().all(|c| self.numerals.contains(c))
    }

    /// Whether two neighbouring words are one.
    pub fn joins(&self, first: &[char], second: &[char]) -> bool {
        let [head] = first else { return false };
        self.joins.iter().any(|(heads, tails)| {
            heads.contains(head) && tails.contains(&second.iter().collect::<String>())
        })
    }

    /// Lengths of the words that a word of the lexicon is, by convention; one of its own length if it is one.
    pub fn split(
        &self,
        word: &[char],
        in_cantonese: bool,
        known: &dyn Fn(&[char]) -> bool,
        lengths: &mut Vec<usize>,
    ) {
        match self.split_at(word, in_cantonese, known) {
            Some(at) => {
                self.split(&word[..at], in_cantonese, known, lengths);
                self.split(&word[at..], in_cantonese, known, lengths);
            }
            None => lengths.push(word.len()),
        }
    }

    fn split_at(
        &self,
        word: &[char],
        in_cantonese: bool,
        known: &dyn Fn(&[char]) -> bool,
    ) -> Option<usize> {
        if word.len() < 2 || self.keep.contains(&word.iter().collect::<String>()) {
            return None;
        }
        if self.is_counted(word) {
            return Some(word.len() - 1);
        }
        let applies = |edge: &Edge| !(edge.not_in_cantonese && in_cantonese);
        match *word {
            [first, second] => self
                .pairs
                .iter()
                .any(|(one, two)| one.has(first) && two.has(second))
                .then_some(1),
            [first, _, last] => {
                let front = self
                    .fronts
                    .iter()
                    .any(|edge| applies(edge) && edge.class.has(first));
                let back = self
                    .backs
                    .iter()
                    .any(|edge| applies(edge) && edge.class.has(last));
                if front && known(&word[1..]) {
                    Some(1)
                } else {
                    (back && known(&word[..2])).then_some(2)
                }
            }
            [_, _, _, _] => (known(&word[..2]) && known(&word[2..])).then_some(2),
            _ => (1..=WORD_CHARACTERS_MAX)
                .rev()
                .find(|&at| at == 1 || known(&word[..at])),
        }
    }

    /// 三個, 第一個: a number and what it counts.
    fn is_counted(&self, word: &[char]) -> bool {
        let Some((last, number)) = word.split_last() else {
            return false;
        };
        let digits = number.strip_prefix(&['第']).unwrap_or(number);
        let is_ordinal = digits.len() < number.len();
        let is_number =
            |c: &char| self.numerals.contains(c) || (!is_ordinal && self.quantifiers.contains(c));
        !digits.is_empty() && self.classifiers.contains(last) && digits.iter().all(is_number)
    }
}
