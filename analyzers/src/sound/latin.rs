//! Latin words and brands that could be mistaken for sounds: mango, muji.

use rustc_hash::FxHashSet;

use crate::error::DictionaryError;
use crate::files::DictionaryFiles;
use crate::normalize::{Class, NormalText, class_of};
use crate::rewrite::concepts::ConceptLexicon;
use crate::table::Table;

const FILES: [&str; 2] = [
    "common/readings/latin-words.tsv",
    "common/readings/latin-brands.tsv",
];

/// Lower-case runs of letters and digits.
#[derive(Default)]
pub struct LatinWords(FxHashSet<Box<str>>);

impl LatinWords {
    /// The tables, and all Latin runs in the dictionaries' terms.
    pub fn read<'w>(
        files: &DictionaryFiles,
        concepts: &ConceptLexicon,
        words: impl Iterator<Item = &'w str>,
    ) -> Result<Self, DictionaryError> {
        let mut known = Self::default();
        for file in FILES {
            if let Some(text) = files.get(file) {
                known.add_table(file, text)?;
            }
        }
        let terms = concepts.iter().flat_map(|concept| &concept.terms);
        terms.for_each(|term| known.add_text(&term.text));
        words.for_each(|word| known.add_text(word));
        Ok(known)
    }

    /// Column `word`; alternatives separated by `|`.
    fn add_table(&mut self, file: &str, text: &str) -> Result<(), DictionaryError> {
        for row in Table::parse(file, text, &["word"])?.rows() {
            row.required("word")?;
            for word in row.list("word") {
                self.add_text(word);
            }
        }
        Ok(())
    }

    /// Every run of a text, and all of them together when they are its only words.
    fn add_text(&mut self, text: &str) {
        if !text.contains(|c: char| class_of(c) == Class::Latin) {
            return;
        }
        let normal = NormalText::new(text);
        let mut runs: Vec<String> = vec![String::new()];
        let mut is_latin = true;
        for c in &normal.characters {
            match c.class {
                Class::Latin => runs
                    .last_mut()
                    .into_iter()
                    .for_each(|run| run.push(c.character)),
                class => {
                    is_latin &= class == Class::Gap;
                    runs.push(String::new());
                }
            }
        }
        if is_latin {
            runs.push(runs.concat());
        }
        for run in runs {
            if run.chars().count() > 1 {
                self.0.insert(run.into());
            }
        }
    }

    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}
