//! Keys for suggestions: what somebody would type, by sound, towards a term.

use super::readings::{Dialect, Readings};
use super::spoken::{Element, Speaker};
use super::system::Syllable;
use super::zhuyin::zhuyin;

/// Readings of a term in one dialect that get keys.
const WAYS_MAX: usize = 2;

/// Keys of a term without tones or spaces: jyutping, pinyin and zhuyin in full, and the initials of each. A prefix of a
/// key is what is typed on the way to the term. None twice; empty for a term without a reading.
pub fn reading_keys(readings: &Readings, text: &str, folded: &dyn Fn(char) -> char) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let mut speaker = Speaker::new(readings, folded);
    for dialect in [Dialect::Cantonese, Dialect::Mandarin] {
        let mut ways = 0;
        speaker.say(dialect, text, &mut |elements, _| {
            ways += 1;
            if ways <= WAYS_MAX {
                add_keys(dialect, elements, &mut keys);
            }
        });
    }
    keys
}

fn add_keys(dialect: Dialect, elements: &[Element], keys: &mut Vec<String>) {
    let mut add = |spelling: &dyn Fn(Syllable) -> String, letters: usize| {
        let parts = elements.iter().map(|element| match element {
            Element::Syllable(syllable) => spelling(*syllable).chars().take(letters).collect(),
            Element::Literal(letter) => char::from(*letter).to_string(),
        });
        let key: String = parts.collect();
        if !key.is_empty() && !keys.contains(&key) {
            keys.push(key);
        }
    };
    let system = dialect.system();
    let romanised = |s: Syllable| format!("{}{}", system.onset(s), system.rime(s));
    add(&romanised, usize::MAX);
    add(&romanised, 1);
    if dialect == Dialect::Mandarin {
        let symbols = |s: Syllable| zhuyin(s).unwrap_or_default();
        add(&symbols, usize::MAX);
        add(&symbols, 1);
    }
}
