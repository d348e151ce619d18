//! Width, case and compatibility folding, with every character's place in the text as given.
//!
//! Source: Unicode NFKC (UAX #15), applied character by character so that offsets stay exact.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a character is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Han, kana, bopomofo or Hangul: indexed character by character.
    Han,
    /// Letter of an alphabet, or a digit: indexed by runs.
    Latin,
    /// Punctuation, white space, symbols: never indexed.
    Gap,
}

/// One folded character.
#[derive(Debug, Clone, Copy)]
pub struct Folded {
    pub character: char,
    pub class: Class,
    /// Bytes of the text as given that it came from.
    pub start: u32,
    pub end: u32,
}

/// A folded text.
#[derive(Debug, Default)]
pub struct NormalText {
    pub characters: Vec<Folded>,
}

impl NormalText {
    pub fn new(source: &str) -> Self {
        let mut normal = Self::default();
        normal.read(source);
        normal
    }

    /// Replaces the text, in the same room.
    pub fn read(&mut self, source: &str) {
        let singles = &*SINGLES;
        self.characters.clear();
        self.characters.reserve(source.len() / 2);
        for (start, character) in source.char_indices() {
            let start = start as u32;
            let end = start + character.len_utf8() as u32;
            let single = if matches!(character, '\u{4E00}'..='\u{9FFF}') {
                Some((character, Class::Han))
            } else {
                singles.get(character)
            };
            match single {
                Some((character, class)) => self.characters.push(Folded {
                    character,
                    class,
                    start,
                    end,
                }),
                None => fold(character, &mut |character| {
                    self.characters.push(Folded {
                        character,
                        class: class_of(character),
                        start,
                        end,
                    });
                }),
            }
        }
    }

    pub fn text(&self) -> String {
        self.characters.iter().map(|c| c.character).collect()
    }
}

/// What a character becomes: mostly one, sometimes several or none.
fn fold(character: char, push: &mut dyn FnMut(char)) {
    if character.is_ascii() {
        push(character.to_ascii_lowercase());
    } else if is_kana_or_hangul(character) {
        std::iter::once(character).nfkc().for_each(push);
    } else {
        // Decomposed, so that é and e meet; the accents carry no place of their own.
        std::iter::once(character)
            .nfkd()
            .filter(|c| !is_combining_mark(*c))
            .flat_map(char::to_lowercase)
            .filter(|c| !is_combining_mark(*c))
            .for_each(push);
    }
}

/// Characters of titles that are no ideographs: letters, marks, kana, full-width forms.
const BELOW_IDEOGRAPHS: u32 = 0x3400;
const FULL_WIDTH: std::ops::Range<u32> = 0xFF00..0xFFF0;

/// What becomes of each of them, worked out once: decomposing costs ten times a look-up.
static SINGLES: LazyLock<Singles> = LazyLock::new(Singles::work_out);

struct Singles {
    below_ideographs: Box<[Option<(char, Class)>]>,
    full_width: Box<[Option<(char, Class)>]>,
}

impl Singles {
    fn work_out() -> Self {
        let single = |code| {
            let (mut only, mut count) = (None, 0);
            fold(char::from_u32(code)?, &mut |c| {
                only = Some((c, class_of(c)));
                count += 1;
            });
            only.filter(|_| count == 1)
        };
        Self {
            below_ideographs: (0..BELOW_IDEOGRAPHS).map(single).collect(),
            full_width: FULL_WIDTH.map(single).collect(),
        }
    }

    /// None for a character that becomes several or none, or stands in neither table.
    #[inline]
    fn get(&self, character: char) -> Option<(char, Class)> {
        let code = character as u32;
        match self.below_ideographs.get(code as usize) {
            Some(single) => *single,
            None => {
                let place = code.checked_sub(FULL_WIDTH.start)?;
                *self.full_width.get(place as usize)?
            }
        }
    }
}

#[inline]
pub fn class_of(character: char) -> Class {
    if character.is_ascii() {
        return if character.is_ascii_alphanumeric() {
            Class::Latin
        } else {
            Class::Gap
        };
    }
    if is_han(character) || is_kana_or_hangul(character) {
        Class::Han
    } else if character.is_alphanumeric() {
        Class::Latin
    } else {
        Class::Gap
    }
}

/// Ideographs of all planes, with 々 and 〇.
pub fn is_han(character: char) -> bool {
    matches!(character,
        '\u{4E00}'..='\u{9FFF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}'
        | '々' | '〇')
}

fn is_kana_or_hangul(character: char) -> bool {
    matches!(character,
        '\u{3041}'..='\u{3096}'
        | '\u{30A1}'..='\u{30FA}' | 'ー'
        | '\u{3105}'..='\u{312F}'
        | '\u{31A0}'..='\u{31BF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{FF66}'..='\u{FF9D}')
}
