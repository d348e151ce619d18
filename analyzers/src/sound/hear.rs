//! Walks a lattice through a sound index: which terms begin here, and how exactly they were said.

use super::index::SoundIndex;
use super::lattice::{Lattice, Sound};
use super::postings::Node;
use super::readings::{Dialect, Readings};
use super::spoken::{Element, said};
use super::spoken_index::{SpokenEntry, SpokenIndex, literal_key};

/// Arcs tried from one place; more mean a text made to cost time. One arc is about 50 ns.
const ARCS_TRIED_MAX: usize = 2_000;
/// A tone that is given and wrong, nats: changed tones and neutral tones are common.
const WRONG_TONE_COST: f32 = 1.2;
/// A lazy or confused onset or rime, nats.
const MISTAKE_COST: f32 = 1.0;
/// A syllable of which only the initial was typed, nats.
pub const INITIAL_COST: f32 = 1.5;

/// What speaks for a match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Syllables typed in full.
    pub syllables: usize,
    /// Those of them with a tone.
    pub tones: usize,
    /// Lazy or confused onsets and rimes.
    pub mistakes: usize,
    /// Tones that are not those of the term; the neutral tone is never wrong.
    pub wrong_tones: usize,
    /// Syllables of which only the initial was typed.
    pub initials: usize,
    /// Characters typed as such.
    pub characters: usize,
    /// Letters and digits that the term itself has.
    pub literals: usize,
    /// Terms that are words of the language and may not be sold.
    pub plain_terms: usize,
}

impl Evidence {
    pub fn and(self, other: Self) -> Self {
        Self {
            syllables: self.syllables + other.syllables,
            tones: self.tones + other.tones,
            mistakes: self.mistakes + other.mistakes,
            wrong_tones: self.wrong_tones + other.wrong_tones,
            initials: self.initials + other.initials,
            characters: self.characters + other.characters,
            literals: self.literals + other.literals,
            plain_terms: self.plain_terms + other.plain_terms,
        }
    }

    pub fn sounds(self) -> usize {
        self.syllables + self.initials
    }
}

/// A term that was heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Index of the character behind the last one that it takes.
    pub end: usize,
    pub term: u32,
    /// −ln of how likely it is, nats.
    pub cost: f32,
    /// The part of the cost that lies in how it was typed.
    pub doubt: f32,
    pub evidence: Evidence,
}

pub struct Hearing<'a> {
    pub index: &'a SoundIndex,
    pub dialect: Dialect,
    pub readings: &'a Readings,
    pub lattice: &'a Lattice,
    pub folded: &'a dyn Fn(char) -> char,
}

struct Walk<'h, 'a> {
    hearing: &'h Hearing<'a>,
    spoken: &'a SpokenIndex,
    path: Vec<Sound>,
    arcs_left: usize,
    matches: Vec<Match>,
}

impl Hearing<'_> {
    /// Every term that the sounds from `start` on begin with.
    pub fn matches(&self, start: usize) -> Vec<Match> {
        let spoken = self.index.dialect(self.dialect);
        let mut walk = Walk {
            hearing: self,
            spoken,
            path: Vec::new(),
            arcs_left: ARCS_TRIED_MAX,
            matches: Vec::new(),
        };
        walk.go(start, &spoken.postings.root());
        walk.matches
    }
}

impl Walk<'_, '_> {
    fn go(&mut self, at: usize, node: &Node) {
        let hearing = self.hearing;
        for entry in self.spoken.postings.entries(node) {
            self.matches.extend(self.weigh(at, entry));
        }
        let at = match self.path.is_empty() {
            true => at,
            false => hearing.lattice.resume(at),
        };
        for arc in hearing.lattice.arcs(at) {
            if self.arcs_left == 0 {
                return;
            }
            self.arcs_left -= 1;
            self.path.push(arc.sound);
            self.follow(arc.sound, arc.end, node);
            self.path.pop();
        }
    }

    fn follow(&mut self, sound: Sound, end: usize, node: &Node) {
        let postings = &self.spoken.postings;
        let system = self.hearing.dialect.system();
        match sound {
            Sound::Syllable(syllable) => {
                let rime = system.rime_class(syllable.rime);
                let onset = postings.child(node, system.onset_class(syllable.onset));
                if let Some(next) = onset.and_then(|onset| postings.child(&onset, rime)) {
                    self.go(end, &next);
                }
            }
            Sound::Initial(class) => {
                let Some(onset) = postings.child(node, class) else {
                    return;
                };
                for next in postings.children(&onset) {
                    self.arcs_left = self.arcs_left.saturating_sub(1);
                    self.go(end, &next);
                }
            }
            Sound::Character(character) => {
                let dialect = self.hearing.dialect;
                let readings = self.hearing.readings.of_character(dialect, character);
                for (rank, syllable) in readings.iter().enumerate() {
                    let classes = |rank: usize| {
                        let syllable = readings[rank];
                        (
                            system.onset_class(syllable.onset),
                            system.rime_class(syllable.rime),
                        )
                    };
                    if (0..rank).any(|earlier| classes(earlier) == classes(rank)) {
                        continue;
                    }
                    let onset = postings.child(node, system.onset_class(syllable.onset));
                    let rime = system.rime_class(syllable.rime);
                    if let Some(next) = onset.and_then(|onset| postings.child(&onset, rime)) {
                        self.go(end, &next);
                    }
                }
            }
            Sound::Literal(letter) => {
                if let Some(next) = postings.child(node, literal_key(letter)) {
                    self.go(end, &next);
                }
            }
        }
    }

    /// How exactly the path says the entry; None when a character typed as such is another one.
    fn weigh(&self, end: usize, entry: &SpokenEntry) -> Option<Match> {
        let hearing = self.hearing;
        let system = hearing.dialect.system();
        let term = hearing.index.term(entry.term);
        let mut doubt = entry.cost;
        let mut evidence = Evidence {
            plain_terms: usize::from(term.is_plain),
            ..Evidence::default()
        };
        let elements = self.spoken.elements(entry).iter();
        let mut written = said(&term.text);
        for (sound, element) in self.path.iter().zip(elements) {
            let character = written.next();
            match (*sound, *element) {
                (Sound::Syllable(typed), Element::Syllable(stored)) => {
                    evidence.syllables += 1;
                    evidence.tones += usize::from(typed.tone > 0);
                    let mistakes = system.mistakes(typed, stored);
                    evidence.mistakes += mistakes as usize;
                    doubt += mistakes as f32 * MISTAKE_COST;
                    if typed.tone > 0 && typed.tone != stored.tone {
                        doubt += WRONG_TONE_COST;
                        let neutral = hearing.dialect.neutral_tone();
                        let is_neutral = |tone| neutral == Some(tone);
                        let is_wrong = !is_neutral(typed.tone) && !is_neutral(stored.tone);
                        evidence.wrong_tones += usize::from(is_wrong);
                    }
                }
                (Sound::Initial(_), Element::Syllable(_)) => {
                    evidence.initials += 1;
                    doubt += INITIAL_COST;
                }
                (Sound::Character(typed), Element::Syllable(_)) => {
                    evidence.characters += 1;
                    if character.map(hearing.folded) != Some((hearing.folded)(typed)) {
                        return None;
                    }
                }
                (Sound::Literal(_), Element::Literal(_)) => evidence.literals += 1,
                // The classes of sounds and the keys of literals are apart, so paths and elements agree in kind.
                _ => return None,
            }
        }
        Some(Match {
            end,
            term: entry.term,
            cost: doubt + term.cost,
            doubt,
            evidence,
        })
    }
}
