//! Terms of a query: what they weigh, and which of them an item must hold.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::normalize::{Class, class_of};
use crate::plan::{QueryTerm, TermFamily};
use crate::tokens::analysis::Analysis;
use crate::tokens::chain::Chain;
use crate::tokens::emit::is_indexed_word;
use crate::tokens::term::{IndexToken, prefix};

/// Each letter of a Latin word beyond the second adds so much weight: a name of four letters (xpac) is one term, while
/// a name of four Han characters is seven grams.
const LETTER_WEIGHT: f32 = 0.5;
/// Letters that add weight, at most.
const LETTERS_MAX: usize = 12;

/// Factor on the head of a word that was not typed.
const NAME_HEAD_FACTOR: f32 = 3.0;

/// Factor on a gram that is folded to Simplified.
pub const FOLDED_WEIGHT: f32 = 0.3;

/// Factor on a term's BM25 score.
fn term_weight(family: TermFamily, term: &str) -> f32 {
    match family {
        TermFamily::Unigram => 1.0,
        TermFamily::Bigram => 1.0,
        TermFamily::Word => 0.1,
        TermFamily::Latin if term.contains(char::is_alphabetic) => {
            let characters = term.chars().count() - prefix(family).len();
            1.0 + LETTER_WEIGHT * characters.clamp(2, LETTERS_MAX).saturating_sub(2) as f32
        }
        TermFamily::Latin => 1.0,
        TermFamily::Head => 0.3,
        TermFamily::Folded => FOLDED_WEIGHT,
    }
}

/// All tokens of a text, weighted by family and factor, none twice.
pub fn scored_terms(chain: &Chain, analysis: &Analysis, factor: f32) -> Vec<QueryTerm> {
    let mut scored = Scored::new(factor);
    chain.tokens(analysis, &mut |token| scored.take(&token));
    scored.terms
}

/// The tokens that lie in a range of the canonical text, as [`scored_terms`] weighs them.
pub fn scored_terms_in(chain: &Chain, analysis: &Analysis, range: Range<usize>) -> Vec<QueryTerm> {
    let source = analysis.source(range.start, range.end);
    let mut scored = Scored::new(1.0);
    chain.tokens_of(analysis, range, &mut |token| {
        if source.start <= token.start as usize && token.end as usize <= source.end {
            scored.take(&token);
        }
    });
    scored.terms
}

/// Terms of a word, by [`scored_terms`], when it is another than the typed one and weighs `weight`. What a name ends in
/// says what the thing is: a 洋芋片 is no 洋芋, and that weighs more for a word that nobody typed.
pub fn terms_of_name(terms: &[QueryTerm], weight: f32) -> Vec<QueryTerm> {
    let mut terms = terms.to_vec();
    for term in &mut terms {
        term.weight *= weight;
        if term.family == TermFamily::Head {
            term.weight *= NAME_HEAD_FACTOR;
        }
    }
    terms
}

/// The terms of a text that are among `required`: all that a word needs which is only looked for whole.
pub fn terms_among(chain: &Chain, analysis: &Analysis, required: &[String]) -> Vec<QueryTerm> {
    let mut scored = Scored::new(1.0);
    chain.tokens(analysis, &mut |token| {
        if token.family == TermFamily::Head || required.iter().any(|term| term == token.term) {
            scored.take(&token);
        }
    });
    scored.terms
}

/// Terms under collection.
struct Scored {
    terms: Vec<QueryTerm>,
    seen: FxHashSet<String>,
    factor: f32,
    /// Where the last head ended, bytes.
    head_end: Option<u32>,
}

impl Scored {
    fn new(factor: f32) -> Self {
        Self {
            terms: Vec::new(),
            seen: FxHashSet::default(),
            factor,
            head_end: None,
        }
    }

    fn take(&mut self, token: &IndexToken<'_>) {
        if self.seen.contains(token.term) {
            return;
        }
        // Of the ends of one run only the longest: 牛肉 asks for what is 牛肉, not for all 肉.
        if token.family == TermFamily::Head
            && self.head_end == Some(token.end)
            && let Some(place) = self
                .terms
                .iter()
                .rposition(|t| t.family == TermFamily::Head)
        {
            self.terms.remove(place);
        }
        if token.family == TermFamily::Head {
            self.head_end = Some(token.end);
        }
        self.seen.insert(token.term.to_owned());
        self.terms.push(QueryTerm {
            term: token.term.to_owned(),
            family: token.family,
            weight: term_weight(token.family, token.term) * self.factor,
        });
    }
}

/// What an item must hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Required {
    /// However it was cut: the strictest term of each family.
    pub terms: Vec<String>,
    /// Where the words stand as words: these in place of the terms inside them.
    pub words: Vec<String>,
}

/// What an item with the characters of `range` holds.
pub fn required_terms(chain: &Chain, analysis: &Analysis, range: Range<usize>) -> Required {
    let source = analysis.source(range.start, range.end);
    let mut tokens: Vec<(TermFamily, Range<u32>, Range<usize>)> = Vec::new();
    let mut text = String::new();
    chain.tokens_of(analysis, range.clone(), &mut |token| {
        let inside = source.start <= token.start as usize && token.end as usize <= source.end;
        if inside
            && !matches!(
                token.family,
                TermFamily::Word | TermFamily::Folded | TermFamily::Head
            )
        {
            let start = text.len();
            text.push_str(token.term);
            tokens.push((token.family, token.start..token.end, start..text.len()));
        }
    });
    let (places, mut words) = word_terms(analysis, range);
    let mut terms: Vec<String> = Vec::new();
    for (family, place, term) in &tokens {
        // A pair implies its characters, a measure its number and unit, a run its parts.
        let implied = tokens.iter().any(|(other, larger, _)| {
            *other != TermFamily::Unigram
                && (*other != TermFamily::Bigram || *family == TermFamily::Unigram)
                && larger.start <= place.start
                && place.end <= larger.end
                && larger != place
        });
        let term = &text[term.clone()];
        if implied || terms.iter().any(|known| known == term) {
            continue;
        }
        let (start, end) = (place.start as usize, place.end as usize);
        let is_in_word = |word: &Range<usize>| word.start <= start && end <= word.end;
        if !places.iter().any(is_in_word) {
            words.push(term.to_owned());
        }
        terms.push(term.to_owned());
    }
    Required { terms, words }
}

/// The words with Han characters, two or more, that lie in a range: where, bytes, and as the index holds them.
fn word_terms(analysis: &Analysis, range: Range<usize>) -> (Vec<Range<usize>>, Vec<String>) {
    let inside = analysis.words.iter().filter(|word| {
        range.start <= word.start && word.end <= range.end && is_indexed_word(analysis, **word)
    });
    let terms = inside.map(|word| {
        let text = analysis.canonical(word.start..word.end);
        let term = format!("{}{text}", prefix(TermFamily::Word));
        (analysis.source(word.start, word.end), term)
    });
    terms.unzip()
}

/// What names the kind of thing: the last character, if it is Han.
pub fn head_term(canonical: &str) -> Option<String> {
    let last = canonical.chars().next_back()?;
    (class_of(last) == Class::Han).then(|| format!("{}{last}", prefix(TermFamily::Head)))
}
