//! Merchandising rules, ready to be asked about queries and items.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use sampan_analyzers::Analyzer;

use super::columns::{CompiledSelector, Names};
use crate::config::{
    rules::{MerchandisingRule, QueryKeys},
    selector::Selector,
};

/// Place of a rule in the order of precedence.
pub type RuleNumber = usize;

/// All rules. Selectors are compiled when a query first meets their rule: most rules wait for a query that is not asked.
pub struct Rules {
    rules: Arc<[MerchandisingRule]>,
    analyzer: Arc<Analyzer>,
    names: Arc<Names>,
    keys: Arc<RuleKeys>,
    selectors: Box<[OnceLock<RuleSelectors>]>,
}

/// The selectors of one rule.
#[derive(Debug)]
pub struct RuleSelectors {
    pub hide: Option<CompiledSelector>,
    pub boost: Option<CompiledSelector>,
    pub bury: Option<CompiledSelector>,
}

/// What rules are found by.
#[derive(Default)]
struct RuleKeys {
    queries: FxHashMap<String, Vec<RuleNumber>>,
    contains: FxHashMap<String, Vec<RuleNumber>>,
    /// Category paths, folded level by level.
    categories: Vec<(Vec<String>, RuleNumber)>,
    of_any_query: Vec<RuleNumber>,
}

impl Rules {
    /// The rules for an analyser and the catalogue's names; `known` itself while none of them changed.
    pub fn current(
        known: Option<&Arc<Self>>,
        rules: &Arc<[MerchandisingRule]>,
        analyzer: &Arc<Analyzer>,
        names: &Arc<Names>,
    ) -> Arc<Self> {
        let is_same_text = |known: &&Arc<Self>| {
            Arc::ptr_eq(&known.rules, rules) && Arc::ptr_eq(&known.analyzer, analyzer)
        };
        let known = known.filter(is_same_text);
        if let Some(known) = known.filter(|known| Arc::ptr_eq(&known.names, names)) {
            return known.clone();
        }
        let keys = known.map(|known| known.keys.clone());
        Arc::new(Self {
            keys: keys.unwrap_or_else(|| Arc::new(RuleKeys::of(rules, analyzer))),
            rules: rules.clone(),
            analyzer: analyzer.clone(),
            names: names.clone(),
            selectors: rules.iter().map(|_| OnceLock::new()).collect(),
        })
    }

    pub fn get(&self, number: RuleNumber) -> &MerchandisingRule {
        &self.rules[number]
    }

    /// What a rule selects, by the catalogue's names.
    pub fn selectors(&self, number: RuleNumber) -> &RuleSelectors {
        self.selectors[number].get_or_init(|| {
            let key = |text: &str| self.analyzer.fold_key(text);
            let compile =
                |selector: &Selector| CompiledSelector::compile(selector, &self.names, &key);
            let then = &self.rules[number].then;
            RuleSelectors {
                hide: then.hide.as_ref().map(compile),
                boost: then.boost.as_ref().map(|shift| compile(&shift.selector)),
                bury: then.bury.as_ref().map(|shift| compile(&shift.selector)),
            }
        })
    }

    /// What the rule of an id hides.
    pub fn hidden_by(&self, id: &str) -> Option<&CompiledSelector> {
        let number = self.rules.iter().position(|rule| rule.id == id)?;
        self.selectors(number).hide.as_ref()
    }

    /// Rules that ask for a query by its words; in no order, and one may be there twice.
    pub fn by_words(&self, query: &QueryKeys) -> impl Iterator<Item = RuleNumber> {
        let whole = self.keys.queries.get(&query.whole);
        let runs = query.runs.iter();
        let contained = runs.filter_map(|run| self.keys.contains.get(run));
        whole.into_iter().chain(contained).flatten().copied()
    }

    /// Rules that ask for a category, with its path, folded level by level.
    pub fn by_category(&self) -> impl Iterator<Item = (&[String], RuleNumber)> {
        let categories = self.keys.categories.iter();
        categories.map(|(path, number)| (path.as_slice(), *number))
    }

    /// Rules that ask for no query.
    pub fn of_any_query(&self) -> impl Iterator<Item = RuleNumber> {
        self.keys.of_any_query.iter().copied()
    }
}

impl RuleKeys {
    fn of(rules: &[MerchandisingRule], analyzer: &Analyzer) -> Self {
        let mut keys = Self::default();
        for (number, rule) in rules.iter().enumerate() {
            let when = &rule.when;
            for (texts, table) in [
                (&when.queries, &mut keys.queries),
                (&when.contains, &mut keys.contains),
            ] {
                for text in texts {
                    let numbers = table.entry(analyzer.fold_key(text)).or_default();
                    numbers.push(number);
                }
            }
            let paths = when.categories.iter().map(|path| {
                let levels = path.iter().map(|level| analyzer.fold_key(level));
                (levels.collect(), number)
            });
            keys.categories.extend(paths);
            if when.is_of_any_query() {
                keys.of_any_query.push(number);
            }
        }
        keys
    }
}
