//! Words for people: every character of the text in exactly one word, white space left out.
//!
//! The lexicon's cut, then the conventions of word boundaries, then a guess at unknown words: neighbouring characters
//! that hardly ever stand alone are one.

use rustc_hash::FxHashSet;

use crate::normalize::Class;
use crate::segment::conventions::Conventions;
use crate::segment::lexicon::Span;
use crate::tokens::analysis::Analysis;
use crate::tokens::chain::Chain;
use crate::tokens::latin;

/// Made by `build.rs`: characters that are words by themselves.
static FREE_CHARACTERS: &str = include_str!(concat!(env!("OUT_DIR"), "/free_characters.txt"));
/// Longest guess at an unknown word, characters.
const UNKNOWN_WORD_CHARACTERS_MAX: usize = 4;

#[derive(Default)]
pub struct WordCutter {
    conventions: Conventions,
    free: FxHashSet<char>,
}

/// A text on its way to words; all counts in characters of the folded text.
struct Cutting<'a> {
    cutter: &'a WordCutter,
    analysis: &'a Analysis,
    folded: Vec<char>,
}

impl WordCutter {
    /// `alone`: characters that the dictionaries list as words, folded.
    pub fn new(conventions: Conventions, alone: impl Iterator<Item = char>) -> Self {
        Self {
            conventions,
            free: FREE_CHARACTERS.chars().chain(alone).collect(),
        }
    }

    /// Joined, the words give the text without its white space.
    pub fn words<'t>(&self, chain: &Chain, text: &'t str) -> Vec<&'t str> {
        let analysis = chain.analyse(text);
        let characters = &analysis.normal.characters;
        let folded = characters
            .iter()
            .map(|c| chain.table.folded(c.character))
            .collect();
        let cutting = Cutting {
            cutter: self,
            analysis: &analysis,
            folded,
        };
        let spans = cutting.unknown_words(cutting.joined(cutting.split(chain)));
        let mut words = Vec::new();
        let mut from = 0;
        for span in spans {
            let end = characters[span.end - 1].end as usize;
            let next = characters
                .get(span.end)
                .map_or(text.len(), |c| c.start as usize);
            // A character that folds to several is not cut; one that folds to none goes with its neighbour.
            if from < end && next >= end {
                words.extend(text[from..end].split_whitespace());
                from = end;
            }
        }
        words.extend(text[from..].split_whitespace());
        words
    }
}

impl Cutting<'_> {
    fn of(&self, span: Span) -> &[char] {
        &self.folded[span.start..span.end]
    }

    fn is_han(&self, span: Span) -> bool {
        (span.start..span.end).all(|index| self.analysis.is_han(index))
    }

    /// The lexicon's words, runs of letters and digits whole, Han words by convention.
    fn split(&self, chain: &Chain) -> Vec<Span> {
        let conventions = &self.cutter.conventions;
        let in_cantonese = conventions.is_cantonese(&self.folded);
        let known = |word: &[char]| chain.lexicon.contains(&word.iter().collect::<String>());
        let mut spans = Vec::new();
        let mut lengths = Vec::new();
        let mut index = 0;
        for word in &self.analysis.words {
            if word.end <= index {
                continue;
            }
            let start = index.max(word.start);
            let mut end = word.end;
            if self.analysis.class(start) == Some(Class::Latin) {
                end = end.max(latin::run_end(&self.analysis.normal.characters, start));
            }
            let span = Span { start, end };
            index = end;
            if !self.is_han(span) {
                spans.push(span);
                continue;
            }
            lengths.clear();
            conventions.split(self.of(span), in_cantonese, &known, &mut lengths);
            let mut from = start;
            for &length in &lengths {
                spans.push(Span {
                    start: from,
                    end: from + length,
                });
                from += length;
            }
        }
        spans
    }

    /// Merges what belongs together, left to right.
    fn joined(&self, spans: Vec<Span>) -> Vec<Span> {
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if self.belongs(*last, span) => last.end = span.end,
                _ => joined.push(span),
            }
        }
        self.with_thousands(joined)
    }

    fn belongs(&self, last: Span, next: Span) -> bool {
        let conventions = &self.cutter.conventions;
        let (one, two) = (self.of(last), self.of(next));
        let is_gap = |span: Span| self.analysis.class(span.start) == Some(Class::Gap);
        if is_gap(next) {
            // …… and ---- are one mark.
            return is_gap(last)
                && !two[0].is_whitespace()
                && [one.first(), one.last(), two.last()]
                    .iter()
                    .all(|c| *c == two.first());
        }
        (conventions.is_numeral(one) && conventions.is_numeral(two)) || conventions.joins(one, two)
    }

    /// 16,250 is one number.
    fn with_thousands(&self, spans: Vec<Span>) -> Vec<Span> {
        let is_digits = |span: Span| self.of(span).iter().all(char::is_ascii_digit);
        let is_number = |span: Span| {
            self.of(span)
                .iter()
                .all(|c| c.is_ascii_digit() || *c == ',' || *c == '.')
        };
        let mut whole: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            if let [.., number, comma] = whole[..]
                && self.of(comma) == [',']
                && span.length() == 3
                && is_digits(span)
                && is_number(number)
            {
                whole.truncate(whole.len() - 2);
                whole.push(Span {
                    start: number.start,
                    end: span.end,
                });
            } else {
                whole.push(span);
            }
        }
        whole
    }

    /// Names and loan words that no lexicon has: 普魯申科.
    fn unknown_words(&self, spans: Vec<Span>) -> Vec<Span> {
        let is_bound = |span: &Span| {
            span.length() == 1
                && self.is_han(*span)
                && !self.cutter.free.contains(&self.folded[span.start])
        };
        let mut words: Vec<Span> = Vec::with_capacity(spans.len());
        let mut last_is_bound = false;
        for span in spans {
            let bound = is_bound(&span);
            match words.last_mut() {
                Some(last)
                    if bound && last_is_bound && last.length() < UNKNOWN_WORD_CHARACTERS_MAX =>
                {
                    last.end = span.end;
                }
                _ => words.push(span),
            }
            last_is_bound = bound;
        }
        words
    }
}
