//! From a typed query to a plan: spoken wishes out, words to units, other words beside them.

mod by_sound;

use std::collections::HashSet;
use std::ops::Range;

use crate::dictionary::RegionChain;
use crate::normalize::{Class, Folded};
use crate::plan::{Alternative, Edit, Preference, QueryTerm, TermFamily, Understood, Unit};
use crate::rewrite::concepts::{ConceptLexicon, Direction};
use crate::rewrite::spoken::{Heard, Kind};
use crate::rewrite::{QUERY_SPOKEN, REGION_TERM, SCRIPT_READING};
use crate::script::canonical::Script;
use crate::sound::vocabulary::{CatalogVocabulary, Sounds};
use crate::stop::StopWords;
use crate::tokens::chain::{Analysis, Chain};
use crate::tokens::latin;
use crate::tokens::term::prefix;

/// Most alternatives of a unit, the typed one included: each costs the engine a disjunct.
pub const MAX_ALTERNATIVES: usize = 12;
/// Most units of a query; what stands behind still counts by its typed terms.
pub const MAX_UNITS: usize = 64;

/// Factors on a term's BM25 score, by family.
const UNIGRAM_WEIGHT: f32 = 1.0;
const BIGRAM_WEIGHT: f32 = 1.0;
const WORD_WEIGHT: f32 = 0.15;
const LATIN_WEIGHT: f32 = 1.0;
const FOLDED_WEIGHT: f32 = 0.3;
/// How good a match by another reading of an ambiguous character is.
const READING_WEIGHT: f32 = 0.6;
/// How good a match by the Simplified spelling is.
const FOLD_WEIGHT: f32 = 0.5;
/// Factor for each further sense of a word that has several.
const SENSE_WEIGHT: f32 = 0.7;

/// All that understanding needs; lent by the analyser.
pub struct Understanding<'a> {
    pub chain: &'a Chain,
    pub concepts: &'a ConceptLexicon,
    pub sounds: &'a Sounds,
    pub catalog: CatalogVocabulary<'a>,
    pub stop_words: &'a StopWords,
    pub region: Option<&'a RegionChain>,
    pub region_code: &'a str,
    pub disabled: &'a HashSet<String>,
}

impl Understanding<'_> {
    pub fn understand(&self, text: &str) -> Understood {
        let typed = self.chain.analyse(text);
        let heard = self.hear(&typed);
        let mut understood = Understood {
            text: text.to_owned(),
            canonical: typed.canonical.iter().collect(),
            ..Understood::default()
        };
        self.record_spoken(&typed, &heard, &mut understood);
        if heard.taken.is_empty() {
            self.match_words(text, &typed, &mut understood);
            return understood;
        }
        let gone = heard.taken.iter().map(|taken| taken.range.clone());
        let kept = self.masked(&typed, gone.clone().chain(heard.excluded.iter().cloned()));
        self.match_words(text, &kept, &mut understood);
        for range in &heard.excluded {
            let all = 0..typed.canonical.len();
            let others = [all.start..range.start, range.end..all.end];
            let only = self.masked(&typed, others.into_iter().chain(gone.clone()));
            let mut excluded = Vec::new();
            self.units(text, &only, &mut excluded, &mut understood.edits);
            understood.excluded.append(&mut excluded);
        }
        understood
    }

    fn is_on(&self, rule: &str) -> bool {
        !self.disabled.contains(rule)
    }

    fn hear(&self, typed: &Analysis) -> Heard {
        match self.region {
            Some(region) if self.is_on(QUERY_SPOKEN) => region.spoken.hear(typed),
            _ => Heard::default(),
        }
    }

    fn record_spoken(&self, typed: &Analysis, heard: &Heard, understood: &mut Understood) {
        for taken in &heard.taken {
            let target = match taken.kind {
                Kind::Wish(preference) => {
                    if !understood.preferences.contains(&preference) {
                        understood.preferences.push(preference);
                    }
                    preference_name(preference)
                }
                Kind::Negation => "not",
                Kind::Filler | Kind::Classifier | Kind::Link => "",
            };
            understood.edits.push(Edit {
                rule: QUERY_SPOKEN,
                source: typed.source(taken.range.start, taken.range.end),
                target: target.to_owned(),
                weight: 1.0,
                region: self.region_code.to_owned(),
            });
        }
    }

    /// The query with some characters made gaps, cut anew.
    fn masked(&self, typed: &Analysis, gone: impl Iterator<Item = Range<usize>>) -> Analysis {
        let mut normal = crate::normalize::NormalText {
            characters: typed.normal.characters.clone(),
        };
        for range in gone {
            for c in &mut normal.characters[range] {
                *c = Folded {
                    character: ' ',
                    class: Class::Gap,
                    ..*c
                };
            }
        }
        self.chain.analyse_folded(normal)
    }

    fn match_words(&self, text: &str, analysis: &Analysis, understood: &mut Understood) {
        understood.typed = scored_terms(self.chain, analysis, 1.0);
        let mut units = Vec::new();
        self.units(text, analysis, &mut units, &mut understood.edits);
        understood.units = units;
    }

    /// Units left to right: what was typed by sound, the longest known term that ends on word boundaries, else the word.
    fn units(&self, text: &str, analysis: &Analysis, units: &mut Vec<Unit>, edits: &mut Vec<Edit>) {
        let ends = word_ends(analysis);
        let mut heard = self.listen(text, analysis).into_iter().peekable();
        let mut index = 0;
        while index < analysis.canonical.len() && units.len() < MAX_UNITS {
            // A word that began earlier may have run over the start of a sound.
            while heard.next_if(|sound| sound.range.start < index).is_some() {}
            if let Some(sound) = heard.next_if(|sound| sound.range.start == index) {
                index = sound.range.end;
                units.extend(self.unit_by_sound(analysis, sound, edits));
                continue;
            }
            if analysis.class(index) == Some(Class::Gap) {
                index += 1;
                continue;
            }
            let end = self
                .measure_end(analysis, index)
                .or_else(|| self.term_end(analysis, &ends, index))
                .unwrap_or_else(|| next_end(&ends, index));
            if !self.stop_words.contains(&analysis.canonical[index..end])
                || end - index == analysis.canonical.len()
            {
                units.extend(self.unit(analysis, index..end, edits));
            }
            index = end;
        }
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
        Some(self.chain.units.measure(characters, start, end)?.end)
    }

    fn term_end(&self, analysis: &Analysis, ends: &[bool], start: usize) -> Option<usize> {
        let region = self.region?;
        let longest = self
            .concepts
            .longest_term()
            .max(region.terms.longest_term());
        let last = analysis.canonical.len().min(start + longest);
        let vocabulary = &region.region.vocabulary;
        (start + 1..=last)
            .rev()
            .filter(|&end| ends[end])
            .find(|&end| {
                let term: String = analysis.canonical[start..end].iter().collect();
                !region.terms.get(&term).is_empty()
                    || !self.concepts.understand(&term, vocabulary).is_empty()
            })
    }

    fn unit(
        &self,
        analysis: &Analysis,
        range: Range<usize>,
        edits: &mut Vec<Edit>,
    ) -> Option<Unit> {
        let canonical: String = analysis.canonical[range.clone()].iter().collect();
        let source = analysis.source(range.start, range.end);
        let required = self.required_in(analysis, range.clone());
        if required.is_empty() {
            return None;
        }
        let mut alternatives = vec![Alternative {
            text: canonical.clone(),
            terms: scored_terms(self.chain, &self.chain.analyse(&canonical), 1.0),
            required,
            weight: 1.0,
            edit: None,
        }];
        if self.is_on(SCRIPT_READING) {
            self.add_readings(analysis, range, &source, &mut alternatives, edits);
        }
        if self.is_on(REGION_TERM) {
            self.add_regional(&canonical, &source, 1.0, &mut alternatives, edits);
        }
        Some(Unit {
            source,
            alternatives,
        })
    }

    /// Other Traditional characters that the typed ones may stand for, and the Simplified spelling.
    fn add_readings(
        &self,
        analysis: &Analysis,
        range: Range<usize>,
        source: &Range<usize>,
        alternatives: &mut Vec<Alternative>,
        edits: &mut Vec<Edit>,
    ) {
        let table = &self.chain.table;
        let canonical = &analysis.canonical[range.clone()];
        if !canonical.iter().any(|c| table.facts(*c).ambiguous) {
            return;
        }
        let mut add = |text: String, terms: Vec<QueryTerm>, required: Vec<String>, weight: f32| {
            if alternatives.len() >= MAX_ALTERNATIVES || alternatives.iter().any(|a| a.text == text)
            {
                return;
            }
            edits.push(Edit {
                rule: SCRIPT_READING,
                source: source.clone(),
                target: text.clone(),
                weight,
                region: String::new(),
            });
            let edit = Some(edits.len() - 1);
            alternatives.push(Alternative {
                text,
                terms,
                required,
                weight,
                edit,
            });
        };
        if analysis.script != Script::Traditional && canonical.len() == 1 {
            for reading in table.readings(table.folded(canonical[0])) {
                let text = reading.to_string();
                let terms = vec![QueryTerm {
                    term: text.clone(),
                    family: TermFamily::Unigram,
                    weight: READING_WEIGHT,
                }];
                add(text.clone(), terms, vec![text], READING_WEIGHT);
            }
        }
        let fold: Vec<char> = canonical.iter().map(|c| table.folded(*c)).collect();
        let required = folded_terms(&fold, |at| table.facts(canonical[at]).ambiguous);
        let terms = required.iter().map(|term| QueryTerm {
            term: term.clone(),
            family: TermFamily::Folded,
            weight: FOLDED_WEIGHT,
        });
        if fold.iter().collect::<String>() != canonical.iter().collect::<String>() {
            add(
                fold.iter().collect(),
                terms.collect(),
                required,
                FOLD_WEIGHT,
            );
        }
    }

    /// Words of other regions for a canonical term. `factor`: how sure it is that the term was meant.
    fn add_regional(
        &self,
        canonical: &str,
        source: &Range<usize>,
        factor: f32,
        alternatives: &mut Vec<Alternative>,
        edits: &mut Vec<Edit>,
    ) {
        let Some(region) = self.region else { return };
        let mut add = |text: &str, weight: f32, vocabulary: &str| {
            if alternatives.len() >= MAX_ALTERNATIVES || alternatives.iter().any(|a| a.text == text)
            {
                return;
            }
            let analysis = self.chain.analyse(text);
            let required = self.required_in(&analysis, 0..analysis.canonical.len());
            if required.is_empty() {
                return;
            }
            edits.push(Edit {
                rule: REGION_TERM,
                source: source.clone(),
                target: text.to_owned(),
                weight,
                region: vocabulary.to_owned(),
            });
            alternatives.push(Alternative {
                text: text.to_owned(),
                terms: scored_terms(self.chain, &analysis, weight),
                required,
                weight,
                edit: Some(edits.len() - 1),
            });
        };
        for meaning in region.terms.get(canonical) {
            add(
                &meaning.canonical,
                meaning.weight * factor,
                self.region_code,
            );
        }
        let found = self
            .concepts
            .understand(canonical, &region.region.vocabulary);
        let sense = if found.len() > 1 { SENSE_WEIGHT } else { 1.0 };
        for meaning in found {
            for term in &meaning.concept.terms {
                if term.direction != Direction::OnlyUnderstood {
                    add(
                        &term.canonical,
                        meaning.concept.weight * sense * factor,
                        &term.vocabulary,
                    );
                }
            }
        }
    }

    /// Terms that an item with these characters holds, however it was cut: the strictest of each family.
    fn required_in(&self, analysis: &Analysis, range: Range<usize>) -> Vec<String> {
        let source = analysis.source(range.start, range.end);
        let mut tokens: Vec<(TermFamily, Range<u32>, String)> = Vec::new();
        self.chain.tokens(analysis, &mut |token| {
            let inside = source.start <= token.start as usize && token.end as usize <= source.end;
            if inside && !matches!(token.family, TermFamily::Word | TermFamily::Folded) {
                tokens.push((token.family, token.start..token.end, token.term.to_owned()));
            }
        });
        let mut required: Vec<String> = Vec::new();
        for (family, place, term) in &tokens {
            // A pair implies its characters, a measure its number and unit, a run its parts.
            let implied = tokens.iter().any(|(other, larger, _)| {
                *other != TermFamily::Unigram
                    && (*other != TermFamily::Bigram || *family == TermFamily::Unigram)
                    && larger.start <= place.start
                    && place.end <= larger.end
                    && larger != place
            });
            if !implied && !required.contains(term) {
                required.push(term.clone());
            }
        }
        required
    }
}

fn preference_name(preference: Preference) -> &'static str {
    match preference {
        Preference::Cheap => "cheap",
        Preference::Quality => "quality",
        Preference::Newest => "newest",
        Preference::Popular => "popular",
    }
}

/// Folded grams that the index may hold for the folded characters.
fn folded_terms(fold: &[char], ambiguous: impl Fn(usize) -> bool) -> Vec<String> {
    let prefix = prefix(TermFamily::Folded);
    if let [only] = fold {
        return vec![format!("{prefix}{only}")];
    }
    (0..fold.len().saturating_sub(1))
        .filter(|&at| ambiguous(at) || ambiguous(at + 1))
        .map(|at| format!("{prefix}{}{}", fold[at], fold[at + 1]))
        .collect()
}

/// All tokens of a text, weighted by family, none twice.
fn scored_terms(chain: &Chain, analysis: &Analysis, factor: f32) -> Vec<QueryTerm> {
    let mut terms: Vec<QueryTerm> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    chain.tokens(analysis, &mut |token| {
        if seen.contains(token.term) {
            return;
        }
        seen.insert(token.term.to_owned());
        let weight = match token.family {
            TermFamily::Unigram => UNIGRAM_WEIGHT,
            TermFamily::Bigram => BIGRAM_WEIGHT,
            TermFamily::Word => WORD_WEIGHT,
            TermFamily::Latin => LATIN_WEIGHT,
            TermFamily::Folded => FOLDED_WEIGHT,
        };
        terms.push(QueryTerm {
            term: token.term.to_owned(),
            family: token.family,
            weight: weight * factor,
        });
    });
    terms
}

/// Whether a word ends before each character. A run of letters and digits ends where the run does.
fn word_ends(analysis: &Analysis) -> Vec<bool> {
    let mut ends = vec![false; analysis.canonical.len() + 1];
    let latin = |index: usize| analysis.class(index) == Some(Class::Latin);
    for word in &analysis.words {
        ends[word.end] = true;
    }
    for index in 1..ends.len() {
        let boundary =
            latin(index - 1) != latin(index) || analysis.class(index) == Some(Class::Gap);
        let connected = latin(index - 1)
            && latin(index + 1)
            && analysis.class(index) == Some(Class::Gap)
            && analysis.canonical[index] != ' ';
        let inside_run = latin(index - 1) && latin(index);
        if inside_run || connected {
            ends[index] = false;
        } else if boundary && !inside_word(analysis, index) {
            ends[index] = true;
        }
    }
    ends
}

fn inside_word(analysis: &Analysis, index: usize) -> bool {
    let at = analysis.words.partition_point(|word| word.end <= index);
    analysis
        .words
        .get(at)
        .is_some_and(|word| word.start < index && index < word.end)
}

fn next_end(ends: &[bool], start: usize) -> usize {
    (start + 1..ends.len())
        .find(|&end| ends[end])
        .unwrap_or(ends.len() - 1)
}
