//! From a typed query to a plan: spoken wishes out, words to units, other words beside them.

pub mod alternatives;
mod by_sound;
mod by_spelling;
mod context;
mod heard;
pub mod prepared;
mod strays;
pub mod terms;

use std::collections::HashSet;
use std::ops::Range;

use crate::dictionary::RegionChain;
use crate::normalize::Class;
use crate::plan::{Edit, Understood, Unit};
use crate::region::DisplayScript;
use crate::rewrite::concepts::ConceptLexicon;
use crate::rewrite::expansions::Expansions;
use crate::rewrite::kinds::Kinds;
use crate::rewrite::readings::add_readings;
use crate::rewrite::regional::Vocabulary;
use crate::rewrite::{CONCEPT_KIND, REGION_TERM, SCRIPT_READING, VECTOR_NEIGHBOUR};
use crate::script::canonical::Script;
use crate::sound::listen::Candidate;
use crate::sound::vocabulary::{CatalogVocabulary, Sounds};
use crate::spell::confusions::Confusions;
use crate::stop::StopWords;
use crate::tokens::analysis::Analysis;
use crate::tokens::chain::Chain;
use crate::tokens::latin;
use alternatives::Alternatives;
use by_spelling::Rival;
use prepared::PreparedWords;
use terms::{required_terms, scored_terms, scored_terms_in};

/// Most units of a query; what stands behind still counts by its typed terms.
pub const MAX_UNITS: usize = 64;
/// A longer word that is no term is also looked at for a term at its end, characters.
const COMPOUND_CHARACTERS_MIN: usize = 4;

/// All that understanding needs; lent by the analyser.
pub struct Understanding<'a> {
    pub chain: &'a Chain,
    pub concepts: &'a ConceptLexicon,
    pub sounds: &'a Sounds,
    pub confusions: &'a Confusions,
    pub catalog: CatalogVocabulary<'a>,
    pub kinds: &'a Kinds,
    pub prepared: &'a PreparedWords,
    pub stop_words: &'a StopWords,
    pub region: Option<&'a RegionChain>,
    pub region_code: &'a str,
    pub disabled: &'a HashSet<String>,
}

impl Understanding<'_> {
    pub fn understand(&self, text: &str) -> Understood {
        let typed = self.chain.analyse(text);
        let mut heard = self.hear(&typed);
        let mut understood = Understood {
            text: text.to_owned(),
            canonical: typed.canonical(0..typed.length()).to_owned(),
            ..Understood::default()
        };
        if heard.taken.is_empty() {
            self.match_words(text, &typed, &mut understood);
            return understood;
        }
        let kept = self.masked(&typed, heard.gone());
        heard.add_context(self.strays(&kept, &heard));
        let kept = self.joined(&typed, &heard);
        self.record_spoken(&typed, &heard, &mut understood);
        self.match_words(text, &kept, &mut understood);
        self.put_things_last(&mut understood.units);
        self.add_context(&typed, &heard, &mut understood);
        for range in &heard.excluded {
            let others = [0..range.start, range.end..typed.length()];
            let gone = heard.taken.iter().map(|taken| taken.range.clone());
            let only = self.masked(&typed, others.into_iter().chain(gone));
            let rivals = self.listen(text, &only);
            self.units(
                &only,
                rivals,
                &mut understood.excluded,
                &mut understood.edits,
            );
        }
        understood
    }

    /// Puts narrower things beside the words of an understood query: for one that finds little by its words alone.
    pub fn widen(&self, understood: &mut Understood) {
        let Some(vocabulary) = self.vocabulary().filter(|_| self.is_on(CONCEPT_KIND)) else {
            return;
        };
        beside_typed(understood, |typed, alternatives| {
            vocabulary.add_kinds(typed, alternatives);
        });
    }

    /// Puts words that stand near in meaning beside those of an understood query: for one that finds little by all else.
    /// Of the tables the first that has a word says what is near it. What must not be there is left alone.
    pub fn expand(&self, understood: &mut Understood, tables: &[&Expansions]) {
        if !self.is_on(VECTOR_NEIGHBOUR) {
            return;
        }
        beside_typed(understood, |typed, alternatives| {
            let mut tables = tables.iter();
            tables.find(|table| table.add(typed, self.prepared, self.chain, alternatives));
        });
    }

    fn is_on(&self, rule: &str) -> bool {
        !self.disabled.contains(rule)
    }

    fn match_words(&self, text: &str, analysis: &Analysis, understood: &mut Understood) {
        understood.typed = scored_terms(self.chain, analysis, 1.0);
        let mut rivals = self.listen(text, analysis);
        rivals.extend(self.spell(text, analysis, understood));
        rivals.sort_by_key(|rival| rival.range.start);
        self.units(
            analysis,
            rivals,
            &mut understood.units,
            &mut understood.edits,
        );
    }

    fn vocabulary(&self) -> Option<Vocabulary<'_>> {
        let (chain, concepts, kinds) = (self.chain, self.concepts, self.kinds);
        let region_code = self.region_code;
        self.region.map(|region| Vocabulary {
            chain,
            concepts,
            kinds,
            prepared: self.prepared,
            region,
            region_code,
        })
    }

    fn script(&self, analysis: &Analysis) -> Script {
        let region = self.region.map(|region| region.region.script);
        match analysis.script {
            Script::Neutral if region == Some(DisplayScript::Simplified) => Script::Simplified,
            script => script,
        }
    }

    /// Units left to right: what something else may stand for, a measure, the longest known term that ends on word
    /// boundaries, else the word. `rivals` ascend; of those that overlap the first counts.
    fn units(
        &self,
        analysis: &Analysis,
        rivals: Vec<Rival>,
        units: &mut Vec<Unit>,
        edits: &mut Vec<Edit>,
    ) {
        let boundaries = analysis.boundaries();
        let mut rivals = rivals.into_iter().peekable();
        let mut index = 0;
        while index < analysis.length() && units.len() < MAX_UNITS {
            // One that began earlier may have run over the start of the next.
            while rivals.next_if(|rival| rival.range.start < index).is_some() {}
            if let Some(rival) = rivals.next_if(|rival| rival.range.start == index) {
                index = rival.range.end;
                units.extend(self.unit(analysis, rival.range, &rival.candidates, edits));
                continue;
            }
            if analysis.class(index) == Some(Class::Gap) {
                index += 1;
                continue;
            }
            let end = self.unit_end(analysis, &boundaries, index);
            // No word runs into characters that were corrected; a run of letters and digits is never cut.
            let cut = rivals.peek().map(|rival| rival.range.start);
            let cut = cut.filter(|&cut| (index + 1..end).contains(&cut) && analysis.is_han(cut));
            let end = cut.unwrap_or(end);
            let is_all = end - index == analysis.length();
            if is_all || !self.stop_words.contains(analysis.canonical(index..end)) {
                units.extend(self.unit(analysis, index..end, &[], edits));
            }
            index = end;
        }
    }

    fn unit_end(&self, analysis: &Analysis, boundaries: &[bool], start: usize) -> usize {
        self.measure_end(analysis, start)
            .or_else(|| self.term_end(analysis, boundaries, start))
            .unwrap_or_else(|| self.word_end(analysis, boundaries, start))
    }

    /// 330毫升 is one word.
    fn measure_end(&self, analysis: &Analysis, start: usize) -> Option<usize> {
        let characters = &analysis.normal.characters;
        let end = latin::run_end(characters, start);
        let is_number = end > start
            && characters[start..end]
                .iter()
                .all(|c| c.character.is_numeric() || c.character == '.');
        if !is_number {
            return None;
        }
        Some(self.chain.units.measure(characters, end)?.end)
    }

    fn term_end(&self, analysis: &Analysis, boundaries: &[bool], start: usize) -> Option<usize> {
        self.term_end_before(analysis, boundaries, start..analysis.length())
    }

    /// End of the longest known term that begins a range and ends in it on a word boundary.
    fn term_end_before(
        &self,
        analysis: &Analysis,
        boundaries: &[bool],
        range: Range<usize>,
    ) -> Option<usize> {
        let start = range.start;
        let vocabulary = self.vocabulary()?;
        let last = range.end.min(start + vocabulary.longest_term());
        (start + 1..=last)
            .rev()
            .filter(|&end| boundaries[end] && analysis.class(end - 1) != Some(Class::Gap))
            .find(|&end| vocabulary.understands(analysis.canonical(start..end)))
    }

    /// End of the word; of the front of a compound whose end is a term: 嬰兒奶粉 is 嬰兒 and 奶粉.
    fn word_end(&self, analysis: &Analysis, boundaries: &[bool], start: usize) -> usize {
        let end = (start + 1..boundaries.len()).find(|&end| boundaries[end]);
        let end = end.unwrap_or(analysis.length());
        let is_han = (start..end).all(|index| analysis.is_han(index));
        let Some(vocabulary) = self.vocabulary().filter(|_| is_han) else {
            return end;
        };
        if end - start < COMPOUND_CHARACTERS_MIN {
            return end;
        }
        let is_word = |range: Range<usize>| {
            let folded: String = analysis.facts[range]
                .iter()
                .map(|facts| facts.folded)
                .collect();
            self.chain.lexicon.contains(&folded)
        };
        (start + 2..=end - 2)
            .find(|&at| is_word(start..at) && vocabulary.understands(analysis.canonical(at..end)))
            .unwrap_or(end)
    }

    /// `heard`: terms that may have been meant by what was typed, best first.
    fn unit(
        &self,
        analysis: &Analysis,
        range: Range<usize>,
        heard: &[Candidate],
        edits: &mut Vec<Edit>,
    ) -> Option<Unit> {
        let canonical = analysis.canonical(range.clone());
        let source = analysis.source(range.start, range.end);
        let facts = &analysis.facts[range.clone()];
        let required = required_terms(self.chain, analysis, range.clone());
        if required.terms.is_empty() {
            return None;
        }
        let terms = scored_terms_in(self.chain, analysis, range.clone());
        let mut alternatives = Alternatives::of_typed(source, canonical, terms, required, edits);
        self.add_heard(heard, &mut alternatives);
        if self.is_on(SCRIPT_READING) {
            let written: String = facts.iter().map(|facts| facts.canonical).collect();
            let scripts = (analysis.script, self.script(analysis));
            add_readings(
                self.chain,
                (&written, canonical),
                scripts,
                &mut alternatives,
            );
        }
        if let Some(vocabulary) = self.vocabulary().filter(|_| self.is_on(REGION_TERM)) {
            if facts.len() == 1 && vocabulary.understands(canonical) {
                alternatives.stand_as_head();
            }
            vocabulary.add_terms(canonical, 1.0, &mut alternatives);
            if let Some(best) = heard.first() {
                vocabulary.add_terms(&best.text, best.weight, &mut alternatives);
            }
        }
        let mut unit = alternatives.into_unit();
        if self.chain.ends_by_chance(analysis, range) {
            unit.head = None;
        }
        Some(unit)
    }
}

/// Lets `add` put other ways to say each typed word beside it.
fn beside_typed(understood: &mut Understood, mut add: impl FnMut(&str, &mut Alternatives)) {
    for unit in &mut understood.units {
        let Some(typed) = unit.alternatives.first().map(|typed| typed.text.clone()) else {
            continue;
        };
        let mut alternatives = Alternatives::of_unit(std::mem::take(unit), &mut understood.edits);
        add(&typed, &mut alternatives);
        *unit = alternatives.into_unit();
    }
}
