//! Which form of a Han character the model knows.
//!
//! It learnt far more from Simplified text than from Traditional, and where both forms of a character are
//! known, titles are found better by the Simplified (figures: benches/README.md). Characters whose
//! Simplified form is unknown take another form that means the same to `analyzers/script`.

use std::collections::{HashMap, HashSet};

use sampan_analyzers::Analyzer;

/// Ideographs that are looked at.
const IDEOGRAPHS: [std::ops::RangeInclusive<char>; 3] = [
    '\u{3400}'..='\u{4DBF}',
    '\u{4E00}'..='\u{9FFF}',
    '\u{F900}'..='\u{FAFF}',
];

/// Whether a character is an ideograph.
pub fn is_ideograph(character: char) -> bool {
    IDEOGRAPHS.iter().any(|range| range.contains(&character))
}

/// Every character that is encoded in another form, with that form; ascending. `known`: characters that are
/// pieces of their own.
pub fn forms(analyzer: &Analyzer, known: &HashSet<char>) -> Vec<(char, char)> {
    let simplified = |character: char| {
        let folded = analyzer.lexicon_spelling(character.encode_utf8(&mut [0; 4]));
        let mut characters = folded.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    let all = || IDEOGRAPHS.iter().cloned().flatten();
    let mut same: HashMap<char, Vec<char>> = HashMap::new();
    for character in all().filter(|character| known.contains(character)) {
        if let Some(folded) = simplified(character) {
            same.entry(folded).or_default().push(character);
        }
    }
    let form = |character| {
        let folded = simplified(character)?;
        let others = same.get(&folded).map_or(&[][..], Vec::as_slice);
        let form = match others {
            _ if known.contains(&folded) => folded,
            _ if known.contains(&character) => character,
            [other, ..] => *other,
            // Unknown in every form, it may still be a part of a longer piece.
            [] => folded,
        };
        (form != character).then_some((character, form))
    };
    all().filter_map(form).collect()
}
