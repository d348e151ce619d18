//! Runs of letters and digits: brands, model numbers, sizes.

use crate::normalize::{Class, Folded};

/// Part of a run: characters `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub start: usize,
    pub end: usize,
}

/// Longest run, characters; a longer one is cut there, and so every term stays below 300 bytes. Model numbers are below 40.
const RUN_CHARACTERS_MAX: usize = 64;

/// End of the run that starts at `start`: letters and digits, and single connectors between them (`wh-1000xm5`, `1.5`).
pub fn run_end(characters: &[Folded], start: usize) -> usize {
    let is_latin = |index: usize| {
        characters
            .get(index)
            .is_some_and(|c| c.class == Class::Latin)
    };
    let limit = start + RUN_CHARACTERS_MAX;
    let mut end = start;
    loop {
        while end < limit && is_latin(end) {
            end += 1;
        }
        let connects = |c: &Folded| is_connector(c.character);
        let goes_on = start < end
            && end < limit
            && characters.get(end).is_some_and(connects)
            && is_latin(end + 1);
        if !goes_on {
            return end;
        }
        end += 2;
    }
}

/// Whether it holds letters and digits together when it stands alone between them.
pub fn is_connector(character: char) -> bool {
    matches!(
        character,
        '-' | '_' | '.' | '\'' | '’' | '‐' | '‑' | '+' | '&' | '/'
    )
}

/// Whether a run is all letters or all digits: its own only part.
pub fn is_one_part(run: &[Folded]) -> bool {
    let is_digits = run.first().is_some_and(|c| c.character.is_numeric());
    run.iter()
        .all(|c| c.class == Class::Latin && c.character.is_numeric() == is_digits)
}

/// The pieces between connectors, each also split where letters and digits meet. A decimal point stays in its number.
pub fn parts(characters: &[Folded], start: usize, end: usize, found: &mut Vec<Part>) {
    found.clear();
    let mut begin = start;
    for index in start..end {
        let here = characters[index].character;
        let next = (index + 1 < end).then(|| characters[index + 1].character);
        if is_part_of_number(characters, start, end, index) {
            continue;
        }
        if characters[index].class != Class::Latin {
            begin = index + 1;
            continue;
        }
        let goes_on = next.is_some_and(|next| {
            is_part_of_number(characters, start, end, index + 1)
                || (next.is_alphanumeric() && next.is_numeric() == here.is_numeric())
        });
        if !goes_on {
            found.push(Part {
                start: begin,
                end: index + 1,
            });
            begin = index + 1;
        }
    }
}

/// A point between two digits.
fn is_part_of_number(characters: &[Folded], start: usize, end: usize, index: usize) -> bool {
    let is_digit = |index: usize| characters[index].character.is_numeric();
    characters[index].character == '.'
        && index > start
        && index + 1 < end
        && is_digit(index - 1)
        && is_digit(index + 1)
}

/// The run as one term: hyphens and apostrophes left out, but for those between digits (`wh1000xm5`, `1.5l`, `2-3`).
pub fn whole(
    characters: &[Folded],
    start: usize,
    end: usize,
) -> impl Iterator<Item = char> + use<'_> {
    let is_digit = |index: usize| {
        characters
            .get(index)
            .is_some_and(|c| c.character.is_numeric())
    };
    (start..end)
        .filter(move |&index| match characters[index].character {
            '-' | '_' | '\'' | '’' | '‐' | '‑' => {
                index > start && is_digit(index - 1) && is_digit(index + 1)
            }
            _ => true,
        })
        .map(|index| characters[index].character)
}

/// The parts from the one at `first` up to the next connector, when that one begins a piece: `1000xm5` of `wh-1000xm5`.
pub fn piece_at(parts: &[Part], first: usize) -> Option<Part> {
    if first > 0 && parts[first - 1].end == parts[first].start {
        return None;
    }
    let mut last = first;
    while last + 1 < parts.len() && parts[last].end == parts[last + 1].start {
        last += 1;
    }
    Some(Part {
        start: parts[first].start,
        end: parts[last].end,
    })
}
