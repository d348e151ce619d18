//! Which words of the query a text has, and through which edits: for explanations, and to choose the title to show.

use rustc_hash::FxHashSet;
use sampan_analyzers::{
    Analyzer,
    plan::{Alternative, Understood, Unit},
};
use sampan_proto::v1;

/// The index terms of some texts.
pub struct TextTerms(FxHashSet<Box<str>>);

/// All texts of an item that the index holds.
pub fn item_texts(item: &v1::Item) -> impl Iterator<Item = &str> {
    let titles = item.titles.iter().map(|title| &title.text);
    let values = item.attributes.values().flat_map(|values| &values.values);
    titles
        .chain([&item.brand])
        .chain(&item.category_path)
        .chain(values)
        .chain(&item.tags)
        .map(String::as_str)
}

impl TextTerms {
    pub fn of<'t>(analyzer: &Analyzer, texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut terms = FxHashSet::default();
        for text in texts {
            analyzer.index_tokens(text, &mut |token| {
                terms.insert(token.term.into());
            });
        }
        Self(terms)
    }

    /// Words of the query that are there as typed, and words that are there in any way.
    pub fn units_met(&self, query: &Understood) -> (usize, usize) {
        let met = |by: fn(&Self, &Unit) -> bool| {
            let units = query.units.iter().filter(|unit| by(self, unit));
            units.count()
        };
        (met(Self::has_as_typed), met(Self::has_in_any_way))
    }

    /// Ids of the rules whose edits the match rests on: those that changed the query itself, and those that put the
    /// words there by which a unit is met that is not met as typed. Sorted.
    pub fn rules_met_through(&self, query: &Understood) -> Vec<String> {
        let alternatives = || query.units.iter().flat_map(|unit| &unit.alternatives);
        let rested_on = |edit: usize| {
            let of_edit = |alternative: &&Alternative| alternative.edit == Some(edit);
            let needed = query.units.iter().any(|unit| {
                let mut brought = unit.alternatives.iter().filter(of_edit);
                !self.has_as_typed(unit) && brought.any(|alternative| self.has(alternative))
            });
            needed || !alternatives().any(|alternative| of_edit(&alternative))
        };
        let edits = query.edits.iter().enumerate();
        let mut rules: Vec<String> = edits
            .filter(|(edit, _)| rested_on(*edit))
            .map(|(_, edit)| edit.rule.to_owned())
            .collect();
        rules.sort();
        rules.dedup();
        rules
    }

    fn has_as_typed(&self, unit: &Unit) -> bool {
        let mut typed = unit.alternatives.iter().filter(|way| way.edit.is_none());
        typed.any(|way| self.has(way))
    }

    fn has_in_any_way(&self, unit: &Unit) -> bool {
        unit.alternatives.iter().any(|way| self.has(way))
    }

    fn has(&self, alternative: &Alternative) -> bool {
        let required = &alternative.required;
        !required.is_empty() && required.iter().all(|term| self.0.contains(term.as_str()))
    }
}
