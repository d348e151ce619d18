//! Terms by the codes of shape-based keyboards: Cangjie (up to five letters a character) and Quick (速成, its first and
//! last letter).

use super::postings::Postings;
use super::readings::Readings;
use super::spoken::{TERM_CHARACTERS_MAX, said};

/// Codes of a term that are indexed, where characters have several.
const CODES_MAX: usize = 4;

/// One way to key one term.
pub struct CodeEntry {
    pub term: u32,
    /// Letters of each character's code.
    pub lengths: Box<[u8]>,
}

pub type CodeIndex = Postings<CodeEntry>;

/// The entries of both indexes, before they are sorted.
#[derive(Default)]
pub struct CodeEntries {
    cangjie: Vec<(Vec<u8>, CodeEntry)>,
    quick: Vec<(Vec<u8>, CodeEntry)>,
}

impl CodeEntries {
    /// A term as written: what is keyed depends on the very glyph. Letters and digits in it are keyed as they stand.
    pub fn add(&mut self, readings: &Readings, text: &str, term: u32) {
        let characters: Vec<char> = said(text).collect();
        if characters.len() > TERM_CHARACTERS_MAX || characters.iter().all(char::is_ascii) {
            return;
        }
        let mut ways: Vec<Vec<String>> = vec![Vec::new()];
        for character in characters {
            let codes: Vec<&str> = readings.cangjie(character).iter().map(|c| &**c).collect();
            let literal = character.to_ascii_lowercase().to_string();
            let codes = match (codes.is_empty(), character.is_ascii_alphanumeric()) {
                (false, _) => codes,
                (true, true) => vec![literal.as_str()],
                (true, false) => return,
            };
            let longer = ways.iter().flat_map(|way| {
                codes
                    .iter()
                    .map(|code| way.iter().cloned().chain([(*code).to_owned()]).collect())
            });
            ways = longer.take(CODES_MAX).collect();
        }
        for way in ways {
            push(&mut self.cangjie, &way, term);
            let quick: Vec<String> = way.iter().map(|code| quick(code)).collect();
            push(&mut self.quick, &quick, term);
        }
    }

    pub fn finish(mut self) -> (CodeIndex, CodeIndex) {
        for entries in [&mut self.cangjie, &mut self.quick] {
            entries.sort_by(|a, b| {
                (&a.0, a.1.term, &a.1.lengths).cmp(&(&b.0, b.1.term, &b.1.lengths))
            });
            entries
                .dedup_by(|a, b| a.0 == b.0 && a.1.term == b.1.term && a.1.lengths == b.1.lengths);
        }
        (Postings::build(self.cangjie), Postings::build(self.quick))
    }
}

fn push(entries: &mut Vec<(Vec<u8>, CodeEntry)>, codes: &[String], term: u32) {
    entries.push((
        codes.concat().into_bytes(),
        CodeEntry {
            term,
            lengths: codes.iter().map(|code| code.len() as u8).collect(),
        },
    ));
}

/// First and last letter.
fn quick(code: &str) -> String {
    let mut letters = code.chars();
    let first = letters.next();
    first.into_iter().chain(letters.next_back()).collect()
}
