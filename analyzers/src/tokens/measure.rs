//! Measures: 330毫升, 330 mL and 330ml are one token.

use rustc_hash::FxHashMap;

use crate::error::DictionaryError;
use crate::normalize::{Class, Folded, NormalText};
use crate::table::Table;
use crate::tokens::latin;

pub const FILE: &str = "common/units.tsv";

/// Units as written, folded, with the unit as indexed.
#[derive(Default)]
pub struct Units {
    /// By first character: most numbers are followed by something else. The longest first.
    by_first: FxHashMap<char, Vec<Unit>>,
}

struct Unit {
    written: Box<[char]>,
    canonical: Box<str>,
}

/// A number with its unit.
#[derive(Debug, PartialEq, Eq)]
pub struct Measure<'u> {
    /// Behind its last character.
    pub end: usize,
    /// As indexed: `ml`.
    pub unit: &'u str,
}

impl Units {
    /// Columns `unit`, `canonical`.
    pub fn parse(file: &str, text: &str) -> Result<Self, DictionaryError> {
        let mut units = Self::default();
        for row in Table::parse(file, text, &["unit", "canonical"])?.rows() {
            let canonical = row.required("canonical")?;
            for unit in row.list("unit") {
                let written: Box<[char]> = NormalText::new(unit).text().chars().collect();
                let Some(first) = written.first() else {
                    return Err(row.error("unit", "is empty"));
                };
                let alike = units.by_first.entry(*first).or_default();
                if alike.iter().any(|known| known.written == written) {
                    return Err(row.error("unit", "stands in another row too"));
                }
                alike.push(Unit {
                    written,
                    canonical: canonical.into(),
                });
            }
        }
        for alike in units.by_first.values_mut() {
            alike.sort_by_key(|unit| std::cmp::Reverse(unit.written.len()));
        }
        Ok(units)
    }

    /// The measure whose number ends at `end`, if a unit follows, with or without one space.
    pub fn measure(&self, characters: &[Folded], end: usize) -> Option<Measure<'_>> {
        let space = characters.get(end).is_some_and(|c| c.character == ' ');
        let from = end + usize::from(space);
        let alike = self.by_first.get(&characters.get(from)?.character)?;
        let run_end = latin::run_end(characters, from);
        let follows = |unit: &&Unit| {
            let end = from + unit.written.len();
            // `330mla` is no measure: letters must end where the unit does.
            characters.get(from..end).is_some_and(|following| {
                let written = following.iter().map(|c| c.character);
                let ends = following.last().is_some_and(|c| c.class != Class::Latin);
                (ends || end == run_end) && written.eq(unit.written.iter().copied())
            })
        };
        let unit = alike.iter().find(follows)?;
        Some(Measure {
            end: from + unit.written.len(),
            unit: &unit.canonical,
        })
    }
}
