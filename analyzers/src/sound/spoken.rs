//! How a term of the vocabulary may be said: its elements, in every reading worth keeping.

use super::readings::{Dialect, Readings};
use super::system::Syllable;
use crate::normalize::{Class, class_of};

/// Readings of a term that are indexed; further ones are combinations of rare readings.
const READINGS_MAX: usize = 8;
/// Longest term that is indexed by sound, characters.
pub const TERM_CHARACTERS_MAX: usize = 12;
/// What each rarer reading of a character costs, nats.
const RARER_READING_COST: f32 = 0.9;

/// One character of a term, as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    Syllable(Syllable),
    /// A Latin letter or digit, typed as it stands.
    Literal(u8),
}

/// A way to say a term.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    pub elements: Vec<Element>,
    /// How unusual the reading is, nats.
    pub cost: f32,
}

/// The characters of a term that are said: all but spaces and punctuation.
pub fn said(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| class_of(*c) != Class::Gap)
}

/// Ways to say a term, the usual first; none when a character has no reading or nothing is read. `folded`: the weakest
/// key of a character.
pub fn ways_to_say(
    readings: &Readings,
    dialect: Dialect,
    text: &str,
    folded: &dyn Fn(char) -> char,
) -> Vec<Spoken> {
    let characters: Vec<char> = said(text).collect();
    if characters.len() > TERM_CHARACTERS_MAX {
        return Vec::new();
    }
    let Some(segments) = segments(readings, dialect, &characters, folded) else {
        return Vec::new();
    };
    let usual: Vec<Element> = segments.iter().flat_map(|s| s[0].iter().copied()).collect();
    if !usual.iter().any(|e| matches!(e, Element::Syllable(_))) {
        return Vec::new();
    }
    let mut ways = vec![Spoken {
        elements: usual,
        cost: 0.0,
    }];
    // One rare reading at a time: two in one word are rarer than the list is long.
    for rank in 1..segments.iter().map(Vec::len).max().unwrap_or(0) {
        let mut at = 0;
        for segment in &segments {
            if let Some(other) = segment.get(rank).filter(|_| ways.len() < READINGS_MAX) {
                let mut elements = ways[0].elements.clone();
                elements.splice(at..at + other.len(), other.iter().copied());
                ways.push(Spoken {
                    elements,
                    cost: rank as f32 * RARER_READING_COST,
                });
            }
            at += segment[0].len();
        }
    }
    ways
}

/// The ways to say one word of the reading table, or one character; the usual first, never empty.
type Segment = Vec<Vec<Element>>;

fn segments(
    readings: &Readings,
    dialect: Dialect,
    characters: &[char],
    folded: &dyn Fn(char) -> char,
) -> Option<Vec<Segment>> {
    let folds: Vec<char> = characters.iter().map(|c| folded(*c)).collect();
    let mut segments: Vec<Segment> = Vec::with_capacity(characters.len());
    let mut at = 0;
    while at < characters.len() {
        let mut length = 1;
        let mut segment: Segment = Vec::new();
        let mut beside: Segment = Vec::new();
        if let Some((word, known)) = readings.longest_word(dialect, &folds[at..]) {
            length = word;
            for reading in known {
                let list = if reading.is_usual {
                    &mut segment
                } else {
                    &mut beside
                };
                list.push(
                    reading
                        .syllables
                        .iter()
                        .map(|s| Element::Syllable(*s))
                        .collect(),
                );
            }
        }
        let own = &characters[at..at + length];
        let own: Option<Vec<Vec<Element>>> = own
            .iter()
            .map(|c| of_character(readings, dialect, *c))
            .collect();
        match own {
            Some(own) => segment.extend(one_at_a_time(&own)),
            None if segment.is_empty() && beside.is_empty() => return None,
            None => {}
        }
        segment.extend(beside);
        let mut distinct: Segment = Vec::new();
        for way in segment {
            if !distinct.contains(&way) {
                distinct.push(way);
            }
        }
        segments.push(distinct);
        at += length;
    }
    Some(segments)
}

/// None when nobody says it.
fn of_character(readings: &Readings, dialect: Dialect, character: char) -> Option<Vec<Element>> {
    if character.is_ascii_alphanumeric() {
        return Some(vec![Element::Literal(character.to_ascii_lowercase() as u8)]);
    }
    let known = readings.of_character(dialect, character);
    (!known.is_empty()).then(|| known.iter().map(|s| Element::Syllable(*s)).collect())
}

/// The first of each, then every other one by itself.
fn one_at_a_time(choices: &[Vec<Element>]) -> Segment {
    let first: Vec<Element> = choices.iter().map(|choice| choice[0]).collect();
    let mut ways = vec![first.clone()];
    for (at, choice) in choices.iter().enumerate() {
        for other in &choice[1..] {
            let mut way = first.clone();
            way[at] = *other;
            ways.push(way);
        }
    }
    ways
}
