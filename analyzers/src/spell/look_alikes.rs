//! Which characters are taken for each other by their shape: the tables of `common/spelling/`.

use rustc_hash::FxHashMap;

use crate::error::DictionaryError;
use crate::files::DictionaryFiles;
use crate::table::Table;

/// Derived from components and codes, with how alike; each pair stands once.
const DERIVED_FILE: &str = "common/spelling/look_alikes.tsv";
/// Groups of characters that people are known to confuse.
const GROUPS_FILE: &str = "common/spelling/confused.tsv";
/// Likeness of two characters of one group.
const GROUP_LIKENESS: f32 = 0.95;

/// Folded character → its look-alikes, folded, with likeness 0 to 1.
#[derive(Default)]
pub struct LookAlikes(FxHashMap<char, Vec<(char, f32)>>);

impl LookAlikes {
    /// Empty when the files are not there. `folded`: the weakest key of a character, equal in all scripts.
    pub fn read(
        files: &DictionaryFiles,
        folded: &dyn Fn(char) -> char,
    ) -> Result<Self, DictionaryError> {
        let mut known = Self::default();
        if let Some(text) = files.get(DERIVED_FILE) {
            for row in Table::parse(DERIVED_FILE, text, &["char", "alike", "likeness"])?.rows() {
                let one = single(row.required("char")?)
                    .ok_or_else(|| row.error("char", "not one character"))?;
                for (other, likeness) in row.list("alike").zip(row.list("likeness")) {
                    let other =
                        single(other).ok_or_else(|| row.error("alike", "not one character"))?;
                    let likeness = likeness
                        .parse()
                        .ok()
                        .filter(|likeness| (0.0..=1.0).contains(likeness))
                        .ok_or_else(|| row.error("likeness", "not a number from 0 to 1"))?;
                    known.add(folded(one), folded(other), likeness);
                    known.add(folded(other), folded(one), likeness);
                }
            }
        }
        if let Some(text) = files.get(GROUPS_FILE) {
            for row in Table::parse(GROUPS_FILE, text, &["characters", "source"])?.rows() {
                row.required("source")?;
                let group: Vec<char> = row.required("characters")?.chars().map(folded).collect();
                for one in &group {
                    for other in &group {
                        known.add(*one, *other, GROUP_LIKENESS);
                    }
                }
            }
        }
        Ok(known)
    }

    fn add(&mut self, one: char, other: char, likeness: f32) {
        if one == other {
            return;
        }
        let near = self.0.entry(one).or_default();
        match near.iter_mut().find(|(known, _)| *known == other) {
            Some((_, known)) => *known = known.max(likeness),
            None => near.push((other, likeness)),
        }
    }

    pub fn of(&self, folded: char) -> &[(char, f32)] {
        self.0.get(&folded).map_or(&[], Vec::as_slice)
    }
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.as_str().is_empty())
}
