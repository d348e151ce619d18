//! All ways to hear what was typed: from each place, the sounds that may begin there and where they end.

use super::system::{SoundSystem, SpelledSyllable, Syllable};
use super::typed::{Glyph, Typed};
use super::zhuyin::{SYMBOLS_MAX, ZhuyinTable, dachen_symbol, dachen_tone};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sound {
    Syllable(Syllable),
    /// Class of the onset of a syllable whose rest was not typed.
    Initial(u8),
    /// A character typed as such, canonical.
    Character(char),
    Literal(u8),
}

#[derive(Debug, Clone, Copy)]
pub struct Arc {
    pub end: usize,
    pub sound: Sound,
}

/// Whether the initials of syllables are heard too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initials {
    Ignored,
    Heard,
}

/// Arcs by the index of the character that they begin at.
pub struct Lattice {
    arcs: Vec<Vec<Arc>>,
    /// For each index the next one that is no separator.
    resumes: Vec<usize>,
}

impl Lattice {
    fn new(
        typed: &Typed,
        is_separator: impl Fn(usize) -> bool,
        arcs: impl Iterator<Item = Vec<Arc>>,
    ) -> Self {
        let mut resumes: Vec<usize> = (0..=typed.len()).collect();
        for at in (0..typed.len()).rev().filter(|at| is_separator(*at)) {
            resumes[at] = resumes[at + 1];
        }
        Self {
            arcs: arcs.collect(),
            resumes,
        }
    }

    pub fn arcs(&self, at: usize) -> &[Arc] {
        self.arcs.get(at).map_or(&[], Vec::as_slice)
    }

    /// The first index from `at` on at which a sound may begin.
    pub fn resume(&self, at: usize) -> usize {
        self.resumes.get(at).copied().unwrap_or(at)
    }

    /// Romanised, with tone digits or accents or without, among characters.
    pub fn romanised(typed: &Typed, system: &SoundSystem, initials: Initials) -> Self {
        let mut spelled: Vec<SpelledSyllable> = Vec::new();
        let arcs = (0..typed.len()).map(|at| {
            let mut arcs = common_arcs(typed, at);
            let letters = typed.letters(at);
            spelled.clear();
            system.prefixes(&letters, &mut spelled);
            for syllable in &spelled {
                push_syllable(typed, system, at, *syllable, &mut arcs);
            }
            if initials == Initials::Heard {
                arcs.extend(system.initials(&letters).map(|(length, class)| Arc {
                    end: at + length,
                    sound: Sound::Initial(class),
                }));
            }
            arcs
        });
        Self::new(typed, |at| typed.glyph(at) == Glyph::Separator, arcs)
    }

    /// Zhuyin symbols, with tone marks or without, among characters.
    pub fn zhuyin(typed: &Typed, table: &ZhuyinTable) -> Self {
        let arcs = (0..typed.len()).map(|at| {
            let mut arcs = common_arcs(typed, at);
            // The neutral tone's dot may stand in front.
            let (start, dot) = match typed.glyph(at) {
                Glyph::Tone(tone @ 5) => (at + 1, tone),
                _ => (at, 0),
            };
            let symbol = |index: usize| match typed.glyph(index) {
                Glyph::Zhuyin(symbol) => Some(symbol),
                _ => None,
            };
            for (end, syllable) in syllables(start, symbol, table) {
                let (end, tone) = match typed.glyph(end) {
                    Glyph::Tone(tone) if dot == 0 => (end + 1, tone),
                    _ => (end, dot),
                };
                arcs.push(Arc {
                    end,
                    sound: Sound::Syllable(Syllable { tone, ..syllable }),
                });
            }
            if let Some(class) = symbol(at).and_then(ZhuyinTable::initial) {
                arcs.push(Arc {
                    end: at + 1,
                    sound: Sound::Initial(class),
                });
            }
            arcs
        });
        Self::new(typed, |at| typed.glyph(at) == Glyph::Separator, arcs)
    }

    /// Zhuyin typed on a keyboard that was left in Latin mode. No tone key is the first tone, whose space got lost.
    pub fn zhuyin_keys(typed: &Typed, table: &ZhuyinTable) -> Self {
        let arcs = (0..typed.len()).map(|at| {
            let symbol = |index: usize| dachen_symbol(typed.key(index));
            let mut arcs = Vec::new();
            for (end, syllable) in syllables(at, symbol, table) {
                let (end, tone) = match dachen_tone(typed.key(end)) {
                    Some(tone) => (end + 1, tone),
                    None => (end, 1),
                };
                arcs.push(Arc {
                    end,
                    sound: Sound::Syllable(Syllable { tone, ..syllable }),
                });
            }
            arcs
        });
        // Other separators are keys of the layout.
        Self::new(typed, |at| typed.key(at) == b' ', arcs)
    }
}

fn common_arcs(typed: &Typed, at: usize) -> Vec<Arc> {
    let sound = match typed.glyph(at) {
        Glyph::Han(character) => Sound::Character(character),
        Glyph::Letter { letter, tone: 0 } => Sound::Literal(letter),
        Glyph::Digit(digit) => Sound::Literal(b'0' + digit),
        _ => return Vec::new(),
    };
    vec![Arc { end: at + 1, sound }]
}

fn push_syllable(
    typed: &Typed,
    system: &SoundSystem,
    at: usize,
    spelled: SpelledSyllable,
    arcs: &mut Vec<Arc>,
) {
    let end = at + spelled.length;
    let accent = typed.accent(at, end);
    let mut push = |end: usize, tone: u8| {
        arcs.push(Arc {
            end,
            sound: Sound::Syllable(Syllable {
                onset: spelled.onset,
                rime: spelled.rime,
                tone,
            }),
        });
    };
    match typed.glyph(end) {
        Glyph::Digit(digit) if accent == 0 && (1..=system.tone_max).contains(&digit) => {
            push(end + 1, digit);
        }
        _ if accent <= system.tone_max => push(end, accent),
        _ => {}
    }
}

/// Zhuyin syllables that begin at `start`: where their symbols end, and what they are.
fn syllables(
    start: usize,
    symbol: impl Fn(usize) -> Option<char>,
    table: &ZhuyinTable,
) -> Vec<(usize, Syllable)> {
    let mut symbols = String::new();
    let mut found = Vec::new();
    for index in start..start + SYMBOLS_MAX {
        let Some(symbol) = symbol(index) else { break };
        symbols.push(symbol);
        if let Some(syllable) = table.get(&symbols) {
            found.push((index + 1, syllable));
        }
    }
    found
}
