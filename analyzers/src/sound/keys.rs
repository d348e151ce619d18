//! Keys for suggestions: what somebody would type, by sound, towards a term.

use super::readings::{Dialect, Readings};
use super::spoken::{Element, ways_to_say};
use super::system::Syllable;
use super::zhuyin::zhuyin;

/// Readings of a term in one dialect that get keys.
const WAYS_MAX: usize = 2;

/// Keys of a term without tones or spaces: jyutping, pinyin and zhuyin in full, and the initials of each. A prefix of a
/// key is what is typed on the way to the term. None twice; empty for a term without a reading.
pub fn reading_keys(readings: &Readings, text: &str, folded: &dyn Fn(char) -> char) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let mut add = |key: String| {
        if !key.is_empty() && !keys.contains(&key) {
            keys.push(key);
        }
    };
    for dialect in [Dialect::Cantonese, Dialect::Mandarin] {
        let ways = ways_to_say(readings, dialect, text, folded);
        for way in ways.iter().take(WAYS_MAX) {
            let spell = |spelling: &dyn Fn(Syllable) -> String| -> String {
                let parts = way.elements.iter().map(|element| match element {
                    Element::Syllable(syllable) => spelling(*syllable),
                    Element::Literal(letter) => char::from(*letter).to_string(),
                });
                parts.collect()
            };
            let system = dialect.system();
            let romanised = |s: Syllable| format!("{}{}", system.onset(s), system.rime(s));
            add(spell(&romanised));
            add(spell(&|s| romanised(s).chars().take(1).collect()));
            if dialect == Dialect::Mandarin {
                add(spell(&|s| zhuyin(s).unwrap_or_default()));
                add(spell(&|s| {
                    zhuyin(s).unwrap_or_default().chars().take(1).collect()
                }));
            }
        }
    }
    keys
}
