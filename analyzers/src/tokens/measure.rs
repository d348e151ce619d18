//! Measures: 330毫升, 330 mL and 330ml are one token.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::DictionaryError;
use crate::normalize::{Class, Folded, NormalText};
use crate::table::Table;
use crate::tokens::latin;

pub const FILE: &str = "common/units.tsv";

/// Unit as written, folded → unit as indexed.
#[derive(Default)]
pub struct Units {
    canonical: FxHashMap<Box<str>, Box<str>>,
    /// What units begin with: most numbers are followed by something else.
    first: FxHashSet<char>,
    longest: usize,
}

/// A number with its unit: characters `start..end`.
#[derive(Debug, PartialEq, Eq)]
pub struct Measure {
    pub end: usize,
    /// `330ml`.
    pub term: String,
}

impl Units {
    /// Columns `unit`, `canonical`.
    pub fn parse(file: &str, text: &str) -> Result<Self, DictionaryError> {
        let mut units = Self::default();
        for row in Table::parse(file, text, &["unit", "canonical"])?.rows() {
            let canonical = row.required("canonical")?;
            for unit in row.list("unit") {
                let unit = NormalText::new(unit).text();
                units.first.extend(unit.chars().next());
                units.longest = units.longest.max(unit.chars().count());
                if units
                    .canonical
                    .insert(unit.into(), canonical.into())
                    .is_some()
                {
                    return Err(row.error("unit", "stands in another row too"));
                }
            }
        }
        Ok(units)
    }

    /// The measure whose number is the characters `start..end`, if a unit follows, with or without one space.
    pub fn measure(&self, characters: &[Folded], start: usize, end: usize) -> Option<Measure> {
        let space = characters.get(end).is_some_and(|c| c.character == ' ');
        let from = end + usize::from(space);
        if !characters
            .get(from)
            .is_some_and(|c| self.first.contains(&c.character))
        {
            return None;
        }
        let run_end = latin::run_end(characters, from);
        let mut unit = String::new();
        let mut best = None;
        let following = characters.iter().enumerate().skip(from).take(self.longest);
        for (index, c) in following {
            unit.push(c.character);
            // `330mla` is no measure: letters must end where the unit does.
            let ends = c.class != Class::Latin || index + 1 == run_end;
            if let Some(canonical) = self.canonical.get(unit.as_str()).filter(|_| ends) {
                best = Some((index + 1, canonical));
            }
        }
        let (measure_end, canonical) = best?;
        let number: String = characters[start..end].iter().map(|c| c.character).collect();
        Some(Measure {
            end: measure_end,
            term: format!("{number}{canonical}"),
        })
    }
}
