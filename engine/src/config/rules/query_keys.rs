//! A query as rules are compared with it.

use std::collections::HashSet;

use sampan_analyzers::{Analyzer, plan::Understood};

/// Most neighbouring words that a rule may ask for as one.
const NEIGHBOURS_MAX: usize = 8;

/// Keys of a query and of its words, blind to script, width, case and spaces: 雪柜 and 雪櫃 are one.
#[derive(Debug, Default)]
pub struct QueryKeys {
    /// Of all of it; empty when nothing is asked for.
    pub whole: String,
    /// Of every run of up to [`NEIGHBOURS_MAX`] neighbouring words, as it was typed.
    pub runs: HashSet<String>,
}

impl QueryKeys {
    /// Of a query that a shopper typed. Words are those that an item would have to match, as the analyser cuts them:
    /// 牛奶粉色 has no 奶粉, and 洗衣機唔要雪櫃 no 雪櫃; 雙門雪櫃 has 雪櫃.
    pub fn of(analyzer: &Analyzer, understood: &Understood) -> Self {
        let units = understood.units.iter();
        let texts = units.filter_map(|unit| understood.text.get(unit.source.clone()));
        let words = texts.flat_map(|text| analyzer.words(text));
        Self::of_words(analyzer, &understood.text, words)
    }

    /// Of a query that a merchandiser wrote.
    pub fn of_text(analyzer: &Analyzer, text: &str) -> Self {
        Self::of_words(analyzer, text, analyzer.words(text).into_iter())
    }

    fn of_words<'t>(
        analyzer: &Analyzer,
        whole: &str,
        words: impl Iterator<Item = &'t str>,
    ) -> Self {
        let words: Vec<String> = words.map(|word| analyzer.fold_key(word)).collect();
        let mut runs = HashSet::new();
        for from in 0..words.len() {
            for to in from + 1..=words.len().min(from + NEIGHBOURS_MAX) {
                runs.insert(words[from..to].concat());
            }
        }
        Self {
            whole: analyzer.fold_key(whole),
            runs,
        }
    }
}
