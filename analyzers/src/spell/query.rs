//! A query's typing mistakes: where they are, what was meant, and whether there is evidence enough to act on it.

use std::ops::Range;

use super::confusions::Confusions;
use super::han::{Fix, Run, is_doubtful};
use super::mistake::Mistake;
use super::vocabulary::{EDGE, SpellVocabulary, edge};
use super::{latin, spacing};
use crate::normalize::Class;
use crate::tokens::analysis::Analysis;
use crate::tokens::chain::Chain;
use crate::tokens::latin::run_end;

/// Longest query that is looked at, characters: longer ones are pasted, not typed.
const QUERY_CHARACTERS_MAX: usize = 60;
/// Odds from which a correction is worth asking about, nats. These were chosen by mistakes made in a half of a query log, and by
/// the clean queries of that half.
const OFFERED_ODDS_MIN: f32 = 3.2;
/// The same of a Latin word.
const OFFERED_LATIN_ODDS_MIN: f32 = 2.3;
/// Further, to ask about a character left out where titles do not hold what it makes, nats.
const OFFERED_MISSING_ODDS: f32 = 2.0;
/// Further, to ask about a character that is like the right one in no way, nats.
const OFFERED_WRONG_ODDS: f32 = 3.0;
/// Further, where some item has every pair of characters that it takes away, nats.
const NOTHING_MENDED_ODDS: f32 = 2.5;
/// Further, to ask about a word of the language, nats.
const REAL_WORD_ODDS: f32 = 4.0;
/// The same where its own characters were doubled, left out or changed places: that seldom makes another word.
const OWN_CHARACTERS_ODDS: f32 = 3.0;
/// Further, for each pair of characters that no item has and that stays, nats.
const UNSEEN_LEFT_ODDS: f32 = 4.5;
/// The same for one that hardly any item has.
const RARE_LEFT_ODDS: f32 = 0.2;
/// For each character that becomes a part of a word of the language, nats; taken off for one that no longer is.
const WORD_CHARACTER_ODDS: f32 = 0.5;
/// Such characters at most.
const WORD_CHARACTERS_MAX: f32 = 2.0;
/// Odds from which it is made.
const APPLIED_ODDS_MIN: f32 = 5.0;
/// Further, to put in a character that was left out: most texts become likelier by one more, nats.
const MISSING_ODDS: f32 = 6.0;
/// How much likelier than the second best it must be to be made, nats.
const APPLIED_LEAD_MIN: f32 = 1.0;
/// Items that must have what is put in place of a mistake.
const OFFERED_ITEMS_MIN: u32 = 1;
/// The same, to be made.
const APPLIED_ITEMS_MIN: u32 = 3;
/// What more items have than this is what was meant.
const TYPED_ITEMS_MAX: u32 = 1;
/// What words count for against pairs of characters.
const WORDS_SHARE: f32 = 0.5;
/// Ways to correct a run that are weighed by words.
const WEIGHED_MAX: usize = 8;
/// Mistakes of one query.
const MISTAKES_MAX: usize = 2;
/// Ways to correct one mistake.
const FIXES_MAX: usize = 3;

/// How sure a correction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Worth asking about.
    Offered,
    /// Searched for beside what was typed.
    Applied,
}

/// A way to correct a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// Characters of the folded text that are wrong; empty for one that was left out.
    pub range: Range<usize>,
    /// What stands there instead, folded.
    pub target: String,
    pub mistake: Mistake,
    /// Nats.
    pub odds: f32,
}

/// A place that was mistyped.
#[derive(Debug, Clone, PartialEq)]
pub struct Mistyped {
    /// Likeliest first; never empty.
    pub corrections: Vec<Correction>,
    pub certainty: Certainty,
}

/// Finds typing mistakes.
pub struct Speller<'a> {
    pub chain: &'a Chain,
    pub confusions: &'a Confusions,
    pub vocabulary: &'a SpellVocabulary,
    /// Whether a lower-case run of letters and digits is a Latin word, brand or model.
    pub is_known_latin: &'a dyn Fn(&str) -> bool,
    /// Whether a rule may be used.
    pub is_on: &'a dyn Fn(&str) -> bool,
}

impl Speller<'_> {
    /// Places that were mistyped, surest first.
    pub fn mistakes(&self, analysis: &Analysis) -> Vec<Mistyped> {
        if analysis.length() > QUERY_CHARACTERS_MAX {
            return Vec::new();
        }
        let mut found = Vec::new();
        for run in runs(analysis) {
            match analysis.class(run.start) {
                Some(Class::Han) => self.han(analysis, run, &mut found),
                Some(Class::Latin) => found.extend(self.latin(analysis, run)),
                _ => {}
            }
        }
        found.sort_by(|a, b| b.corrections[0].odds.total_cmp(&a.corrections[0].odds));
        found.truncate(MISTAKES_MAX);
        found
    }

    /// Latin names that the catalogue writes with other spaces: characters, and what it writes.
    pub fn spaced_otherwise(&self, analysis: &Analysis) -> Vec<(Range<usize>, String)> {
        if !(self.is_on)(Mistake::Spacing.rule()) || analysis.length() > QUERY_CHARACTERS_MAX {
            return Vec::new();
        }
        let is_latin = |run: &Range<usize>| analysis.class(run.start) == Some(Class::Latin);
        let runs: Vec<Range<usize>> = runs(analysis).into_iter().filter(is_latin).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < runs.len() {
            let run = runs[at].clone();
            let next = runs.get(at + 1).filter(|next| next.start == run.end + 1);
            let joined = next.and_then(|next| {
                let whole = spacing::joined(
                    self.vocabulary,
                    &text(analysis, run.clone()),
                    &text(analysis, next.clone()),
                )?;
                Some((run.start..next.end, whole))
            });
            at += 1 + usize::from(joined.is_some());
            found.extend(joined.or_else(|| {
                let apart = spacing::taken_apart(self.vocabulary, &text(analysis, run.clone()))?;
                Some((run, apart))
            }));
        }
        found
    }

    fn han(&self, analysis: &Analysis, run: Range<usize>, found: &mut Vec<Mistyped>) {
        let next = |at: Option<usize>| edge(at.and_then(|at| analysis.normal.characters.get(at)));
        let edges = [next(run.start.checked_sub(1)), next(Some(run.end))];
        if run.len() < 2 && edges == [EDGE; 2] {
            return;
        }
        let text: Vec<char> = analysis.facts[run.clone()]
            .iter()
            .map(|f| f.folded)
            .collect();
        let words = self.words(analysis, &run);
        let mut fixes = Run::new(
            self.vocabulary,
            &text,
            edges,
            &words.sold,
            &words.stray,
            &words.turned,
        )
        .fixes(self.confusions);
        fixes.retain(|fix| !(fix.mistake == Mistake::Doubled && words.plain_pair(fix.range.start)));
        fixes.truncate(WEIGHED_MAX);
        self.weigh_words(&text, &mut fixes);
        fixes.retain(|fix| {
            let is_word = words.is_plain(&fix.range);
            let of_word = match fix.mistake {
                Mistake::Doubled | Mistake::Missing | Mistake::Swapped => OWN_CHARACTERS_ODDS,
                _ => REAL_WORD_ODDS,
            };
            let unlikely = match fix.mistake {
                Mistake::Missing if !fix.is_phrase => OFFERED_MISSING_ODDS,
                Mistake::Wrong => OFFERED_WRONG_ODDS,
                _ => 0.0,
            };
            let odds_min = OFFERED_ODDS_MIN
                + unlikely
                + f32::from(is_word) * of_word
                + f32::from(fix.unseen_mended == 0) * NOTHING_MENDED_ODDS
                + fix.unseen_left as f32 * UNSEEN_LEFT_ODDS
                + fix.rare_left as f32 * RARE_LEFT_ODDS;
            fix.items >= OFFERED_ITEMS_MIN
                && fix.odds >= odds_min
                && (self.is_on)(fix.mistake.rule())
        });
        while let Some(best) = fixes.first().cloned() {
            // Fixes of the same characters, or of their neighbours, are other ways to mend the same pair.
            let touches = |fix: &Fix| {
                fix.range.start <= best.range.end + 1 && best.range.start <= fix.range.end + 1
            };
            let (same, others): (Vec<Fix>, Vec<Fix>) = fixes.into_iter().partition(touches);
            let lead = same
                .get(1)
                .map_or(f32::MAX, |second| best.odds - second.odds);
            let is_word = words.is_plain(&best.range);
            let is_missing = best.mistake == Mistake::Missing;
            let odds_min = APPLIED_ODDS_MIN
                + f32::from(is_missing) * MISSING_ODDS
                + best.unseen_left as f32 * UNSEEN_LEFT_ODDS;
            let is_sure = best.odds >= odds_min
                && lead >= APPLIED_LEAD_MIN
                && best.items >= APPLIED_ITEMS_MIN
                && best.typed_items <= TYPED_ITEMS_MAX
                && best.mistake != Mistake::Wrong
                && (best.is_phrase || !is_missing)
                && !is_word;
            found.push(Mistyped {
                certainty: certainty(is_sure),
                corrections: same
                    .into_iter()
                    .take(FIXES_MAX)
                    .map(|fix| Correction {
                        range: run.start + fix.range.start..run.start + fix.range.end,
                        target: fix.target.iter().collect(),
                        mistake: fix.mistake,
                        odds: fix.odds,
                    })
                    .collect(),
            });
            fixes = others;
        }
    }

    /// Odds by pairs of characters and by words together.
    fn weigh_words(&self, text: &[char], fixes: &mut [Fix]) {
        let vocabulary = self.vocabulary;
        // By words, and the characters that are part of none.
        let weigh = |text: &str| {
            let lexicon = &self.chain.lexicon;
            let words: Vec<&str> = lexicon.words(text).collect();
            let loose = words.iter().map(|word| match word.chars().count() {
                1 => 1,
                length if !lexicon.is_common(word) => length,
                _ => 0,
            });
            let loose = loose.sum::<usize>() as f32;
            (vocabulary.likelihood_of_words(words.into_iter()), loose)
        };
        let (typed, typed_loose) = match fixes {
            [] => return,
            _ => weigh(&text.iter().collect::<String>()),
        };
        for fix in fixes.iter_mut() {
            let (before, behind) = (&text[..fix.range.start], &text[fix.range.end..]);
            let fixed: String = before.iter().chain(&fix.target).chain(behind).collect();
            let (fixed, fixed_loose) = weigh(&fixed);
            let by_words = fixed - typed;
            // Where titles hold what the fix makes, words may speak for it but not against it; and one more character
            // makes one more word, which says nothing against it.
            let further = match fix.is_phrase || fix.mistake == Mistake::Missing {
                true => (by_words - fix.gain).max(0.0),
                false => by_words - fix.gain,
            };
            let joined = (typed_loose - fixed_loose).clamp(-1.0, WORD_CHARACTERS_MAX);
            fix.odds = fix.gain + WORDS_SHARE * further - fix.cost + WORD_CHARACTER_ODDS * joined;
        }
        fixes.sort_by(|a, b| b.odds.total_cmp(&a.odds));
    }

    /// Which characters of a run are part of a word of the language.
    fn words(&self, analysis: &Analysis, run: &Range<usize>) -> Words {
        let mut words = Words {
            sold: vec![false; run.len()],
            plain: vec![false; run.len()],
            starts_pair: vec![false; run.len()],
            stray: vec![false; run.len()],
            turned: vec![false; run.len()],
        };
        let inside = analysis
            .words
            .iter()
            .filter(|word| word.length() > 1 && run.start <= word.start && word.end <= run.end);
        for word in inside {
            let characters = &analysis.facts[word.start..word.end];
            let folded: String = characters.iter().map(|facts| facts.folded).collect();
            if !self.chain.lexicon.is_common(&folded) {
                continue;
            }
            let id = |at: usize| self.vocabulary.id(characters[at].folded);
            // A lexicon has nearly every character twice over.
            if let [one, two] = characters
                && one.folded == two.folded
                && is_doubtful(self.vocabulary, id(0), id(1))
            {
                continue;
            }
            let is_sold = (1..characters.len())
                .all(|second| !is_doubtful(self.vocabulary, id(second - 1), id(second)));
            let place = word.start - run.start..word.end - run.start;
            words.plain[place.clone()].fill(true);
            words.sold[place.clone()].fill(is_sold);
            words.starts_pair[place.start] = word.length() == 2;
        }
        for at in 1..run.len() {
            let two = [
                analysis.facts[run.start + at].folded,
                analysis.facts[run.start + at - 1].folded,
            ];
            words.turned[at - 1] = !words.plain[at - 1]
                && !words.plain[at]
                && self
                    .chain
                    .lexicon
                    .contains(two.iter().collect::<String>().as_str());
        }
        for end in [0, run.len() - 1] {
            words.stray[end] = !words.plain[end];
        }
        words
    }

    fn latin(&self, analysis: &Analysis, run: Range<usize>) -> Option<Mistyped> {
        let typed = text(analysis, run.clone());
        if !(self.is_on)(Mistake::Latin.rule()) || (self.is_known_latin)(&typed) {
            return None;
        }
        if self.vocabulary.latin().items(&typed) > TYPED_ITEMS_MAX {
            return None;
        }
        let fixes = latin::fixes(self.vocabulary, &typed);
        let best = fixes
            .first()
            .filter(|fix| fix.odds >= OFFERED_LATIN_ODDS_MIN)?;
        let lead = fixes
            .get(1)
            .map_or(f32::MAX, |second| best.odds - second.odds);
        let is_sure = best.odds >= APPLIED_ODDS_MIN
            && lead >= APPLIED_LEAD_MIN
            && best.items >= APPLIED_ITEMS_MIN
            && self.vocabulary.latin().items(&typed) == 0;
        Some(Mistyped {
            certainty: certainty(is_sure),
            corrections: fixes
                .iter()
                .map(|fix| Correction {
                    range: run.clone(),
                    target: fix.word.to_owned(),
                    mistake: Mistake::Latin,
                    odds: fix.odds,
                })
                .collect(),
        })
    }
}

/// By character of a run.
struct Words {
    /// Part of a word that items have.
    sold: Vec<bool>,
    /// Part of a word of the lexicon.
    plain: Vec<bool>,
    /// At an end of the run, and no part of a word.
    stray: Vec<bool>,
    /// Begins a word of two characters.
    starts_pair: Vec<bool>,
    /// No part of a word, and neither is the next, which before it would make one.
    turned: Vec<bool>,
}

impl Words {
    /// Whether one of the characters is part of a word of the lexicon; for none, whether both beside them are: what is
    /// left out between two words is hardly ever missed.
    fn is_plain(&self, characters: &Range<usize>) -> bool {
        match characters.is_empty() {
            false => self.plain[characters.clone()].contains(&true),
            true => {
                characters.start > 0
                    && self.plain[characters.start - 1]
                    && self.plain.get(characters.start) == Some(&true)
            }
        }
    }

    /// Whether a character and the one before it are a word: 寶寶.
    fn plain_pair(&self, second: usize) -> bool {
        second > 0 && self.starts_pair[second - 1]
    }
}

fn certainty(is_sure: bool) -> Certainty {
    match is_sure {
        true => Certainty::Applied,
        false => Certainty::Offered,
    }
}

fn text(analysis: &Analysis, run: Range<usize>) -> String {
    analysis.normal.characters[run]
        .iter()
        .map(|c| c.character)
        .collect()
}

/// Han characters side by side, and runs of letters and digits.
fn runs(analysis: &Analysis) -> Vec<Range<usize>> {
    let characters = &analysis.normal.characters;
    let mut runs = Vec::new();
    let mut start = 0;
    while start < characters.len() {
        let end = match characters[start].class {
            Class::Gap => start + 1,
            Class::Latin => run_end(characters, start),
            Class::Han => (start..characters.len())
                .find(|&at| characters[at].class != Class::Han)
                .unwrap_or(characters.len()),
        };
        if characters[start].class != Class::Gap {
            runs.push(start..end);
        }
        start = end;
    }
    runs
}
