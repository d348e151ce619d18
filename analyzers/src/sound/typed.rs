//! What was typed, seen as sounds: letters with the tones that accents lost in folding gave them, zhuyin, keys.

use unicode_normalization::UnicodeNormalization;

use super::zhuyin::tone_of_mark;
use crate::normalize::{Class, class_of};
use crate::tokens::analysis::Analysis;

/// Longest syllable of any romanisation: gwaang, zhuang.
const SYLLABLE_LETTERS_MAX: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// Lower-case; ü is v. `tone`: of an accent on it; 0 for none.
    Letter {
        letter: u8,
        tone: u8,
    },
    Digit(u8),
    Zhuyin(char),
    /// A zhuyin tone mark.
    Tone(u8),
    /// Any other character that is indexed by itself, canonical.
    Han(char),
    /// A space, apostrophe or hyphen: syllables may be set apart by it.
    Separator,
    Other,
}

impl Glyph {
    /// Whether words of letters are made of it.
    pub fn is_word(self) -> bool {
        matches!(self, Self::Letter { .. } | Self::Digit(_))
    }

    pub fn is_zhuyin(self) -> bool {
        matches!(self, Self::Zhuyin(_) | Self::Tone(_))
    }
}

/// A query, one glyph for each character of its analysis.
pub struct Typed {
    pub glyphs: Vec<Glyph>,
    /// The same as ASCII, lower-case; 0 for what is not ASCII or was taken out of the query.
    pub keys: Vec<u8>,
    /// Whether it is a capital letter.
    capitals: Vec<bool>,
}

impl Typed {
    /// None when nothing in the text could be a sound.
    pub fn new(text: &str, analysis: &Analysis) -> Option<Self> {
        let mut typed = Self {
            glyphs: Vec::with_capacity(analysis.length()),
            keys: Vec::with_capacity(analysis.length()),
            capitals: Vec::with_capacity(analysis.length()),
        };
        let canonical = analysis.canonical.text().chars();
        for (folded, canonical) in analysis.normal.characters.iter().zip(canonical) {
            let source = text
                .get(folded.start as usize..folded.end as usize)
                .unwrap_or("");
            let taken_out =
                folded.class == Class::Gap && source.chars().any(|c| class_of(c) != Class::Gap);
            let glyph = match source.chars().next() {
                Some(written) if !taken_out => glyph(written, folded.character, canonical),
                _ => Glyph::Other,
            };
            typed.capitals.push(source.starts_with(char::is_uppercase));
            let is_key = folded.character.is_ascii_graphic() || folded.character == ' ';
            let is_tone = matches!(glyph, Glyph::Tone(_));
            typed.glyphs.push(glyph);
            typed.keys.push(if is_key && !taken_out && !is_tone {
                folded.character as u8
            } else {
                0
            });
        }
        let sounds = |glyph: &Glyph| matches!(glyph, Glyph::Letter { .. } | Glyph::Zhuyin(_));
        typed.glyphs.iter().any(sounds).then_some(typed)
    }

    pub fn glyph(&self, index: usize) -> Glyph {
        self.glyphs.get(index).copied().unwrap_or(Glyph::Other)
    }

    pub fn key(&self, index: usize) -> u8 {
        self.keys.get(index).copied().unwrap_or(0)
    }

    pub fn is_capital(&self, index: usize) -> bool {
        self.capitals.get(index).copied().unwrap_or(false)
    }

    pub fn len(&self) -> usize {
        self.glyphs.len()
    }

    /// Letters from `at` on as plain bytes, as many as a syllable may take.
    pub fn letters(&self, at: usize) -> Vec<u8> {
        self.glyphs[at..]
            .iter()
            .take(SYLLABLE_LETTERS_MAX)
            .map_while(|glyph| match glyph {
                Glyph::Letter { letter, .. } => Some(*letter),
                _ => None,
            })
            .collect()
    }

    /// Tone of the accents on the letters `start..end`.
    pub fn accent(&self, start: usize, end: usize) -> u8 {
        self.glyphs[start..end]
            .iter()
            .find_map(|glyph| match glyph {
                Glyph::Letter { tone, .. } if *tone > 0 => Some(*tone),
                _ => None,
            })
            .unwrap_or(0)
    }
}

fn glyph(written: char, folded: char, canonical: char) -> Glyph {
    if let Some(tone) = tone_of_mark(written) {
        return Glyph::Tone(tone);
    }
    match folded {
        // ℃ and ② fold to letters and digits, but nobody types a sound so.
        'a'..='z' if written.is_alphabetic() => letter(written, folded as u8),
        '0'..='9' if written.is_ascii_digit() || ('０'..='９').contains(&written) => {
            Glyph::Digit(folded as u8 - b'0')
        }
        'ㄅ'..='ㄩ' => Glyph::Zhuyin(folded),
        '\'' | '’' | '-' => Glyph::Separator,
        c if c.is_whitespace() => Glyph::Separator,
        c if class_of(c) == Class::Han => Glyph::Han(canonical),
        _ => Glyph::Other,
    }
}

/// Folding took the accents off; pinyin needs them.
fn letter(written: char, folded: u8) -> Glyph {
    let (mut letter, mut tone) = (folded, 0);
    if !written.is_ascii() {
        for mark in std::iter::once(written).nfd() {
            match mark {
                '\u{304}' => tone = 1,
                '\u{301}' => tone = 2,
                '\u{30C}' => tone = 3,
                '\u{300}' => tone = 4,
                '\u{308}' if folded == b'u' => letter = b'v',
                _ => {}
            }
        }
    }
    Glyph::Letter { letter, tone }
}
