//! What can go wrong in typing, and what each costs.

use crate::rewrite::{
    SPELL_DOUBLED, SPELL_HOMOPHONE, SPELL_LATIN, SPELL_LOOK_ALIKE, SPELL_MISSING, SPELL_SPACING,
    SPELL_SWAPPED, SPELL_WRONG,
};

/// A kind of typing mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mistake {
    /// A character that sounds alike, in Cantonese or Mandarin.
    Homophone,
    /// A character that looks alike.
    LookAlike,
    /// A character that is neither.
    Wrong,
    /// A character was left out.
    Missing,
    /// A character was typed twice.
    Doubled,
    /// Two neighbours changed places.
    Swapped,
    /// A letter too many, too few, wrong, or two swapped.
    Latin,
    /// A space that was lost, or that should not be there.
    Spacing,
}

impl Mistake {
    /// Id of the rewrite rule.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Homophone => SPELL_HOMOPHONE,
            Self::LookAlike => SPELL_LOOK_ALIKE,
            Self::Wrong => SPELL_WRONG,
            Self::Missing => SPELL_MISSING,
            Self::Doubled => SPELL_DOUBLED,
            Self::Swapped => SPELL_SWAPPED,
            Self::Latin => SPELL_LATIN,
            Self::Spacing => SPELL_SPACING,
        }
    }
}

/// −ln of how often a character is typed as one certain other that sounds exactly alike: one query in fifty has a
/// mistake, and it may be any of a dozen characters.
pub const HOMOPHONE_COST: f32 = 5.0;
/// Further, when only the tone differs.
pub const TONE_COST: f32 = 0.6;
/// Further, for each part of the syllable that people mix up (n and l, z and zh).
pub const MIXED_SOUND_COST: f32 = 1.8;
/// Further, when the reading is not the usual one of its character.
pub const RARE_READING_COST: f32 = 0.7;
/// A look-alike of likeness 1.
pub const LOOK_ALIKE_COST: f32 = 4.0;
/// Further, for the likeness that is lacking.
pub const UNLIKENESS_COST: f32 = 5.0;
/// Taken off when a character both sounds and looks alike.
pub const BOTH_ALIKE_GAIN: f32 = 1.0;
/// A character that is like the right one in no way that is known.
pub const WRONG_COST: f32 = 11.0;
/// One certain character left out.
pub const MISSING_COST: f32 = 3.5;
pub const DOUBLED_COST: f32 = 2.5;
pub const SWAPPED_COST: f32 = 2.5;
/// One letter wrong.
pub const LATIN_COST: f32 = 5.0;
/// Further, when it is the first letter.
pub const FIRST_LETTER_COST: f32 = 2.5;
