//! Keys for suggestions: what somebody would type, by sound, towards a term.

use super::readings::{Dialect, Readings};
use super::spoken::{Element, Speaker};
use super::system::Syllable;
use super::typed::{Glyph, Typed};
use super::zhuyin::{dachen_symbol, dachen_tone, zhuyin};

/// Readings of a term in one dialect that get keys.
const WAYS_MAX: usize = 2;

/// A way to type a term by its sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    Jyutping,
    JyutpingInitials,
    Pinyin,
    PinyinInitials,
    Zhuyin,
    ZhuyinInitials,
}

/// What is typed towards a term in one way, without tones or spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingKey {
    pub kind: KeyKind,
    pub key: String,
}

/// Keys of a term: jyutping, pinyin and zhuyin in full, and the initials of each, the usual reading before others. A prefix
/// of a key is what is typed on the way to the term. None twice; empty for a term without a reading.
pub fn reading_keys(
    readings: &Readings,
    text: &str,
    folded: &dyn Fn(char) -> char,
) -> Vec<ReadingKey> {
    let mut keys: Vec<ReadingKey> = Vec::new();
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

/// What has been typed so far as prefixes of such keys: without tones, spaces and hyphens; on a zhuyin keyboard left in
/// Latin mode too. Empty when it holds anything else than sounds.
pub fn typed_prefixes(typed: &Typed) -> Vec<String> {
    let spelled = typed.glyphs.iter().map(|glyph| match *glyph {
        Glyph::Letter { letter, .. } => Some(Some(char::from(letter))),
        Glyph::Zhuyin(symbol) => Some(Some(symbol)),
        Glyph::Digit(_) | Glyph::Tone(_) | Glyph::Separator => Some(None),
        Glyph::Han(_) | Glyph::Other => None,
    });
    // Letters alone are spelled; keys show by a digit or a punctuation mark.
    let is_keyed = typed
        .keys
        .iter()
        .any(|key| *key > b' ' && !key.is_ascii_lowercase());
    let keyed = typed
        .keys
        .iter()
        .filter(|_| is_keyed)
        .map(|key| match dachen_tone(*key) {
            Some(_) => Some(None),
            None => dachen_symbol(*key).map(Some),
        });
    let spelled = spelled.collect::<Option<Vec<_>>>();
    let keyed = keyed.collect::<Option<Vec<_>>>();
    let prefixes = [spelled, keyed].into_iter().flatten();
    let prefixes = prefixes.map(|prefix| prefix.into_iter().flatten().collect::<String>());
    prefixes.filter(|prefix| !prefix.is_empty()).collect()
}

fn add_keys(dialect: Dialect, elements: &[Element], keys: &mut Vec<ReadingKey>) {
    let mut add = |kind, spelling: &dyn Fn(Syllable) -> String, letters: usize| {
        let parts = elements.iter().map(|element| match element {
            Element::Syllable(syllable) => spelling(*syllable).chars().take(letters).collect(),
            Element::Literal(letter) => char::from(*letter).to_string(),
        });
        let key: String = parts.collect();
        if !key.is_empty() && keys.iter().all(|known| known.key != key) {
            keys.push(ReadingKey { kind, key });
        }
    };
    let system = dialect.system();
    let romanised = |s: Syllable| format!("{}{}", system.onset(s), system.rime(s));
    let (full, initials) = match dialect {
        Dialect::Cantonese => (KeyKind::Jyutping, KeyKind::JyutpingInitials),
        Dialect::Mandarin => (KeyKind::Pinyin, KeyKind::PinyinInitials),
    };
    add(full, &romanised, usize::MAX);
    add(initials, &romanised, 1);
    if dialect == Dialect::Mandarin {
        let symbols = |s: Syllable| zhuyin(s).unwrap_or_default();
        add(KeyKind::Zhuyin, &symbols, usize::MAX);
        add(KeyKind::ZhuyinInitials, &symbols, 1);
    }
}
