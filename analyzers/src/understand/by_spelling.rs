//! What was mistyped: the typed word first, what was meant beside it where that is sure, and the whole query without its
//! mistakes to ask about.

use std::ops::Range;

use super::Understanding;
use crate::normalize::NormalText;
use crate::plan::{Correction as Meant, Edit, Understood};
use crate::script::canonical::Script;
use crate::sound::listen::Candidate;
use crate::spell::query::{Certainty, Correction, Mistyped, Speller};
use crate::tokens::analysis::Analysis;

/// How good a match by a corrected word is.
const CORRECTED_WEIGHT: f32 = 0.85;
/// How good a match by the same name with other spaces is.
const SPACING_WEIGHT: f32 = 0.95;
/// Whole corrected queries.
const CORRECTIONS_MAX: usize = 3;

/// Characters of the query that something else may stand for.
pub(super) struct Rival {
    pub range: Range<usize>,
    /// Best first; never empty.
    pub candidates: Vec<Candidate>,
}

/// A corrected place, as words.
struct Place {
    /// Characters as typed.
    range: Range<usize>,
    edit: Edit,
    certainty: Certainty,
    /// Bytes of the text as typed that change, and what stands there instead.
    splice: (Range<usize>, String),
}

impl Understanding<'_> {
    /// What stands beside typed words because of their spelling. Whole corrected queries are noted in `understood`.
    pub(super) fn spell(
        &self,
        text: &str,
        analysis: &Analysis,
        understood: &mut Understood,
    ) -> Vec<Rival> {
        let Some(vocabulary) = self.catalog.spelling else {
            return Vec::new();
        };
        let is_known_latin = |word: &str| self.sounds.is_latin_word(word);
        let speller = Speller {
            chain: self.chain,
            confusions: self.confusions,
            vocabulary,
            is_known_latin: &is_known_latin,
            is_on: &|rule| self.is_on(rule),
        };
        let spaced = speller.spaced_otherwise(analysis);
        let mut rivals: Vec<Rival> = spaced
            .into_iter()
            .map(|(range, text)| rival(range, text, crate::rewrite::SPELL_SPACING, SPACING_WEIGHT))
            .collect();
        let mistakes: Vec<Vec<Place>> = speller
            .mistakes(analysis)
            .iter()
            .filter(|mistake| {
                let range = &mistake.corrections[0].range;
                !rivals
                    .iter()
                    .any(|rival| rival.range.start <= range.start && range.end <= rival.range.end)
            })
            .map(|mistake| self.places(analysis, mistake))
            .filter(|places| !places.is_empty())
            .collect();
        for place in mistakes.iter().map(|places| &places[0]) {
            if place.certainty == Certainty::Applied {
                let (range, edit) = (place.range.clone(), &place.edit);
                rivals.push(rival(range, edit.target.clone(), edit.rule, edit.weight));
            }
        }
        rivals.sort_by_key(|rival| rival.range.start);
        note_corrections(text, &mistakes, understood);
        rivals
    }

    fn places(&self, analysis: &Analysis, mistake: &Mistyped) -> Vec<Place> {
        let corrections = mistake.corrections.iter();
        let places = corrections.filter_map(|correction| {
            let place = self.place(analysis, correction, mistake.certainty)?;
            (place.edit.target != analysis.canonical(place.range.clone())).then_some(place)
        });
        places.collect()
    }

    /// The words of the corrected text that the correction touches, and what was typed in their place.
    fn place(
        &self,
        analysis: &Analysis,
        correction: &Correction,
        certainty: Certainty,
    ) -> Option<Place> {
        let Range { start, end } = correction.range;
        let folded = |range: Range<usize>| analysis.facts[range].iter().map(|facts| facts.folded);
        let meant: String = folded(0..start)
            .chain(correction.target.chars())
            .chain(folded(end..analysis.length()))
            .collect();
        let meant = self
            .chain
            .analyse_folded(NormalText::new(&meant), Some(Script::Simplified));
        let target = start..start + correction.target.chars().count();
        if meant.length() + end != analysis.length() + target.end {
            return None;
        }
        let words = words_at(&meant, target.clone());
        let typed = words.start..words.end + end - target.end;
        let canonical = match analysis.script {
            // The characters around mean what they write.
            Script::Traditional => [
                analysis.canonical(typed.start..start),
                meant.canonical(target.clone()),
                analysis.canonical(end..typed.end),
            ]
            .concat(),
            _ => meant.canonical(words).to_owned(),
        };
        let written = match self.script(analysis) {
            Script::Simplified => correction.target.clone(),
            _ => meant.canonical(target).to_owned(),
        };
        Some(Place {
            edit: Edit {
                rule: correction.mistake.rule(),
                source: analysis.source(typed.start, typed.end),
                target: canonical,
                weight: CORRECTED_WEIGHT,
                region: String::new(),
            },
            range: typed,
            certainty,
            splice: (bytes(analysis, start..end), written),
        })
    }
}

fn rival(range: Range<usize>, text: String, rule: &'static str, weight: f32) -> Rival {
    Rival {
        range,
        candidates: vec![Candidate { text, rule, weight }],
    }
}

/// The words that hold the characters `target`, or that meet where nothing is left; at least two characters, if there
/// are so many side by side.
fn words_at(analysis: &Analysis, target: Range<usize>) -> Range<usize> {
    let first = target.start.saturating_sub(usize::from(target.is_empty()));
    let last = target.end.max(target.start + 1).min(analysis.length());
    let touched = || {
        let words = analysis.words.iter();
        words.filter(|word| word.start < last && first < word.end)
    };
    let mut start = touched().map(|word| word.start).min().unwrap_or(first);
    let mut end = touched().map(|word| word.end).max().unwrap_or(last);
    if analysis.is_han(target.start.min(analysis.length().saturating_sub(1))) && end - start < 2 {
        if start > 0 && analysis.is_han(start - 1) {
            start -= 1;
        }
        if analysis.is_han(end) {
            end += 1;
        }
    }
    start..end
}

/// Bytes of the text as typed; empty, where they would stand, for no characters.
fn bytes(analysis: &Analysis, range: Range<usize>) -> Range<usize> {
    if !range.is_empty() {
        return analysis.source(range.start, range.end);
    }
    let characters = &analysis.normal.characters;
    let at = match characters.get(range.start) {
        Some(next) => next.start as usize,
        None => characters.last().map_or(0, |last| last.end as usize),
    };
    at..at
}

/// The likeliest correction of each mistake together; then with another correction of one of them.
fn note_corrections(text: &str, mistakes: &[Vec<Place>], understood: &mut Understood) {
    if mistakes.is_empty() {
        return;
    }
    let mut choices = vec![vec![0; mistakes.len()]];
    for (mistake, places) in mistakes.iter().enumerate() {
        for other in 1..places.len() {
            let mut choice = vec![0; mistakes.len()];
            choice[mistake] = other;
            choices.push(choice);
        }
    }
    for choice in choices.into_iter().take(CORRECTIONS_MAX) {
        let mut places: Vec<&Place> = choice
            .iter()
            .zip(mistakes)
            .map(|(&choice, places)| &places[choice])
            .collect();
        places.sort_by_key(|place| place.splice.0.start);
        let is_first = choice.iter().all(|choice| *choice == 0);
        understood.corrections.push(Meant {
            text: spliced(text, &places),
            edits: places.iter().map(|place| place.edit.clone()).collect(),
            applied: is_first && places.iter().all(|p| p.certainty == Certainty::Applied),
        });
    }
}

fn spliced(text: &str, places: &[&Place]) -> String {
    let mut corrected = String::with_capacity(text.len());
    let mut at = 0;
    for Place {
        splice: (bytes, target),
        ..
    } in places
    {
        corrected.push_str(text.get(at..bytes.start).unwrap_or_default());
        corrected.push_str(target);
        at = bytes.end.max(at);
    }
    corrected.push_str(text.get(at..).unwrap_or_default());
    corrected
}
