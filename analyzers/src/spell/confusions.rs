//! What a character may have been typed for.

use super::homophones::Homophones;
use super::look_alikes::LookAlikes;
use super::mistake::{BOTH_ALIKE_GAIN, LOOK_ALIKE_COST, Mistake, UNLIKENESS_COST};
use crate::error::DictionaryError;
use crate::files::DictionaryFiles;
use crate::sound::readings::Readings;

/// A character that may be meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confusion {
    /// Folded.
    pub character: char,
    pub mistake: Mistake,
    /// Nats.
    pub cost: f32,
}

/// The dictionaries' sets of characters that are typed for each other.
pub struct Confusions {
    homophones: Homophones,
    look_alikes: LookAlikes,
}

impl Confusions {
    /// `folded`: the weakest key of a character, equal in all scripts.
    pub fn read(
        files: &DictionaryFiles,
        readings: &Readings,
        folded: &dyn Fn(char) -> char,
    ) -> Result<Self, DictionaryError> {
        Ok(Self {
            homophones: Homophones::new(readings, folded),
            look_alikes: LookAlikes::read(files, folded)?,
        })
    }

    /// All that a folded character may have been typed for, each once, the cheapest way, as far as `wanted`.
    pub fn of(&self, folded: char, wanted: &dyn Fn(char) -> bool, found: &mut Vec<Confusion>) {
        found.clear();
        self.homophones.each(folded, &mut |character, cost| {
            if wanted(character) {
                found.push(Confusion {
                    character,
                    mistake: Mistake::Homophone,
                    cost,
                });
            }
        });
        found.sort_unstable_by(|a, b| {
            (a.character.cmp(&b.character)).then(a.cost.total_cmp(&b.cost))
        });
        found.dedup_by_key(|confusion| confusion.character);
        let sounding = found.len();
        for &(character, likeness) in self.look_alikes.of(folded) {
            if !wanted(character) {
                continue;
            }
            let cost = LOOK_ALIKE_COST + (1.0 - likeness) * UNLIKENESS_COST;
            let same = found[..sounding].binary_search_by_key(&character, |known| known.character);
            match same {
                Ok(at) => {
                    let known = &mut found[at];
                    known.cost = known.cost.min(cost) - BOTH_ALIKE_GAIN;
                }
                Err(_) => found.push(Confusion {
                    character,
                    mistake: Mistake::LookAlike,
                    cost,
                }),
            }
        }
    }
}
