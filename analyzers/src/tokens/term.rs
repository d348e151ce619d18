//! How a term is written in the index: one prefix byte for every family but the grams.

use crate::plan::TermFamily;

/// One token of a text, lent to the sink of `Analyzer::index_tokens`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexToken<'a> {
    /// Bytes as they stand in the index, prefix included.
    pub term: &'a str,
    pub family: TermFamily,
    /// Bytes of the text as given, on character boundaries.
    pub start: u32,
    pub end: u32,
    /// Never less than that of the token before; a gap where punctuation or white space stood.
    pub position: u32,
}

/// How a lower-case run of letters and digits is written in the index.
pub fn latin_term(run: &str) -> String {
    format!("{}{run}", prefix(TermFamily::Latin))
}

/// The word that a term of the index stands for, canonical; `None` for characters, pairs and ends of runs.
pub fn word_of_term(term: &str) -> Option<&str> {
    let families = [TermFamily::Word, TermFamily::Latin];
    families
        .iter()
        .find_map(|family| term.strip_prefix(prefix(*family)))
}

/// Empty for the grams, which tell each other apart by length.
#[inline]
pub fn prefix(family: TermFamily) -> &'static str {
    match family {
        TermFamily::Unigram | TermFamily::Bigram => "",
        TermFamily::Word => "\u{1}",
        TermFamily::Latin => "\u{2}",
        TermFamily::Folded => "\u{3}",
        TermFamily::Head => "\u{4}",
    }
}
