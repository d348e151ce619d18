//! Words that stand near a word in meaning: found by an encoder, reviewed by people, and asked where the words of a query
//! find little. Format: the section "Near words" of `dictionaries/README.md`.

use rustc_hash::FxHashMap;

use crate::error::DictionaryError;
use crate::rewrite::VECTOR_NEIGHBOUR;
use crate::rewrite::concepts::term_key;
use crate::table::Table;
use crate::tokens::chain::Chain;
use crate::understand::alternatives::{Alternatives, Proposal};
use crate::understand::prepared::PreparedWords;
use crate::understand::terms::Required;

/// Name of the table, in `common/` and in a region's folder.
pub const FILE: &str = "expansions.tsv";
/// Neighbours of one word: what stands behind them is too far away to be worth a look-up.
pub const NEIGHBOURS_MAX: usize = 8;
/// Rows of one table; about 150 bytes of memory each.
pub const ROWS_MAX: usize = 320_000;
/// Characters of a word or a neighbour.
pub const WORD_CHARACTERS_MAX: usize = 32;

/// Factor on a neighbour: it counts for less than any word that a dictionary gives.
const NEIGHBOUR_FACTOR: f32 = 0.6;

/// A word of the catalogue that stands near another word.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour {
    /// As the table has it, or canonical, as its holder says.
    pub text: String,
    /// How near, 0.1 to 1.
    pub weight: f32,
}

/// A table as it was written: each word with its neighbours, in its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExpansionTable {
    words: Vec<(String, Vec<Neighbour>)>,
}

impl ExpansionTable {
    /// Columns `word`, `neighbour`, `weight` (0.1 to 1); others are evidence for whoever reviews the table.
    ///
    /// # Errors
    /// The first row that cannot be used: a cell that is empty, a word that is too long or its own neighbour, a weight
    /// out of range, a neighbour that comes twice, one too many of a word or of the table.
    pub fn parse(file: &str, text: &str) -> Result<Self, DictionaryError> {
        let table = Table::parse(file, text, &["word", "neighbour", "weight"])?;
        let mut words: Vec<(String, Vec<Neighbour>)> = Vec::new();
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        for (row, number) in table.rows().zip(1..) {
            if number > ROWS_MAX {
                return Err(row.error("word", &format!("more than {ROWS_MAX} rows")));
            }
            for column in ["word", "neighbour"] {
                if row.required(column)?.chars().count() > WORD_CHARACTERS_MAX {
                    let reason = format!("longer than {WORD_CHARACTERS_MAX} characters");
                    return Err(row.error(column, &reason));
                }
            }
            row.required("weight")?;
            let (word, neighbour) = (row.get("word"), row.get("neighbour"));
            if word == neighbour {
                return Err(row.error("neighbour", &format!("{word:?} is the word itself")));
            }
            let place = *places.entry(word).or_insert_with(|| {
                words.push((word.to_owned(), Vec::new()));
                words.len() - 1
            });
            let known = &mut words[place].1;
            if known.iter().any(|known| known.text == neighbour) {
                let reason = format!("{neighbour:?} stands near {word:?} already");
                return Err(row.error("neighbour", &reason));
            }
            if known.len() == NEIGHBOURS_MAX {
                let reason = format!("{word:?} has more than {NEIGHBOURS_MAX} neighbours");
                return Err(row.error("neighbour", &reason));
            }
            known.push(Neighbour {
                text: neighbour.to_owned(),
                weight: row.weight("weight", 1.0)?,
            });
        }
        Ok(Self { words })
    }

    /// Adds a word that is not in it yet, with its neighbours.
    pub fn push(&mut self, word: String, neighbours: Vec<Neighbour>) {
        self.words.push((word, neighbours));
    }

    /// Every word with its neighbours.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Neighbour])> {
        let words = self.words.iter();
        words.map(|(word, neighbours)| (word.as_str(), neighbours.as_slice()))
    }

    /// Words that have neighbours.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// A table as queries look it up: by the key of the word, whatever script it was written in.
#[derive(Debug, Default)]
pub struct Expansions {
    /// Neighbours are canonical.
    by_key: FxHashMap<String, Vec<Neighbour>>,
}

impl Expansions {
    pub fn of(table: &ExpansionTable, chain: &Chain) -> Self {
        let mut by_key: FxHashMap<String, Vec<Neighbour>> = FxHashMap::default();
        for (word, neighbours) in table.iter() {
            let known = by_key.entry(term_key(&chain.canonical_text(word)));
            let canonical = neighbours.iter().map(|neighbour| Neighbour {
                text: chain.canonical_text(&neighbour.text),
                weight: neighbour.weight,
            });
            let known = known.or_default();
            known.extend(canonical);
            known.truncate(NEIGHBOURS_MAX);
        }
        Self { by_key }
    }

    /// `None` when the table does not have the word. `canonical`: canonical text.
    fn get(&self, canonical: &str) -> Option<&[Neighbour]> {
        self.by_key.get(&term_key(canonical)).map(Vec::as_slice)
    }

    /// Puts the neighbours of the typed word beside it; answers whether the table has the word.
    pub fn add(
        &self,
        typed: &str,
        prepared: &PreparedWords,
        chain: &Chain,
        alternatives: &mut Alternatives<'_>,
    ) -> bool {
        let Some(neighbours) = self.get(typed) else {
            return false;
        };
        for neighbour in neighbours {
            let weight = neighbour.weight * NEIGHBOUR_FACTOR;
            let word = prepared.of(&neighbour.text, chain);
            // A guess, like the word of a kind: it is only looked for where it stands as words.
            let words = &word.required.words;
            let whole = word.terms.iter().filter(|term| words.contains(&term.term));
            let terms = whole.map(|term| crate::plan::QueryTerm {
                weight: term.weight * weight,
                ..term.clone()
            });
            alternatives.add_neighbour(Proposal {
                rule: VECTOR_NEIGHBOUR,
                text: neighbour.text.clone(),
                terms: terms.collect(),
                required: Required {
                    terms: words.clone(),
                    words: words.clone(),
                },
                weight,
                region: String::new(),
            });
        }
        true
    }
}
