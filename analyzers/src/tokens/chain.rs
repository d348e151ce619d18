//! The index chain: folds, cuts, canonicalises and emits tokens. One for all regions.

use std::ops::Range;

use crate::normalize::{Class, NormalText};
use crate::plan::TermFamily;
use crate::script::canonical::{PhraseTable, Script, push_canonical, script_of};
use crate::script::characters::CharacterTable;
use crate::segment::lexicon::{Lexicon, Span};
use crate::tokens::latin;
use crate::tokens::measure::Units;
use crate::tokens::term::{IndexToken, MAX_TERM_BYTES, prefix};

/// Longest part of a word that is indexed beside it, characters.
const SUB_WORD_CHARACTERS_MAX: usize = 4;
/// Longer words are found by their parts.
const WORD_CHARACTERS_MAX: usize = 12;

pub struct Chain {
    pub table: CharacterTable,
    pub phrases: PhraseTable,
    pub lexicon: Lexicon,
    pub units: Units,
}

/// A text, folded, cut and canonicalised. All vectors count in characters of the folded text.
pub struct Analysis {
    pub normal: NormalText,
    pub script: Script,
    pub words: Vec<Span>,
    /// Canonical Traditional, as long as the folded text.
    pub canonical: Vec<char>,
}

impl Analysis {
    /// Bytes of the text as given that the characters `start..end` came from.
    pub fn source(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let characters = &self.normal.characters[start..end];
        match (characters.first(), characters.last()) {
            (Some(first), Some(last)) => first.start as usize..last.end as usize,
            _ => 0..0,
        }
    }

    pub fn class(&self, index: usize) -> Option<Class> {
        self.normal.characters.get(index).map(|c| c.class)
    }

    pub fn is_han(&self, index: usize) -> bool {
        self.class(index) == Some(Class::Han)
    }

    /// Whether a word begins or ends before each character, and at the end. A run of letters and digits is never cut.
    pub fn boundaries(&self) -> Vec<bool> {
        let characters = &self.normal.characters;
        let mut boundaries = vec![false; characters.len() + 1];
        boundaries[0] = true;
        for word in &self.words {
            boundaries[word.end] = true;
        }
        let mut index = 0;
        while index < characters.len() {
            index = match characters[index].class {
                Class::Han => index + 1,
                Class::Gap => {
                    boundaries[index] = true;
                    index + 1
                }
                Class::Latin => {
                    let end = latin::run_end(characters, index);
                    boundaries[index + 1..end].fill(false);
                    boundaries[end] = !self.is_inside_word(end);
                    end
                }
            };
        }
        boundaries
    }

    fn is_inside_word(&self, index: usize) -> bool {
        let at = self.words.partition_point(|word| word.end <= index);
        self.words
            .get(at)
            .is_some_and(|word| word.start < index && index < word.end)
    }
}

impl Chain {
    pub fn analyse(&self, text: &str) -> Analysis {
        let normal = NormalText::new(text);
        let script = script_of(&self.table, normal.characters.iter().map(|c| c.character));
        self.analyse_folded(normal, script)
    }

    /// `script`: that of the text that `normal` is all or a part of.
    pub fn analyse_folded(&self, normal: NormalText, script: Script) -> Analysis {
        let folded: String = normal
            .characters
            .iter()
            .map(|c| self.table.folded(c.character))
            .collect();
        let words: Vec<Span> = self.lexicon.cut(&folded).collect();
        let mut canonical = Vec::with_capacity(normal.characters.len());
        let mut rest = folded.as_str();
        for word in &words {
            let bytes = rest
                .char_indices()
                .nth(word.length())
                .map_or(rest.len(), |(at, _)| at);
            let (here, after) = rest.split_at(bytes);
            let written = normal.characters[word.start..word.end]
                .iter()
                .map(|c| c.character);
            push_canonical(
                &self.table,
                &self.phrases,
                script,
                written,
                here,
                &mut canonical,
            );
            rest = after;
        }
        debug_assert_eq!(canonical.len(), normal.characters.len());
        Analysis {
            normal,
            script,
            words,
            canonical,
        }
    }

    /// Hands every token of the text to the sink, in order of position.
    pub fn tokens(&self, analysis: &Analysis, sink: &mut dyn FnMut(IndexToken<'_>)) {
        self.tokens_of(analysis, 0..analysis.normal.characters.len(), sink);
    }

    /// The tokens that begin within `characters`, which must not begin inside a run of letters and digits.
    pub fn tokens_of(
        &self,
        analysis: &Analysis,
        characters: Range<usize>,
        sink: &mut dyn FnMut(IndexToken<'_>),
    ) {
        let mut emitter = Emitter {
            chain: self,
            analysis,
            sink,
            term: String::new(),
            position: 0,
        };
        emitter.run(characters);
    }
}

struct Emitter<'a, 's> {
    chain: &'a Chain,
    analysis: &'a Analysis,
    sink: &'s mut dyn FnMut(IndexToken<'_>),
    /// Reused for every term.
    term: String,
    position: u32,
}

impl Emitter<'_, '_> {
    fn run(&mut self, range: Range<usize>) {
        let characters = &self.analysis.normal.characters[..range.end];
        let first_word = self
            .analysis
            .words
            .partition_point(|word| word.end <= range.start);
        let mut words = self.analysis.words[first_word..].iter().copied().peekable();
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
            while let Some(next) = words.next_if(|next| next.start <= index) {
                word = next;
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
        self.position += 1;
    }

    fn grams(&mut self, index: usize, paired: bool) {
        let first = self.analysis.canonical[index];
        let second = paired.then(|| self.analysis.canonical[index + 1]);
        self.emit(TermFamily::Unigram, index, index + 1, &[first]);
        if let Some(second) = second {
            self.emit(TermFamily::Bigram, index, index + 2, &[first, second]);
        }
        if self.analysis.script == Script::Traditional {
            return;
        }
        let table = &self.chain.table;
        let in_doubt = |c: char| table.facts(c).ambiguous;
        let (fold_first, fold_second) = (table.folded(first), second.map(|c| table.folded(c)));
        if in_doubt(first) {
            self.emit(TermFamily::Folded, index, index + 1, &[fold_first]);
        }
        if let (Some(second), Some(fold_second)) = (second, fold_second)
            && (in_doubt(first) || in_doubt(second))
        {
            self.emit(
                TermFamily::Folded,
                index,
                index + 2,
                &[fold_first, fold_second],
            );
        }
    }

    /// A whole word of two or more characters, at least one of them Han.
    fn word(&mut self, word: Span) {
        if !(2..=WORD_CHARACTERS_MAX).contains(&word.length()) {
            return;
        }
        let analysis = self.analysis;
        if (word.start..word.end).any(|index| analysis.is_han(index)) {
            self.emit(
                TermFamily::Word,
                word.start,
                word.end,
                &analysis.canonical[word.start..word.end],
            );
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
            let table = &self.chain.table;
            let written = analysis.normal.characters[index..end].iter();
            self.term.extend(written.map(|c| table.folded(c.character)));
            if self.chain.lexicon.contains(&self.term) {
                self.emit(
                    TermFamily::Word,
                    index,
                    end,
                    &analysis.canonical[index..end],
                );
            }
        }
    }

    /// A run of letters and digits: as a whole, by pieces between connectors, by parts, and as a measure.
    fn latin(&mut self, start: usize, end: usize) {
        let characters = &self.analysis.normal.characters;
        let whole = latin::whole(characters, start, end);
        self.emit(TermFamily::Latin, start, end, &whole);
        let parts = latin::parts(characters, start, end);
        for part in &parts {
            let piece = latin::piece_at(&parts, *part);
            if let Some(piece) =
                piece.filter(|piece| *piece != *part && piece.text(characters) != whole)
            {
                self.emit(
                    TermFamily::Latin,
                    piece.start,
                    piece.end,
                    &piece.text(characters),
                );
            }
            let text = part.text(characters);
            if text != whole {
                self.emit(TermFamily::Latin, part.start, part.end, &text);
            }
            self.measure(*part, &whole);
            self.position += 1;
        }
    }

    fn measure(&mut self, part: latin::Part, whole: &[char]) {
        let characters = &self.analysis.normal.characters;
        if !characters[part.start].character.is_numeric() {
            return;
        }
        if let Some(measure) = self.chain.units.measure(characters, part.start, part.end) {
            let term: Vec<char> = measure.term.chars().collect();
            if term != whole {
                self.emit(TermFamily::Latin, part.start, measure.end, &term);
            }
        }
    }

    fn emit(&mut self, family: TermFamily, start: usize, end: usize, text: &[char]) {
        self.term.clear();
        self.term.push_str(prefix(family));
        for &character in text {
            if self.term.len() + character.len_utf8() > MAX_TERM_BYTES {
                break;
            }
            self.term.push(character);
        }
        let characters = &self.analysis.normal.characters;
        (self.sink)(IndexToken {
            term: &self.term,
            family,
            start: characters[start].start,
            end: characters[end - 1].end,
            position: self.position,
        });
    }
}
