//! Words that one region adds on its own: `dictionaries/<region>/terms.tsv`.

use rustc_hash::FxHashMap;

use crate::error::DictionaryError;
use crate::table::Table;

pub const FILE: &str = "terms.tsv";

/// What a region's shoppers mean by a term.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    /// Canonical text.
    pub canonical: String,
    pub weight: f32,
}

/// Canonical term → what it means.
#[derive(Default)]
pub struct RegionTerms {
    meanings: FxHashMap<String, Vec<Meaning>>,
    longest_term: usize,
}

impl RegionTerms {
    /// Columns `term`, `means` (alternatives separated by `|`), `weight`, `source`, `note`.
    pub fn parse(
        file: &str,
        text: &str,
        canonical: &dyn Fn(&str) -> String,
    ) -> Result<Self, DictionaryError> {
        let mut terms = Self::default();
        for row in Table::parse(file, text, &["term", "means", "weight", "source"])?.rows() {
            let term = canonical(row.required("term")?);
            let weight = row.weight("weight", 1.0)?;
            row.required("means")?;
            row.required("source")?;
            terms.longest_term = terms.longest_term.max(term.chars().count());
            let meanings = terms.meanings.entry(term).or_default();
            for means in row.list("means") {
                meanings.push(Meaning {
                    canonical: canonical(means),
                    weight,
                });
            }
        }
        Ok(terms)
    }

    pub fn get(&self, canonical: &str) -> &[Meaning] {
        self.meanings.get(canonical).map_or(&[], Vec::as_slice)
    }

    pub fn longest_term(&self) -> usize {
        self.longest_term
    }

    /// Terms as written, for the lexicon.
    pub fn raw_terms<'f>(file: &'f str, text: &'f str) -> Result<Vec<&'f str>, DictionaryError> {
        let table = Table::parse(file, text, &["term", "means"])?;
        Ok(table
            .rows()
            .flat_map(|row| row.list("means").chain([row.get("term")]))
            .collect())
    }
}
