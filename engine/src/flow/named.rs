//! Brands that a query names in so many words: 維他 names the brand 維他, and not 麥維他.

use sampan_analyzers::{Analyzer, plan::Understood};

use crate::index::columns::{NameId, Names};

/// Most neighbouring words of a query that are tried as one brand.
const BRAND_UNITS_MAX: usize = 6;

/// The brands, each with the share of the query's characters that names it, 0 to 1.
#[derive(Debug, Default)]
pub struct NamedBrands(Vec<(NameId, f32)>);

impl NamedBrands {
    pub fn of(understood: &Understood, names: &Names, analyzer: &Analyzer) -> Self {
        let units = &understood.units;
        let length = |from: usize, to: usize| {
            let of_units = units[from..to].iter();
            of_units
                .map(|unit| understood.text[unit.source.clone()].chars().count())
                .sum::<usize>()
        };
        let whole = length(0, units.len()).max(1) as f32;
        let mut named = Vec::new();
        for from in 0..units.len() {
            for to in from + 1..=units.len().min(from + BRAND_UNITS_MAX) {
                let source = units[from].source.start..units[to - 1].source.end;
                let Some(text) = understood.text.get(source) else {
                    continue;
                };
                let share = length(from, to) as f32 / whole;
                let ids = names.brands.with_key(&analyzer.fold_key(text));
                named.extend(ids.iter().map(|id| (*id, share)));
            }
        }
        Self(named)
    }

    /// The largest share of the query that names the brand; 0 when none does.
    pub fn share(&self, brand: NameId) -> f32 {
        let of_brand = self.0.iter().filter(|(named, _)| *named == brand);
        of_brand.map(|(_, share)| *share).fold(0.0, f32::max)
    }
}
