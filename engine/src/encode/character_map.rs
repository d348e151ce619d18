//! Normalisation by the character map that a sentencepiece model carries.
//!
//! The map is a double-array trie (Darts-clone, as sentencepiece's `Normalizer` uses it) from UTF-8 sequences
//! to places in a list of replacements that end with a zero byte; here it is `nmt_nfkc`: NFKC, and control
//! and space characters unified. The longest sequence wins; what is not in it stays.

use crate::files::MappedBytes;

/// Stands for a space in pieces: ▁.
pub(super) const SPACE_MARK: &str = "\u{2581}";

/// A unit of the trie: what its bits mean, as Darts-clone lays them out.
#[derive(Clone, Copy)]
struct Unit(u32);

impl Unit {
    /// Byte that leads here; with the leaf's bit it matches no byte.
    fn label(self) -> u32 {
        self.0 & 0x8000_00FF
    }

    /// Whether a sequence ends here.
    fn has_leaf(self) -> bool {
        self.0 & 0x100 != 0
    }

    /// Distance to the units below.
    fn offset(self) -> usize {
        ((self.0 >> 10) << ((self.0 & 0x200) >> 6)) as usize
    }

    /// Value of a leaf.
    fn value(self) -> usize {
        (self.0 & 0x7FFF_FFFF) as usize
    }
}

/// Brings a text into the form that the pieces are in.
pub(super) struct CharacterMap {
    bytes: MappedBytes,
    units: usize,
}

impl CharacterMap {
    /// Reads a map: the length of the trie in bytes, the trie, the replacements.
    pub fn new(bytes: MappedBytes) -> Result<Self, String> {
        let all = bytes.as_ref();
        let length = all.as_chunks::<4>().0.first();
        let length = length.map_or(0, |word| u32::from_le_bytes(*word) as usize);
        if all.len() < 4 + length || !length.is_multiple_of(4) {
            return Err("the character map ends early".into());
        }
        let replacements = &all[4 + length..];
        if std::str::from_utf8(replacements).is_err()
            || replacements.last().is_some_and(|b| *b != 0)
        {
            return Err("the replacements of the character map are no text".into());
        }
        Ok(Self {
            units: length / 4,
            bytes,
        })
    }

    /// Appends the normal form: characters mapped, runs of spaces one mark, one mark in front, none behind.
    /// Empty for a text without anything but spaces.
    pub fn normalise(&self, text: &str, normal: &mut String) {
        normal.clear();
        let mut after_space = true;
        let mut rest = text;
        while !rest.is_empty() {
            let (mut piece, length) = self.longest(rest);
            rest = &rest[length..];
            if after_space {
                piece = piece.trim_start_matches(' ');
            }
            for character in piece.chars() {
                if normal.is_empty() {
                    normal.push_str(SPACE_MARK);
                }
                match character {
                    ' ' => normal.push_str(SPACE_MARK),
                    other => normal.push(other),
                }
            }
            if !piece.is_empty() {
                after_space = piece.ends_with(' ');
            }
        }
        let length = normal.trim_end_matches(SPACE_MARK).len();
        normal.truncate(length);
    }

    /// What the longest known sequence at the beginning of a text becomes, and its length; of an unknown one
    /// the first character.
    fn longest<'a>(&'a self, text: &'a str) -> (&'a str, usize) {
        let mut found = None;
        let mut place = self.unit(0).map_or(0, Unit::offset);
        for (at, byte) in text.bytes().enumerate() {
            place ^= usize::from(byte);
            let Some(unit) = self.unit(place).filter(|u| u.label() == u32::from(byte)) else {
                break;
            };
            place ^= unit.offset();
            if unit.has_leaf() {
                found = self.unit(place).map(|leaf| (leaf.value(), at + 1));
            }
        }
        let replaced = found.and_then(|(value, length)| Some((self.replacement(value)?, length)));
        replaced.unwrap_or_else(|| {
            let length = text.chars().next().map_or(0, char::len_utf8);
            (&text[..length], length)
        })
    }

    fn unit(&self, place: usize) -> Option<Unit> {
        let words = self.bytes.as_ref().as_chunks::<4>().0;
        let word = words.get(1..=self.units)?.get(place)?;
        Some(Unit(u32::from_le_bytes(*word)))
    }

    fn replacement(&self, value: usize) -> Option<&str> {
        let bytes = self.bytes.as_ref().get(4 + self.units * 4 + value..)?;
        let length = bytes.iter().position(|byte| *byte == 0)?;
        std::str::from_utf8(&bytes[..length]).ok()
    }
}
