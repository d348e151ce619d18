//! Words that stand beside what was typed, analysed once: the same few thousand answer query after query.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::plan::QueryTerm;
use crate::tokens::chain::Chain;
use crate::understand::terms::{Required, required_terms, scored_terms};

/// Words that are kept; about 2 kB each.
const WORDS_MAX: usize = 8_192;

/// What a plan needs of a word that was not typed.
pub struct PreparedWord {
    /// Weighed as if it had been typed.
    pub terms: Vec<QueryTerm>,
    pub required: Required,
}

/// Safe to share; holds the words that were asked for most.
pub struct PreparedWords {
    words: Cache<Box<str>, Arc<PreparedWord>>,
}

impl Default for PreparedWords {
    fn default() -> Self {
        Self {
            words: Cache::new(WORDS_MAX),
        }
    }
}

impl PreparedWords {
    /// `canonical`: canonical text.
    pub fn of(&self, canonical: &str, chain: &Chain) -> Arc<PreparedWord> {
        if let Some(known) = self.words.get(canonical) {
            return known;
        }
        let analysis = chain.analyse(canonical);
        let word = Arc::new(PreparedWord {
            terms: scored_terms(chain, &analysis, 1.0),
            required: required_terms(chain, &analysis, 0..analysis.length()),
        });
        self.words.insert(canonical.into(), word.clone());
        word
    }
}
