//! Brands and categories that a query names in so many words: 維他 names the brand 維他, and not 麥維他; 奶粉 every category
//! with a level of that name.

use sampan_analyzers::{Analyzer, plan::Understood};

use crate::index::columns::{NameId, Names};

/// Most neighbouring words of a query that are tried as one name.
const NAME_UNITS_MAX: usize = 6;

/// The names, each with the share of the query's characters that names it, 0 to 1.
#[derive(Debug, Default)]
pub struct Named {
    brands: Shares,
    /// By level of a category path.
    levels: Shares,
}

#[derive(Debug, Default)]
struct Shares(Vec<(NameId, f32)>);

impl Named {
    pub fn of(understood: &Understood, names: &Names, analyzer: &Analyzer) -> Self {
        let units = &understood.units;
        let length = |from: usize, to: usize| {
            let of_units = units[from..to].iter();
            of_units
                .map(|unit| understood.text[unit.source.clone()].chars().count())
                .sum::<usize>()
        };
        let whole = length(0, units.len()).max(1) as f32;
        let mut named = Self::default();
        for from in 0..units.len() {
            for to in from + 1..=units.len().min(from + NAME_UNITS_MAX) {
                let source = units[from].source.start..units[to - 1].source.end;
                let Some(text) = understood.text.get(source) else {
                    continue;
                };
                let share = length(from, to) as f32 / whole;
                let key = analyzer.fold_key(text);
                named.brands.add(names.brands.with_key(&key), share);
                named.levels.add(names.levels.with_key(&key), share);
            }
        }
        named
    }

    /// The largest share of the query that names the brand; 0 when none does.
    pub fn brand(&self, brand: NameId) -> f32 {
        self.brands.of(brand)
    }

    /// The largest share of the query that names one of a category's levels.
    pub fn category(&self, levels: &[NameId]) -> f32 {
        if self.levels.0.is_empty() {
            return 0.0;
        }
        let shares = levels.iter().map(|level| self.levels.of(*level));
        shares.fold(0.0, f32::max)
    }
}

impl Shares {
    fn add(&mut self, ids: &[NameId], share: f32) {
        self.0.extend(ids.iter().map(|id| (*id, share)));
    }

    fn of(&self, id: NameId) -> f32 {
        let of_name = self.0.iter().filter(|(named, _)| *named == id);
        of_name.map(|(_, share)| *share).fold(0.0, f32::max)
    }
}
