//! Zhuyin (bopomofo), derived from pinyin by rule, and the keyboard it is typed on.
//!
//! Sources: the tables of ISO 7098 (pinyin against zhuyin); the standard (Dachen, 大千) keyboard of CNS 13735's time, as
//! every Taiwanese keyboard prints it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::pinyin::PINYIN;
use super::system::Syllable;

/// Most symbols of a syllable, its tone apart.
pub const SYMBOLS_MAX: usize = 3;

const INITIALS: &[(&str, &str)] = &[
    ("b", "ㄅ"),
    ("p", "ㄆ"),
    ("m", "ㄇ"),
    ("f", "ㄈ"),
    ("d", "ㄉ"),
    ("t", "ㄊ"),
    ("n", "ㄋ"),
    ("l", "ㄌ"),
    ("g", "ㄍ"),
    ("k", "ㄎ"),
    ("h", "ㄏ"),
    ("j", "ㄐ"),
    ("q", "ㄑ"),
    ("x", "ㄒ"),
    ("zh", "ㄓ"),
    ("ch", "ㄔ"),
    ("sh", "ㄕ"),
    ("r", "ㄖ"),
    ("z", "ㄗ"),
    ("c", "ㄘ"),
    ("s", "ㄙ"),
    ("", ""),
];

/// Finals in full, without the shorthand of pinyin's spelling.
const FINALS: &[(&str, &str)] = &[
    ("a", "ㄚ"),
    ("o", "ㄛ"),
    ("e", "ㄜ"),
    ("ai", "ㄞ"),
    ("ei", "ㄟ"),
    ("ao", "ㄠ"),
    ("ou", "ㄡ"),
    ("an", "ㄢ"),
    ("ang", "ㄤ"),
    ("en", "ㄣ"),
    ("eng", "ㄥ"),
    ("er", "ㄦ"),
    ("i", "ㄧ"),
    ("ia", "ㄧㄚ"),
    ("io", "ㄧㄛ"),
    ("ie", "ㄧㄝ"),
    ("iao", "ㄧㄠ"),
    ("iou", "ㄧㄡ"),
    ("ian", "ㄧㄢ"),
    ("iang", "ㄧㄤ"),
    ("in", "ㄧㄣ"),
    ("ing", "ㄧㄥ"),
    ("iong", "ㄩㄥ"),
    ("u", "ㄨ"),
    ("ua", "ㄨㄚ"),
    ("uo", "ㄨㄛ"),
    ("uai", "ㄨㄞ"),
    ("uei", "ㄨㄟ"),
    ("uan", "ㄨㄢ"),
    ("uang", "ㄨㄤ"),
    ("uen", "ㄨㄣ"),
    ("ueng", "ㄨㄥ"),
    ("ong", "ㄨㄥ"),
    ("v", "ㄩ"),
    ("ve", "ㄩㄝ"),
    ("van", "ㄩㄢ"),
    ("vn", "ㄩㄣ"),
];

/// What each key of the Dachen layout gives.
const DACHEN: &[(u8, char)] = &[
    (b'1', 'ㄅ'),
    (b'q', 'ㄆ'),
    (b'a', 'ㄇ'),
    (b'z', 'ㄈ'),
    (b'2', 'ㄉ'),
    (b'w', 'ㄊ'),
    (b's', 'ㄋ'),
    (b'x', 'ㄌ'),
    (b'e', 'ㄍ'),
    (b'd', 'ㄎ'),
    (b'c', 'ㄏ'),
    (b'r', 'ㄐ'),
    (b'f', 'ㄑ'),
    (b'v', 'ㄒ'),
    (b'5', 'ㄓ'),
    (b't', 'ㄔ'),
    (b'g', 'ㄕ'),
    (b'b', 'ㄖ'),
    (b'y', 'ㄗ'),
    (b'h', 'ㄘ'),
    (b'n', 'ㄙ'),
    (b'u', 'ㄧ'),
    (b'j', 'ㄨ'),
    (b'm', 'ㄩ'),
    (b'8', 'ㄚ'),
    (b'i', 'ㄛ'),
    (b'k', 'ㄜ'),
    (b',', 'ㄝ'),
    (b'9', 'ㄞ'),
    (b'o', 'ㄟ'),
    (b'l', 'ㄠ'),
    (b'.', 'ㄡ'),
    (b'0', 'ㄢ'),
    (b'p', 'ㄣ'),
    (b';', 'ㄤ'),
    (b'/', 'ㄥ'),
    (b'-', 'ㄦ'),
];

pub fn dachen_symbol(key: u8) -> Option<char> {
    DACHEN
        .iter()
        .find(|(known, _)| *known == key)
        .map(|(_, symbol)| *symbol)
}

/// Tone that a key of the Dachen layout gives.
pub fn dachen_tone(key: u8) -> Option<u8> {
    match key {
        b' ' => Some(1),
        b'6' => Some(2),
        b'3' => Some(3),
        b'4' => Some(4),
        b'7' => Some(5),
        _ => None,
    }
}

/// Tone that a written mark means.
pub fn tone_of_mark(mark: char) -> Option<u8> {
    match mark {
        'ˉ' => Some(1),
        'ˊ' => Some(2),
        'ˇ' => Some(3),
        'ˋ' => Some(4),
        '˙' => Some(5),
        _ => None,
    }
}

/// The syllable in zhuyin, without its tone. None where zhuyin has no such syllable.
pub fn zhuyin(syllable: Syllable) -> Option<String> {
    let (onset, rime) = full_spelling(PINYIN.onset(syllable), PINYIN.rime(syllable));
    let symbol = |table: &[(&'static str, &'static str)], key: &str| {
        table
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, symbol)| *symbol)
    };
    let initial = symbol(INITIALS, onset)?;
    let is_whistled = matches!(onset, "zh" | "ch" | "sh" | "r" | "z" | "c" | "s");
    let rest = match rime {
        "i" if is_whistled => "",
        rime => symbol(FINALS, rime)?,
    };
    Some(format!("{initial}{rest}"))
}

/// Undoes pinyin's spelling rules: yan is i-an, juan is j-üan, gui is g-uei.
fn full_spelling(onset: &'static str, rime: &'static str) -> (&'static str, &'static str) {
    let full = match (onset, rime) {
        ("y", "i" | "in" | "ing") => rime,
        ("y", "a") => "ia",
        ("y", "o") => "io",
        ("y", "e") => "ie",
        ("y", "ao") => "iao",
        ("y", "ou") => "iou",
        ("y", "an") => "ian",
        ("y", "ang") => "iang",
        ("y", "ong") => "iong",
        ("y" | "j" | "q" | "x", "u") => "v",
        ("y" | "j" | "q" | "x" | "n" | "l", "ue") => "ve",
        ("y" | "j" | "q" | "x", "uan") => "van",
        ("y" | "j" | "q" | "x", "un") => "vn",
        ("w", "u") => "u",
        ("w", "a") => "ua",
        ("w", "o") => "uo",
        ("w", "ai") => "uai",
        ("w", "ei") => "uei",
        ("w", "an") => "uan",
        ("w", "ang") => "uang",
        ("w", "en") => "uen",
        ("w", "eng") => "ueng",
        (_, "iu") => "iou",
        (_, "ui") => "uei",
        (_, "un") => "uen",
        _ => rime,
    };
    let onset = if matches!(onset, "y" | "w") {
        ""
    } else {
        onset
    };
    (onset, full)
}

/// From zhuyin to the syllables of a reading table.
#[derive(Default)]
pub struct ZhuyinTable(FxHashMap<Box<str>, Syllable>);

impl ZhuyinTable {
    /// Of the pinyin syllables given; tones are left out.
    pub fn of(syllables: impl Iterator<Item = Syllable>) -> Self {
        let mut table = FxHashMap::default();
        let distinct: FxHashSet<Syllable> = syllables
            .map(|syllable| Syllable {
                tone: 0,
                ..syllable
            })
            .collect();
        for bare in distinct {
            if let Some(symbols) = zhuyin(bare) {
                table.entry(symbols.into()).or_insert(bare);
            }
        }
        Self(table)
    }

    pub fn get(&self, symbols: &str) -> Option<Syllable> {
        self.0.get(symbols).copied()
    }

    /// Pinyin onset class that a lone initial stands for.
    pub fn initial(symbol: char) -> Option<u8> {
        let mut text = [0; 4];
        let text = symbol.encode_utf8(&mut text);
        let onset = match &*text {
            "ㄧ" | "ㄩ" => "y",
            "ㄨ" => "w",
            text => INITIALS
                .iter()
                .find(|(_, initial)| initial == &text)
                .map(|(onset, _)| *onset)?,
        };
        PINYIN
            .initials(onset.as_bytes())
            .find(|(length, _)| *length == onset.len())
            .map(|(_, class)| class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pinyin: &str) -> String {
        PINYIN.parse(pinyin).and_then(zhuyin).unwrap_or_default()
    }

    #[test]
    fn pinyin_becomes_zhuyin_by_rule() {
        let pairs = [
            ("xue3", "ㄒㄩㄝ"),
            ("gui4", "ㄍㄨㄟ"),
            ("zhi1", "ㄓ"),
            ("yi1", "ㄧ"),
            ("yuan2", "ㄩㄢ"),
            ("wen4", "ㄨㄣ"),
            ("weng1", "ㄨㄥ"),
            ("dong1", "ㄉㄨㄥ"),
            ("yong4", "ㄩㄥ"),
            ("xiong2", "ㄒㄩㄥ"),
            ("nv3", "ㄋㄩ"),
            ("lve4", "ㄌㄩㄝ"),
            ("lun2", "ㄌㄨㄣ"),
            ("jun1", "ㄐㄩㄣ"),
            ("liu2", "ㄌㄧㄡ"),
            ("er2", "ㄦ"),
            ("shi4", "ㄕ"),
            ("ri4", "ㄖ"),
        ];
        for (pinyin, expected) in pairs {
            assert_eq!(of(pinyin), expected, "{pinyin}");
        }
    }

    #[test]
    fn the_keyboard_has_every_symbol_once() {
        let mut symbols: Vec<char> = DACHEN.iter().map(|(_, symbol)| *symbol).collect();
        symbols.sort_unstable();
        symbols.dedup();
        assert_eq!(symbols.len(), 37);
    }
}
