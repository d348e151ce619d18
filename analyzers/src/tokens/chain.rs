//! The index chain: folds, cuts, canonicalises and emits tokens. One for all regions.

use std::cell::Cell;
use std::ops::Range;

use crate::normalize::{Class, NormalText};
use crate::script::canonical::{PhraseTable, Script, canonicalise, script_of};
use crate::script::characters::{CharacterFacts, CharacterTable, Evidence};
use crate::script::spelling::Spelling;
use crate::segment::lexicon::Lexicon;
use crate::segment::parts::UnfitParts;
use crate::tokens::analysis::Analysis;
use crate::tokens::emit::Emitter;
use crate::tokens::measure::Units;
use crate::tokens::term::IndexToken;

/// A thread keeps the room of its last text for the next, unless the text was longer than this, characters.
const KEPT_CHARACTERS_MAX: usize = 1 << 14;

thread_local! {
    static ROOM: Cell<Analysis> = Cell::default();
}

pub struct Chain {
    pub table: CharacterTable,
    pub phrases: PhraseTable,
    pub lexicon: Lexicon,
    pub unfit_parts: UnfitParts,
    pub units: Units,
}

impl Chain {
    pub fn analyse(&self, text: &str) -> Analysis {
        self.analyse_folded(NormalText::new(text), None)
    }

    /// `script`: that of the text that `normal` is a part of; by itself when none.
    pub fn analyse_folded(&self, normal: NormalText, script: Option<Script>) -> Analysis {
        let mut analysis = Analysis {
            normal,
            ..Analysis::default()
        };
        self.complete(&mut analysis, script);
        analysis
    }

    /// Hands over every token of a text, in order of position.
    pub fn index_tokens(&self, text: &str, sink: &mut dyn FnMut(IndexToken<'_>)) {
        let mut analysis = ROOM.take();
        analysis.normal.read(text);
        self.complete(&mut analysis, None);
        self.tokens(&analysis, sink);
        if analysis.length() <= KEPT_CHARACTERS_MAX {
            ROOM.set(analysis);
        }
    }

    /// Fills in all but `normal`, which is given.
    fn complete(&self, analysis: &mut Analysis, script: Option<Script>) {
        let Analysis {
            normal,
            facts,
            words,
            folded,
            refolded,
            canonical,
            in_doubt,
            ..
        } = analysis;
        facts.clear();
        let characters = normal.characters.iter();
        facts.extend(characters.map(|c| self.table.facts(c.character)));
        folded.clear();
        facts.iter().for_each(|facts| folded.push(facts.folded));
        analysis.script = script.unwrap_or_else(|| script_of(facts));
        self.lexicon.cut(folded.text(), words);
        let words = words
            .iter()
            .map(|word| (folded.slice(word.start..word.end), word.length()));
        let target = (&mut *canonical, in_doubt);
        let refolds = canonicalise(&self.phrases, analysis.script, facts, words, target);
        *refolded = refolds.then(|| {
            let mut refolded = Spelling::default();
            refolded.clear();
            let characters = canonical.text().chars();
            characters.for_each(|c| refolded.push(self.table.folded(c)));
            refolded
        });
    }

    /// Whether the characters are a word that is not of the kind that its last character names: 士多啤梨 is no 梨.
    pub fn ends_by_chance(&self, analysis: &Analysis, range: Range<usize>) -> bool {
        let length = range.len();
        let unfit = self.unfit_parts.of_word(analysis.folded.slice(range));
        length > 0 && unfit.contains(&(length - 1, length))
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
            self.analyse_folded(normal, Some(script))
                .canonical
                .into_text()
        };
        canonical.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What a word of the lexicon's spelling becomes in a Simplified text.
    pub fn canonical_of_folded(&self, folded: &str) -> String {
        let facts: Vec<CharacterFacts> = folded.chars().map(|c| self.table.facts(c)).collect();
        let word = std::iter::once((folded, facts.len()));
        let (mut canonical, mut in_doubt) = (Spelling::default(), Vec::new());
        let target = (&mut canonical, &mut in_doubt);
        canonicalise(&self.phrases, Script::Simplified, &facts, word, target);
        canonical.into_text()
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
        Emitter::new(self, analysis, sink).run(characters);
    }
}
