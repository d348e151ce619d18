//! Emits the tokens of an analysed text.

use std::ops::Range;

use crate::normalize::Class;
use crate::plan::TermFamily;
use crate::script::canonical::Script;
use crate::segment::lexicon::Span;
use crate::segment::parts::Part;
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
    /// Words that begin behind the one that was come to last.
    words: std::slice::Iter<'a, Span>,
    word: Span,
    /// Parts of that word that are no words there.
    unfit: &'a [Part],
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
            words: [].iter(),
            word: Span { start: 0, end: 0 },
            unfit: &[],
            term: String::new(),
            parts: Vec::new(),
            position: 0,
        }
    }

    /// Hands over the tokens that begin within `range`, in order of position.
    pub fn run(&mut self, range: Range<usize>) {
        let characters = &self.analysis.normal.characters[..range.end];
        let words = &self.analysis.words;
        let first = words.partition_point(|word| word.end <= range.start);
        self.words = words[first..].iter();
        let mut index = range.start;
        let mut after_gap = false;
        while let Some(character) = characters.get(index) {
            if character.class == Class::Gap {
                after_gap = true;
                index += 1;
                continue;
            }
            if after_gap && self.position > 0 {
                // A phrase does not cross a gap.
                self.position += 1;
            }
            after_gap = false;
            index = if character.class == Class::Han {
                self.han(index, range.end)
            } else {
                let end = latin::run_end(characters, index);
                self.latin(index, end);
                end
            };
        }
    }

    /// A run of Han characters up to `limit`; answers where it ends. Each character, the pair it begins, and the words
    /// that begin with it.
    fn han(&mut self, start: usize, limit: usize) -> usize {
        let characters = &self.analysis.normal.characters;
        let behind = characters[start..].iter();
        let end = start + behind.take_while(|c| c.class == Class::Han).count();
        let is_folded = self.analysis.script != Script::Traditional;
        for index in start..end.min(limit) {
            let paired = index + 1 < end;
            self.emit_slice(TermFamily::Unigram, index..index + 1);
            if paired {
                self.emit_slice(TermFamily::Bigram, index..index + 2);
            }
            if is_folded {
                self.folded_grams(index, paired);
            }
            let word = self.come_to(index);
            if word.start == index {
                self.word(word);
            }
            if word.length() > 2 {
                self.sub_words(index, word);
            }
            if !paired {
                self.heads(end);
            }
            self.position += 1;
        }
        end.min(limit)
    }

    /// The word that the character stands in. To be asked in ascending order.
    #[inline]
    fn come_to(&mut self, index: usize) -> Span {
        while let [next, ..] = self.words.as_slice()
            && next.start <= index
        {
            self.word = *next;
            self.words.next();
            self.unfit = &[];
            if self.word.length() > 2 {
                let text = self.analysis.folded.slice(self.word.start..self.word.end);
                self.unfit = self.chain.unfit_parts.of_word(text);
            }
        }
        self.word
    }

    /// Whether these characters of the word that was come to last are no word there.
    fn is_unfit(&self, start: usize, end: usize) -> bool {
        let Some(from) = start.checked_sub(self.word.start) else {
            return false;
        };
        self.unfit.contains(&(from, end - self.word.start))
    }

    /// The ends, from one character up, of the run of Han characters that ends before `end`; none of a measure (2公斤).
    fn heads(&mut self, end: usize) {
        let characters = &self.analysis.normal.characters[..end];
        let run = characters.iter().rev().take(HEAD_CHARACTERS_MAX + 1);
        let longest = run.take_while(|c| c.class == Class::Han).count();
        if longest <= HEAD_CHARACTERS_MAX
            && let Some(before) = (end - longest).checked_sub(1)
            && characters[before].character.is_numeric()
        {
            return;
        }
        for start in (end - longest.min(HEAD_CHARACTERS_MAX)..end).rev() {
            if !self.is_unfit(start, end) {
                self.emit_canonical(TermFamily::Head, start..end);
            }
        }
    }

    /// One character alone says little: only where another may be meant. A pair is found however it was cut.
    fn folded_grams(&mut self, index: usize, paired: bool) {
        let analysis = self.analysis;
        if analysis.in_doubt[index] {
            self.emit_folded(index..index + 1);
        }
        if paired && (analysis.facts[index].ambiguous || analysis.facts[index + 1].ambiguous) {
            self.emit_folded(index..index + 2);
        }
    }

    /// A whole word of two or more characters.
    #[inline]
    fn word(&mut self, word: Span) {
        if is_indexed_word(self.analysis, word) {
            self.emit_canonical(TermFamily::Word, word.start..word.end);
        }
    }

    /// Words inside `word` that begin at `index`.
    fn sub_words(&mut self, index: usize, word: Span) {
        let analysis = self.analysis;
        let longest = word.end.min(index + SUB_WORD_CHARACTERS_MAX);
        for end in index + 2..=longest {
            let is_whole = end - index == word.length();
            if !is_whole
                && !self.is_unfit(index, end)
                && self
                    .chain
                    .lexicon
                    .contains(analysis.folded.slice(index..end))
            {
                self.emit_canonical(TermFamily::Word, index..end);
            }
        }
    }

    /// A run of letters and digits: as a whole, by pieces between connectors, by parts, and as a measure; a word that
    /// begins with it (T恤).
    fn latin(&mut self, start: usize, end: usize) {
        let analysis = self.analysis;
        let word = self.come_to(start);
        if word.start == start && (start..word.end).any(|index| analysis.is_han(index)) {
            self.word(word);
        }
        let characters = &analysis.normal.characters;
        if latin::is_one_part(&characters[start..end]) {
            self.emit_canonical(TermFamily::Latin, start..end);
            self.measure(latin::Part { start, end }, start..end);
            self.position += 1;
            return;
        }
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
        let Some(measure) = self.chain.units.measure(characters, part.end) else {
            return;
        };
        let letters = |place: Range<usize>| characters[place].iter().map(|c| c.character);
        let is_run = run == (part.start..measure.end)
            && letters(part.end..measure.end).eq(measure.unit.chars());
        if !is_run {
            let number = letters(part.start..part.end);
            let term = number.chain(measure.unit.chars());
            self.emit(TermFamily::Latin, part.start..measure.end, term);
        }
    }

    /// Canonical text as it stands.
    #[inline]
    fn emit_slice(&mut self, family: TermFamily, place: Range<usize>) {
        let (start, end) = self.bytes(&place);
        (self.sink)(IndexToken {
            term: self.analysis.canonical(place),
            family,
            start,
            end,
            position: self.position,
        });
    }

    #[inline]
    fn emit_canonical(&mut self, family: TermFamily, place: Range<usize>) {
        let analysis = self.analysis;
        self.emit_prefixed(family, &place, analysis.canonical(place.clone()));
    }

    #[inline]
    fn emit_folded(&mut self, place: Range<usize>) {
        let analysis = self.analysis;
        let folded = analysis.refolded.as_ref().unwrap_or(&analysis.folded);
        self.emit_prefixed(TermFamily::Folded, &place, folded.slice(place.clone()));
    }

    fn emit_prefixed(&mut self, family: TermFamily, place: &Range<usize>, text: &str) {
        self.term.clear();
        self.term.push_str(prefix(family));
        self.term.push_str(text);
        self.emit_term(family, place);
    }

    fn emit(&mut self, family: TermFamily, place: Range<usize>, text: impl Iterator<Item = char>) {
        self.term.clear();
        self.term.push_str(prefix(family));
        self.term.extend(text);
        self.emit_term(family, &place);
    }

    #[inline]
    fn emit_term(&mut self, family: TermFamily, place: &Range<usize>) {
        let (start, end) = self.bytes(place);
        (self.sink)(IndexToken {
            term: &self.term,
            family,
            start,
            end,
            position: self.position,
        });
    }

    /// Of the text as given.
    #[inline]
    fn bytes(&self, place: &Range<usize>) -> (u32, u32) {
        let characters = &self.analysis.normal.characters;
        (characters[place.start].start, characters[place.end - 1].end)
    }
}

/// Whether a word that a text is cut into has a term of its own.
pub fn is_indexed_word(analysis: &Analysis, word: Span) -> bool {
    (2..=WORD_CHARACTERS_MAX).contains(&word.length())
        && (word.start..word.end).any(|index| analysis.is_han(index))
}
