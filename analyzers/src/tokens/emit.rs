//! Emits the tokens of an analysed text.

use std::ops::Range;

use crate::normalize::Class;
use crate::plan::TermFamily;
use crate::script::canonical::Script;
use crate::segment::lexicon::Span;
use crate::tokens::analysis::Analysis;
use crate::tokens::chain::Chain;
use crate::tokens::latin;
use crate::tokens::term::{IndexToken, prefix};

/// Longest part of a word that is indexed beside it, characters.
const SUB_WORD_CHARACTERS_MAX: usize = 4;
/// Longest end of a run that is indexed as its head, characters.
const HEAD_CHARACTERS_MAX: usize = 4;
/// Longer words are found by their parts.
const WORD_CHARACTERS_MAX: usize = 12;

pub struct Emitter<'a, 's> {
    chain: &'a Chain,
    analysis: &'a Analysis,
    sink: &'s mut dyn FnMut(IndexToken<'_>),
    /// Reused for every term.
    term: String,
    /// Reused for every run of letters and digits.
    parts: Vec<latin::Part>,
    position: u32,
}

impl<'a, 's> Emitter<'a, 's> {
    pub fn new(
        chain: &'a Chain,
        analysis: &'a Analysis,
        sink: &'s mut dyn FnMut(IndexToken<'_>),
    ) -> Self {
        Self {
            chain,
            analysis,
            sink,
            term: String::new(),
            parts: Vec::new(),
            position: 0,
        }
    }

    /// Hands over the tokens that begin within `range`, in order of position.
    pub fn run(&mut self, range: Range<usize>) {
        let characters = &self.analysis.normal.characters[..range.end];
        let words = &self.analysis.words;
        let mut next_word = words.partition_point(|word| word.end <= range.start);
        let mut word = Span { start: 0, end: 0 };
        let mut index = range.start;
        let mut after_gap = false;
        while index < characters.len() {
            if characters[index].class == Class::Gap {
                after_gap = true;
                index += 1;
                continue;
            }
            if after_gap && self.position > 0 {
                // A phrase does not cross a gap.
                self.position += 1;
            }
            after_gap = false;
            while next_word < words.len() && words[next_word].start <= index {
                word = words[next_word];
                next_word += 1;
            }
            if characters[index].class == Class::Han {
                self.han(index, word);
                index += 1;
            } else {
                let end = latin::run_end(characters, index);
                if word.start == index {
                    self.word(word);
                }
                self.latin(index, end);
                index = end;
            }
        }
    }

    /// A character, the pair it begins, and the words that begin with it.
    fn han(&mut self, index: usize, word: Span) {
        let paired = self.analysis.is_han(index + 1);
        self.grams(index, paired);
        if word.start == index {
            self.word(word);
        }
        self.sub_words(index, word);
        if !paired {
            self.heads(index + 1);
        }
        self.position += 1;
    }

    /// The ends, from one character up, of the run of Han characters that ends before `end`; none of a measure (2公斤).
    fn heads(&mut self, end: usize) {
        let longest = (1..=end)
            .take_while(|length| self.analysis.is_han(end - length))
            .take(HEAD_CHARACTERS_MAX + 1)
            .count();
        let before = (end - longest).checked_sub(1);
        let before = before.map(|index| self.analysis.normal.characters[index].character);
        if longest <= HEAD_CHARACTERS_MAX && before.is_some_and(char::is_numeric) {
            return;
        }
        for length in 1..=longest.min(HEAD_CHARACTERS_MAX) {
            self.emit_canonical(TermFamily::Head, end - length..end);
        }
    }

    fn grams(&mut self, index: usize, paired: bool) {
        let analysis = self.analysis;
        let end = index + 1 + usize::from(paired);
        self.emit_gram(TermFamily::Unigram, index..index + 1);
        if paired {
            self.emit_gram(TermFamily::Bigram, index..end);
        }
        if analysis.script == Script::Traditional {
            return;
        }
        let table = &self.chain.table;
        let folded = |place| analysis.canonical(place).chars().map(|c| table.folded(c));
        // One character alone says little: only where another may be meant. A pair is found however it was cut.
        if analysis.in_doubt[index] {
            self.emit(
                TermFamily::Folded,
                index..index + 1,
                folded(index..index + 1),
            );
        }
        let ambiguous = |index: usize| analysis.facts[index].ambiguous;
        if paired && (ambiguous(index) || ambiguous(index + 1)) {
            self.emit(TermFamily::Folded, index..end, folded(index..end));
        }
    }

    /// A whole word of two or more characters, at least one of them Han.
    fn word(&mut self, word: Span) {
        if is_indexed_word(self.analysis, word) {
            self.emit_canonical(TermFamily::Word, word.start..word.end);
        }
    }

    /// Words inside `word` that begin at `index`.
    fn sub_words(&mut self, index: usize, word: Span) {
        if word.length() < 3 {
            return;
        }
        let analysis = self.analysis;
        let longest = word.end.min(index + SUB_WORD_CHARACTERS_MAX);
        for end in index + 2..=longest {
            if end - index == word.length() {
                break;
            }
            self.term.clear();
            self.term
                .extend(analysis.facts[index..end].iter().map(|facts| facts.folded));
            if self.chain.lexicon.contains(&self.term) {
                self.emit_canonical(TermFamily::Word, index..end);
            }
        }
    }

    /// A run of letters and digits: as a whole, by pieces between connectors, by parts, and as a measure.
    fn latin(&mut self, start: usize, end: usize) {
        let characters = &self.analysis.normal.characters;
        let whole = latin::whole(characters, start, end);
        self.emit(TermFamily::Latin, start..end, whole);
        let mut parts = std::mem::take(&mut self.parts);
        latin::parts(characters, start, end, &mut parts);
        for (at, part) in parts.iter().enumerate() {
            let piece = latin::piece_at(&parts, at).filter(|piece| piece != part);
            for found in piece.into_iter().chain([*part]) {
                if found != (latin::Part { start, end }) {
                    let text = characters[found.start..found.end]
                        .iter()
                        .map(|c| c.character);
                    self.emit(TermFamily::Latin, found.start..found.end, text);
                }
            }
            self.measure(*part, start..end);
            self.position += 1;
        }
        self.parts = parts;
    }

    fn measure(&mut self, part: latin::Part, run: Range<usize>) {
        let characters = &self.analysis.normal.characters;
        if !characters[part.start].character.is_numeric() {
            return;
        }
        if let Some(measure) = self.chain.units.measure(characters, part.start, part.end) {
            let is_run = run == (part.start..measure.end)
                && characters[run]
                    .iter()
                    .map(|c| c.character)
                    .eq(measure.term.chars());
            if !is_run {
                self.emit(
                    TermFamily::Latin,
                    part.start..measure.end,
                    measure.term.chars(),
                );
            }
        }
    }

    #[inline]
    fn emit_gram(&mut self, family: TermFamily, place: Range<usize>) {
        let analysis = self.analysis;
        self.hand_over(family, &place, analysis.canonical(place.clone()));
    }

    fn emit_canonical(&mut self, family: TermFamily, place: Range<usize>) {
        let analysis = self.analysis;
        let mut term = std::mem::take(&mut self.term);
        term.clear();
        term.push_str(prefix(family));
        term.push_str(analysis.canonical(place.clone()));
        self.hand_over(family, &place, &term);
        self.term = term;
    }

    fn emit(&mut self, family: TermFamily, place: Range<usize>, text: impl Iterator<Item = char>) {
        let mut term = std::mem::take(&mut self.term);
        term.clear();
        term.push_str(prefix(family));
        term.extend(text);
        self.hand_over(family, &place, &term);
        self.term = term;
    }

    #[inline]
    fn hand_over(&mut self, family: TermFamily, place: &Range<usize>, term: &str) {
        let characters = &self.analysis.normal.characters;
        (self.sink)(IndexToken {
            term,
            family,
            start: characters[place.start].start,
            end: characters[place.end - 1].end,
            position: self.position,
        });
    }
}

/// Whether a word that a text is cut into has a term of its own.
pub fn is_indexed_word(analysis: &Analysis, word: Span) -> bool {
    (2..=WORD_CHARACTERS_MAX).contains(&word.length())
        && (word.start..word.end).any(|index| analysis.is_han(index))
}
