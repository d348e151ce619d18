//! What category a query is about: the one that it is asked within, else the one that most of its best items by words
//! stand in.

use std::collections::HashMap;

use sampan_analyzers::plan::Understood;

use crate::{
    base::{error::Result, limits},
    flow::{filter::Gate, recall},
    index::{
        columns::CATEGORY_SEPARATOR,
        generation::Generation,
        lexical::{LexicalQuery, MatchLevel},
    },
};

/// An item with less of the query's worth than this says nothing about it.
const COVERAGE_MIN: f32 = 0.5;

/// Category paths, folded level by level, with the items that stand in each.
#[derive(Debug, Default)]
pub struct Intent {
    paths: Vec<(Vec<String>, usize)>,
}

impl Intent {
    /// Of a query that is asked within a category.
    pub fn within(path: &[String], key: &dyn Fn(&str) -> String) -> Self {
        let path = path.iter().map(|level| key(level)).collect();
        Self {
            paths: vec![(path, 1)],
        }
    }

    /// By the best [`limits::INTENT_ITEMS`] items that the gate lets through.
    pub fn of_query(
        generation: &Generation,
        understood: &Understood,
        gate: &Gate<'_>,
    ) -> Result<Self> {
        let query = LexicalQuery::new(understood);
        if query.is_empty() {
            return Ok(Self::default());
        }
        let mut found = recall::lexical(&generation.lexical, &query, gate, MatchLevel::Any)?;
        found.retain(|candidate| candidate.coverage >= COVERAGE_MIN);
        found.sort_by(|a, b| {
            b.lexical
                .total_cmp(&a.lexical)
                .then(a.ordinal.cmp(&b.ordinal))
        });
        let mut counts: HashMap<_, usize> = HashMap::new();
        for candidate in found.iter().take(limits::INTENT_ITEMS) {
            let category = generation.columns.hot(candidate.ordinal).category;
            *counts.entry(category).or_default() += 1;
        }
        let names = &generation.columns.names.categories;
        let paths = counts.into_iter().map(|(category, count)| {
            let levels = names.text(category).split(CATEGORY_SEPARATOR);
            let folded = levels.map(|level| generation.analyzer.fold_key(level));
            (folded.collect(), count)
        });
        Ok(Self {
            paths: paths.collect(),
        })
    }

    /// Whether more than half of the items stand in a category or below it. `path`: folded level by level.
    pub fn is_about(&self, path: &[String]) -> bool {
        let count = |is_counted: &dyn Fn(&[String]) -> bool| {
            let counted = self.paths.iter().filter(|(path, _)| is_counted(path));
            counted.map(|(_, items)| items).sum::<usize>()
        };
        2 * count(&|own| own.starts_with(path)) > count(&|_| true)
    }
}
