//! jieba as it comes, with its own words: text is converted to the script of its dictionary before it is cut.

use std::ops::Range;

use jieba_rs::Jieba;
use sampan_analyzers::{Analyzer, GENERAL_LEXICON};

use super::ranges;

/// jieba over its own dictionary, unknown words guessed by its hidden Markov model.
pub struct JiebaAlone<'a> {
    jieba: Jieba,
    analyzer: &'a Analyzer,
}

impl<'a> JiebaAlone<'a> {
    /// `analyzer` converts; none of its words are used.
    ///
    /// # Errors
    /// Never, for a dictionary that was built in.
    pub fn new(analyzer: &'a Analyzer) -> anyhow::Result<Self> {
        Ok(Self {
            jieba: Jieba::with_dict(&mut GENERAL_LEXICON.as_bytes())?,
            analyzer,
        })
    }

    /// Character ranges of the words of a text without white space.
    pub fn words(&self, text: &str) -> Vec<Range<usize>> {
        let converted = self.analyzer.lexicon_spelling(text);
        // Where a character becomes several, its words would not be those of the text.
        let is_same_length = converted.chars().count() == text.chars().count();
        let text = if is_same_length { &converted } else { text };
        let tokens = self.jieba.cut(text, true);
        ranges(tokens.iter().map(|token| token.word))
    }
}
