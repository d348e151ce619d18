//! The index chain: folds, cuts, canonicalises and emits tokens. One for all regions.

use std::ops::Range;

use crate::normalize::{Class, NormalText};
use crate::plan::TermFamily;
use crate::script::canonical::{Canonical, PhraseTable, Script, canonical, script_of};
use crate::script::characters::{CharacterFacts, CharacterTable, Evidence};
use crate::segment::lexicon::{Lexicon, Span};
use crate::tokens::latin;
use crate::tokens::measure::Units;
use crate::tokens::term::{IndexToken, prefix};

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
    /// Of the characters as written.
    pub facts: Vec<CharacterFacts>,
    pub script: Script,
    pub words: Vec<Span>,
    /// Canonical Traditional, as many characters as the folded text.
    canonical: String,
    /// Where each character of `canonical` starts, bytes, and where the last ends.
    canonical_starts: Vec<u32>,
    /// Characters that may mean another Traditional one.
    in_doubt: Vec<bool>,
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

    /// Characters of the folded text.
    #[inline]
    pub fn length(&self) -> usize {
        self.facts.len()
    }

    /// Canonical text of the characters `range`.
    #[inline]
    pub fn canonical(&self, range: Range<usize>) -> &str {
        let starts = &self.canonical_starts;
        &self.canonical[starts[range.start] as usize..starts[range.end] as usize]
    }

    #[inline]
    pub fn class(&self, index: usize) -> Option<Class> {
        self.normal.characters.get(index).map(|c| c.class)
    }

    #[inline]
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
        self.analyse_folded(NormalText::new(text), None)
    }

    /// `script`: that of the text that `normal` is a part of; by itself when none.
    pub fn analyse_folded(&self, normal: NormalText, script: Option<Script>) -> Analysis {
        let characters = &normal.characters;
        let facts: Vec<CharacterFacts> = characters
            .iter()
            .map(|c| self.table.facts(c.character))
            .collect();
        let script = script.unwrap_or_else(|| script_of(&facts));
        let mut folded = String::with_capacity(3 * facts.len());
        folded.extend(facts.iter().map(|facts| facts.folded));
        let cut = self.lexicon.cut(&folded);
        let spans = cut.iter().map(|token| (token.start, token.word, token.end));
        let Canonical {
            characters,
            in_doubt,
        } = canonical(&self.phrases, script, &facts, spans);
        let mut canonical_starts = Vec::with_capacity(characters.len() + 1);
        let mut canonical = String::with_capacity(folded.len() + 8);
        for character in characters {
            canonical_starts.push(canonical.len() as u32);
            canonical.push(character);
        }
        canonical_starts.push(canonical.len() as u32);
        let words = cut
            .iter()
            .map(|token| Span {
                start: token.start,
                end: token.end,
            })
            .collect();
        Analysis {
            normal,
            facts,
            script,
            words,
            canonical,
            canonical_starts,
            in_doubt,
        }
    }

    /// The canonical form of a text, white space single. Cuts it into words only if its script makes that matter.
    pub fn canonical_text(&self, text: &str) -> String {
        let normal = NormalText::new(text);
        let facts: Vec<CharacterFacts> = normal
            .characters
            .iter()
            .map(|c| self.table.facts(c.character))
            .collect();
        let is_simplified = |facts: &CharacterFacts| facts.evidence == Evidence::Simplified;
        let has_han = normal.characters.iter().any(|c| c.class == Class::Han);
        let script = script_of(&facts);
        let by_character =
            !has_han || (script == Script::Traditional && !facts.iter().any(is_simplified));
        let canonical: String = if by_character {
            facts.iter().map(|facts| facts.canonical).collect()
        } else {
            self.analyse_folded(normal, Some(script)).canonical
        };
        canonical.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What a word of the lexicon's spelling becomes in a Simplified text.
    pub fn canonical_of_folded(&self, folded: &str) -> String {
        let facts: Vec<CharacterFacts> = folded.chars().map(|c| self.table.facts(c)).collect();
        let word = std::iter::once((0, folded, facts.len()));
        canonical(&self.phrases, Script::Simplified, &facts, word)
            .characters
            .into_iter()
            .collect()
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
        self.position += 1;
    }

    fn grams(&mut self, index: usize, paired: bool) {
        let analysis = self.analysis;
        let end = index + 1 + usize::from(paired);
        self.emit_gram(TermFamily::Unigram, index..index + 1);
        if paired {
            self.emit_gram(TermFamily::Bigram, index..end);
        }
        let in_doubt = |index: usize| analysis.in_doubt[index];
        let table = &self.chain.table;
        let folded = |place| analysis.canonical(place).chars().map(|c| table.folded(c));
        if in_doubt(index) {
            self.emit(
                TermFamily::Folded,
                index..index + 1,
                folded(index..index + 1),
            );
        }
        if paired && (in_doubt(index) || in_doubt(index + 1)) {
            self.emit(TermFamily::Folded, index..end, folded(index..end));
        }
    }

    /// A whole word of two or more characters, at least one of them Han.
    fn word(&mut self, word: Span) {
        if !(2..=WORD_CHARACTERS_MAX).contains(&word.length()) {
            return;
        }
        let analysis = self.analysis;
        if (word.start..word.end).any(|index| analysis.is_han(index)) {
            self.emit_word(word.start..word.end);
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
                self.emit_word(index..end);
            }
        }
    }

    /// A run of letters and digits: as a whole, by pieces between connectors, by parts, and as a measure.
    fn latin(&mut self, start: usize, end: usize) {
        let characters = &self.analysis.normal.characters;
        let whole = latin::whole(characters, start, end);
        self.emit(TermFamily::Latin, start..end, whole);
        let parts = latin::parts(characters, start, end);
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

    fn emit_word(&mut self, place: Range<usize>) {
        let analysis = self.analysis;
        let mut term = std::mem::take(&mut self.term);
        term.clear();
        term.push_str(prefix(TermFamily::Word));
        term.push_str(analysis.canonical(place.clone()));
        self.hand_over(TermFamily::Word, &place, &term);
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
