//! Terms by the codes of shape-based keyboards: Cangjie (up to five letters a character) and Quick (速成, its first and
//! last letter).

use super::postings::{Postings, PostingsBuilder};
use super::readings::Readings;
use super::spoken::{TERM_CHARACTERS_MAX, said};

/// Codes of a term that are indexed, where characters have several.
const CODES_MAX: usize = 4;
/// Bits of a code's length.
const LENGTH_BITS: u32 = 4;

/// How many letters each character's code has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CodeLengths(u64);

impl CodeLengths {
    fn of(codes: &[&[u8]]) -> Self {
        let lengths = codes.iter().rev().map(|code| code.len() as u64);
        Self(lengths.fold(0, |packed, length| packed << LENGTH_BITS | length))
    }

    pub fn iter(self) -> impl Iterator<Item = usize> {
        let packed = std::iter::successors(Some(self.0), |packed| Some(packed >> LENGTH_BITS));
        packed
            .map(|packed| (packed & ((1 << LENGTH_BITS) - 1)) as usize)
            .take_while(|l| *l > 0)
    }
}

/// One way to key one term.
#[derive(Debug, Clone, Copy)]
pub struct CodeEntry {
    pub term: u32,
    pub lengths: CodeLengths,
}

pub type CodeIndex = Postings<CodeEntry>;

/// The entries of both indexes, before they are sorted.
#[derive(Default)]
pub struct CodeEntries {
    cangjie: PostingsBuilder<CodeEntry>,
    quick: PostingsBuilder<CodeEntry>,
}

impl CodeEntries {
    /// A term as written: what is keyed depends on the very glyph. Letters and digits in it are keyed as they stand.
    pub fn add(&mut self, readings: &Readings, text: &str, term: u32) {
        let mut letters = [[0u8; 1]; TERM_CHARACTERS_MAX];
        let characters: Vec<char> = said(text).take(TERM_CHARACTERS_MAX + 1).collect();
        if characters.len() > TERM_CHARACTERS_MAX || characters.iter().all(char::is_ascii) {
            return;
        }
        for (letter, character) in letters.iter_mut().zip(&characters) {
            *letter = [character.to_ascii_lowercase() as u8];
        }
        let mut choices: Vec<Vec<&[u8]>> = Vec::with_capacity(characters.len());
        for (character, letter) in characters.iter().zip(&letters) {
            let codes: Vec<&[u8]> = readings
                .cangjie(*character)
                .iter()
                .map(|code| code.as_bytes())
                .collect();
            match (codes.is_empty(), character.is_ascii_alphanumeric()) {
                (false, _) => choices.push(codes),
                (true, true) => choices.push(vec![letter]),
                (true, false) => return,
            }
        }
        let ways: usize = choices.iter().map(Vec::len).product();
        for mut way in 0..ways.min(CODES_MAX) {
            let mut codes = choices.iter().map(|choice| {
                let code = choice[way % choice.len()];
                way /= choice.len();
                code
            });
            let codes: Vec<&[u8]> = codes.by_ref().collect();
            push(&mut self.cangjie, &codes, term);
            let ends: Vec<[u8; 2]> = codes
                .iter()
                .map(|code| [code[0], code[code.len() - 1]])
                .collect();
            // A code of one letter stays one.
            let quick: Vec<&[u8]> = ends
                .iter()
                .zip(&codes)
                .map(|(ends, code)| &ends[..code.len().min(2)])
                .collect();
            push(&mut self.quick, &quick, term);
        }
    }

    pub fn finish(self) -> (CodeIndex, CodeIndex) {
        (self.cangjie.build(), self.quick.build())
    }
}

fn push(entries: &mut PostingsBuilder<CodeEntry>, codes: &[&[u8]], term: u32) {
    let entry = CodeEntry {
        term,
        lengths: CodeLengths::of(codes),
    };
    entries.push(codes.iter().flat_map(|code| code.iter().copied()), entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_survive_packing() {
        let codes: [&[u8]; 3] = [b"mbsm", b"v", b"dslcx"];
        assert_eq!(
            CodeLengths::of(&codes).iter().collect::<Vec<_>>(),
            [4, 1, 5]
        );
    }
}
