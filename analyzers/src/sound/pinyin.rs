//! Hanyu Pinyin (ISO 7098) as it is spelled and typed: y and w are onsets, v is ü. With the usual confusions.

use std::sync::LazyLock;

use super::system::{PartRow, SoundSystem};

pub static PINYIN: LazyLock<SoundSystem> = LazyLock::new(|| SoundSystem::new(ONSETS, RIMES, 5));

/// Retroflex and plain sibilants, and n and l, are mistaken for each other.
const ONSETS: &[PartRow] = &[
    ("", "", 0),
    ("b", "b", 0),
    ("p", "p", 0),
    ("m", "m", 0),
    ("f", "f", 0),
    ("d", "d", 0),
    ("t", "t", 0),
    ("n", "l", 1),
    ("l", "l", 0),
    ("g", "g", 0),
    ("k", "k", 0),
    ("h", "h", 0),
    ("j", "j", 0),
    ("q", "q", 0),
    ("x", "x", 0),
    ("zh", "z", 1),
    ("ch", "c", 1),
    ("sh", "s", 1),
    ("r", "r", 0),
    ("z", "z", 0),
    ("c", "c", 0),
    ("s", "s", 0),
    ("y", "y", 0),
    ("w", "w", 0),
];

/// Bit 1: final ng for n. Bit 2: u typed for ü.
const RIMES: &[PartRow] = &[
    ("a", "a", 0),
    ("o", "o", 0),
    ("e", "e", 0),
    ("ai", "ai", 0),
    ("ei", "ei", 0),
    ("ao", "ao", 0),
    ("ou", "ou", 0),
    ("an", "an", 0),
    ("ang", "an", 1),
    ("en", "en", 0),
    ("eng", "en", 1),
    ("er", "er", 0),
    ("i", "i", 0),
    ("ia", "ia", 0),
    ("ie", "ie", 0),
    ("iao", "iao", 0),
    ("iu", "iu", 0),
    ("ian", "ian", 0),
    ("iang", "ian", 1),
    ("in", "in", 0),
    ("ing", "in", 1),
    ("iong", "iong", 0),
    ("u", "u", 0),
    ("ua", "ua", 0),
    ("uo", "uo", 0),
    ("uai", "uai", 0),
    ("ui", "ui", 0),
    ("uan", "uan", 0),
    ("uang", "uan", 1),
    ("un", "un", 0),
    ("ong", "ong", 0),
    ("v", "u", 2),
    ("ue", "ue", 0),
    ("ve", "ue", 2),
];
