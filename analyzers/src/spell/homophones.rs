//! Which characters sound alike, in Cantonese or in Mandarin.

use rustc_hash::FxHashMap;

use super::mistake::{HOMOPHONE_COST, MIXED_SOUND_COST, RARE_READING_COST, TONE_COST};
use crate::sound::readings::{Dialect, Readings};
use crate::sound::system::Syllable;

/// Dialect, class of the onset, class of the rime: syllables that people mix up share it.
type Key = (u8, u8, u8);

/// A reading of a folded character.
#[derive(Clone, Copy)]
struct Reading {
    character: char,
    syllable: Syllable,
    /// The usual reading of its character.
    is_usual: bool,
}

/// Characters by their sound.
#[derive(Default)]
pub struct Homophones {
    by_sound: FxHashMap<Key, Vec<Reading>>,
    by_character: FxHashMap<char, Vec<(Key, Reading)>>,
}

const DIALECTS: [Dialect; 2] = [Dialect::Cantonese, Dialect::Mandarin];

impl Homophones {
    /// `folded`: the weakest key of a character, equal in all scripts.
    pub fn new(readings: &Readings, folded: &dyn Fn(char) -> char) -> Self {
        let mut homophones = Self::default();
        for written in readings.characters() {
            let character = folded(written);
            for dialect in DIALECTS {
                let system = dialect.system();
                let syllables = readings.of_character(dialect, written).iter();
                for (rank, &syllable) in syllables.enumerate() {
                    let key = (
                        dialect as u8,
                        system.onset_class(syllable.onset),
                        system.rime_class(syllable.rime),
                    );
                    let reading = Reading {
                        character,
                        syllable,
                        is_usual: rank == 0,
                    };
                    let of_character = homophones.by_character.entry(character).or_default();
                    let is_new = of_character.iter().all(|(known_key, known)| {
                        *known_key != key || known.syllable != reading.syllable
                    });
                    if is_new {
                        of_character.push((key, reading));
                        homophones.by_sound.entry(key).or_default().push(reading);
                    }
                }
            }
        }
        homophones
    }

    /// Calls `each` with every character that sounds like the folded one, and with what the mistake costs; with one
    /// that has several readings more than once.
    pub fn each(&self, folded: char, each: &mut dyn FnMut(char, f32)) {
        let own = self
            .by_character
            .get(&folded)
            .map_or(&[][..], Vec::as_slice);
        for (key, typed) in own {
            let dialect = DIALECTS[usize::from(key.0)];
            let alike = self.by_sound.get(key).map_or(&[][..], Vec::as_slice);
            for meant in alike.iter().filter(|meant| meant.character != folded) {
                each(meant.character, cost(dialect, typed, meant));
            }
        }
    }
}

fn cost(dialect: Dialect, typed: &Reading, meant: &Reading) -> f32 {
    let mixed = dialect.system().mistakes(typed.syllable, meant.syllable) as f32;
    let tone = f32::from(typed.syllable.tone != meant.syllable.tone);
    let rare = f32::from(!typed.is_usual) + f32::from(!meant.is_usual);
    HOMOPHONE_COST + mixed * MIXED_SOUND_COST + tone * TONE_COST + rare * RARE_READING_COST
}
