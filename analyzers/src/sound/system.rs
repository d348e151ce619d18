//! A sound system: how its syllables are spelled, and which of them people mix up.
//!
//! A syllable is an onset and a rime. Both belong to a class of parts that are mistaken for each other; the index is
//! keyed by classes, and how far the typed part is from the true one is settled afterwards.

use std::collections::HashMap;

/// One part as its table states it: spelling, the class that it belongs to, and the form it has in the class. Two parts
/// of a class are as many mistakes apart as their forms have different bits.
pub type PartRow = (&'static str, &'static str, u8);

/// A syllable, as indices into the tables of its system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Syllable {
    pub onset: u8,
    pub rime: u8,
    /// From 1; 0 when not known.
    pub tone: u8,
}

/// A syllable at the start of some letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpelledSyllable {
    /// Letters that it takes.
    pub length: usize,
    pub onset: u8,
    pub rime: u8,
}

struct Part {
    spelling: &'static str,
    /// From 1; 0 ends a key's path nowhere.
    class: u8,
    form: u8,
}

pub struct SoundSystem {
    onsets: Vec<Part>,
    rimes: Vec<Part>,
    /// Highest tone digit.
    pub tone_max: u8,
}

impl SoundSystem {
    pub fn new(onsets: &[PartRow], rimes: &[PartRow], tone_max: u8) -> Self {
        Self {
            onsets: parts(onsets),
            rimes: parts(rimes),
            tone_max,
        }
    }

    /// `syut3`. None when it is no syllable of the system.
    pub fn parse(&self, text: &str) -> Option<Syllable> {
        let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let tone = match &text[letters.len()..] {
            "" => 0,
            digits => digits.parse().ok().filter(|tone| *tone <= self.tone_max)?,
        };
        let (onset, rime) = self
            .onsets
            .iter()
            .enumerate()
            .filter_map(|(onset, part)| {
                let rest = letters.strip_prefix(part.spelling)?;
                let rime = self.rimes.iter().position(|rime| rime.spelling == rest)?;
                Some((part.spelling.len(), onset, rime))
            })
            .max()
            .map(|(_, onset, rime)| (onset as u8, rime as u8))?;
        Some(Syllable { onset, rime, tone })
    }

    /// Every way in which the letters begin with a syllable.
    pub fn prefixes(&self, letters: &[u8], found: &mut Vec<SpelledSyllable>) {
        for (onset, part) in self.onsets.iter().enumerate() {
            let Some(rest) = letters.strip_prefix(part.spelling.as_bytes()) else {
                continue;
            };
            for (rime, end) in self.rimes.iter().enumerate() {
                if rest.starts_with(end.spelling.as_bytes()) {
                    found.push(SpelledSyllable {
                        length: part.spelling.len() + end.spelling.len(),
                        onset: onset as u8,
                        rime: rime as u8,
                    });
                }
            }
        }
    }

    /// Every onset that the letters begin with, but for the silent one: letters taken, class.
    pub fn initials(&self, letters: &[u8]) -> impl Iterator<Item = (usize, u8)> {
        self.onsets
            .iter()
            .filter(move |part| {
                !part.spelling.is_empty() && letters.starts_with(part.spelling.as_bytes())
            })
            .map(|part| (part.spelling.len(), part.class))
    }

    pub fn onset_class(&self, onset: u8) -> u8 {
        self.onsets[usize::from(onset)].class
    }

    pub fn rime_class(&self, rime: u8) -> u8 {
        self.rimes[usize::from(rime)].class
    }

    pub fn onset(&self, syllable: Syllable) -> &'static str {
        self.onsets[usize::from(syllable.onset)].spelling
    }

    pub fn rime(&self, syllable: Syllable) -> &'static str {
        self.rimes[usize::from(syllable.rime)].spelling
    }

    /// How many mistakes lie between two syllables of the same classes, tones apart.
    pub fn mistakes(&self, typed: Syllable, stored: Syllable) -> u32 {
        let distance = |parts: &[Part], a: u8, b: u8| {
            (parts[usize::from(a)].form ^ parts[usize::from(b)].form).count_ones()
        };
        distance(&self.onsets, typed.onset, stored.onset)
            + distance(&self.rimes, typed.rime, stored.rime)
    }
}

fn parts(rows: &[PartRow]) -> Vec<Part> {
    let mut classes: HashMap<&str, u8> = HashMap::new();
    rows.iter()
        .map(|&(spelling, class, form)| {
            let next = classes.len() as u8 + 1;
            Part {
                spelling,
                class: *classes.entry(class).or_insert(next),
                form,
            }
        })
        .collect()
}
