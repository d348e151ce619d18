//! The concept lexicon: one thing, many regional words. Format: `dictionaries/common/concepts/README.md`.

use rustc_hash::FxHashMap;

use crate::error::DictionaryError;
use crate::rewrite::compounds::Compounds;
use crate::table::{Row, Table};

pub const FOLDER: &str = "common/concepts";
/// Most senses of a word that only other vocabularies have: 黄油 is butter and grease, and who types it means either.
const FOREIGN_SENSES_MAX: usize = 2;
/// Columns that are no vocabulary.
pub const FIXED_COLUMNS: [&str; 5] = ["id", "category", "weight", "source", "note"];

/// Which way a term may be rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Both,
    /// `>`: a query with it is widened, nothing is widened to it.
    OnlyUnderstood,
    /// `<`: others are widened to it, a query with it is left alone.
    OnlyTarget,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ConceptTerm {
    /// Column: `hk`, `tw`, `en` …
    pub vocabulary: String,
    /// As the table has it, without the direction mark.
    pub text: String,
    /// Canonical text. Its [`term_key`] is the key of a look-up.
    pub canonical: String,
    pub direction: Direction,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Concept {
    pub id: String,
    /// Department and section that it is sold in; may be empty.
    pub category: String,
    /// How good an item found by another region's word is, 0.1 to 1.
    pub weight: f32,
    pub source: String,
    pub note: String,
    pub terms: Vec<ConceptTerm>,
}

/// A term of a concept that was found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'l> {
    pub concept: &'l Concept,
    pub term: &'l ConceptTerm,
}

#[derive(Default)]
pub struct ConceptLexicon {
    concepts: Vec<Concept>,
    by_id: FxHashMap<String, usize>,
    by_key: FxHashMap<String, Vec<(u32, u32)>>,
    compounds: Compounds,
    longest_term: usize,
}

impl ConceptLexicon {
    pub fn iter(&self) -> impl Iterator<Item = &Concept> {
        self.concepts.iter()
    }

    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    pub fn get(&self, id: &str) -> Option<&Concept> {
        self.by_id.get(id).map(|&index| &self.concepts[index])
    }

    /// Characters of the longest canonical term.
    pub fn longest_term(&self) -> usize {
        self.longest_term
    }

    /// Every concept that has the term, in whatever vocabulary. `key`: its [`term_key`].
    pub fn explain(&self, key: &str) -> impl Iterator<Item = Found<'_>> {
        self.by_key
            .get(key)
            .into_iter()
            .flatten()
            .map(|&(concept, term)| {
                let concept = &self.concepts[concept as usize];
                Found {
                    concept,
                    term: &concept.terms[term as usize],
                }
            })
    }

    /// What a concept is called that no table lists.
    pub fn compounds_of(&self, concept: &Concept) -> &[ConceptTerm] {
        let number = self.by_id.get(&concept.id);
        number.map_or(&[], |number| self.compounds.of_concept(*number))
    }

    /// What the term means to a shopper who speaks `vocabulary`: its concepts there; if there are none, those that others
    /// mean by it, unless they are many; of a word that no table lists, what it is made of.
    pub fn understand(&self, key: &str, vocabulary: &[String]) -> Vec<Found<'_>> {
        let speaks =
            |term: &ConceptTerm| term.vocabulary == "en" || vocabulary.contains(&term.vocabulary);
        let mut own: Vec<Found> = Vec::new();
        let mut foreign: Vec<Found> = Vec::new();
        for found in self.explain(key) {
            let list = match (speaks(found.term), found.term.direction) {
                (_, Direction::OnlyTarget) => continue,
                (true, _) => &mut own,
                (false, Direction::OnlyUnderstood) => continue,
                (false, Direction::Both) => &mut foreign,
            };
            if !list
                .iter()
                .any(|known| known.concept.id == found.concept.id)
            {
                list.push(found);
            }
        }
        if !own.is_empty() {
            return own;
        }
        if foreign.len() > FOREIGN_SENSES_MAX {
            foreign.clear();
        }
        if foreign.is_empty() && !self.by_key.contains_key(key) {
            foreign.extend(self.compounds.explain(key, &self.concepts));
        }
        foreign
    }

    /// To be called when all tables are added. `is_word`: whether the lexicon has a canonical text.
    pub fn make_compounds(&mut self, is_word: &dyn Fn(&str) -> bool) {
        self.compounds = Compounds::of(&self.concepts, &self.by_key, is_word);
    }

    /// Adds one table. `canonical` turns a term as written into its key.
    pub fn add_table(
        &mut self,
        file: &str,
        text: &str,
        canonical: &dyn Fn(&str) -> String,
    ) -> Result<(), DictionaryError> {
        let table = Table::parse(file, text, &["id", "en", "weight", "source"])?;
        let vocabularies: Vec<&str> = table
            .columns()
            .iter()
            .copied()
            .filter(|name| !FIXED_COLUMNS.contains(name))
            .collect();
        for row in table.rows() {
            self.add_row(&row, &vocabularies, canonical)?;
        }
        Ok(())
    }

    fn add_row(
        &mut self,
        row: &Row,
        vocabularies: &[&str],
        canonical: &dyn Fn(&str) -> String,
    ) -> Result<(), DictionaryError> {
        let id = row.required("id")?;
        if self.by_id.contains_key(id) {
            return Err(row.error("id", &format!("{id:?} is the id of another concept too")));
        }
        let mut terms = Vec::new();
        for &vocabulary in vocabularies {
            for marked in row.list(vocabulary) {
                let term = parse_term(vocabulary, marked, canonical);
                if term.canonical.is_empty() {
                    return Err(row.error(vocabulary, &format!("{marked:?} has no letters")));
                }
                terms.push(term);
            }
        }
        let concept = Concept {
            id: id.to_owned(),
            category: row.get("category").to_owned(),
            weight: row.weight("weight", 1.0)?,
            source: row.required("source")?.to_owned(),
            note: row.get("note").to_owned(),
            terms,
        };
        let index = self.concepts.len() as u32;
        for (at, term) in concept.terms.iter().enumerate() {
            let key = term_key(&term.canonical);
            // What is typed may have a plural s more.
            self.longest_term = self.longest_term.max(term.canonical.chars().count() + 1);
            self.by_key.entry(key).or_default().push((index, at as u32));
        }
        self.by_id.insert(concept.id.clone(), self.concepts.len());
        self.concepts.push(concept);
        Ok(())
    }
}

/// Key of a canonical term: hyphens and spaces are one, and an English plural is its singular.
pub fn term_key(canonical: &str) -> String {
    let mut key = String::with_capacity(canonical.len());
    for word in canonical
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter(|w| !w.is_empty())
    {
        if !key.is_empty() {
            key.push(' ');
        }
        let singular = match word.strip_suffix('s') {
            Some(stem) if word.is_ascii() && stem.len() >= 3 && !stem.ends_with('s') => stem,
            _ => word,
        };
        key.push_str(singular);
    }
    key
}

fn parse_term(vocabulary: &str, marked: &str, canonical: &dyn Fn(&str) -> String) -> ConceptTerm {
    let (direction, text) = match marked.as_bytes().first() {
        Some(b'>') => (Direction::OnlyUnderstood, marked[1..].trim()),
        Some(b'<') => (Direction::OnlyTarget, marked[1..].trim()),
        _ => (Direction::Both, marked),
    };
    ConceptTerm {
        vocabulary: vocabulary.to_owned(),
        text: text.to_owned(),
        canonical: canonical(text),
        direction,
    }
}

/// A term as a table has it, without its direction mark.
pub struct RawTerm<'f> {
    pub vocabulary: &'f str,
    pub text: &'f str,
}

/// Id and terms of each concept of a table, for the lexicon: it must be whole before anything can be canonicalised.
pub fn raw_terms<'f>(
    file: &'f str,
    text: &'f str,
) -> Result<Vec<(&'f str, Vec<RawTerm<'f>>)>, DictionaryError> {
    let table = Table::parse(file, text, &["id"])?;
    let vocabularies: Vec<&str> = table
        .columns()
        .iter()
        .copied()
        .filter(|name| !FIXED_COLUMNS.contains(name))
        .collect();
    let terms = |row: Row<'_, 'f>| {
        let of = |&vocabulary: &&'f str| {
            row.list(vocabulary).map(move |marked| RawTerm {
                vocabulary,
                text: marked.trim_start_matches(['<', '>']).trim(),
            })
        };
        (row.get("id"), vocabularies.iter().flat_map(of).collect())
    };
    Ok(table.rows().map(terms).collect())
}
