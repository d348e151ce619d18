//! Words that say nothing about a thing: 的, 嘅, the.

use rustc_hash::FxHashSet;

use crate::error::DictionaryError;
use crate::table::Table;

pub const FILE: &str = "common/stop_words.tsv";

#[derive(Default)]
pub struct StopWords(FxHashSet<String>);

impl StopWords {
    /// Column `word`; alternatives separated by `|`.
    pub fn parse(
        file: &str,
        text: &str,
        canonical: &dyn Fn(&str) -> String,
    ) -> Result<Self, DictionaryError> {
        let table = Table::parse(file, text, &["word", "source"])?;
        Ok(Self(
            table
                .rows()
                .flat_map(|row| row.list("word"))
                .map(canonical)
                .collect(),
        ))
    }

    pub fn contains(&self, canonical: &str) -> bool {
        self.0.contains(canonical)
    }
}
