//! Whether two rules can hold for one query.

use sampan_analyzers::Analyzer;

use super::{MerchandisingRule, QueryKeys};

/// A rule with its texts as queries are compared with them.
pub struct KeyedRule<'r> {
    pub rule: &'r MerchandisingRule,
    /// Of the whole queries that it asks for.
    queries: Vec<QueryKeys>,
    /// Of the words that it asks for, looked at as a query.
    contains: Vec<QueryKeys>,
    categories: Vec<Vec<String>>,
}

impl<'r> KeyedRule<'r> {
    pub fn new(rule: &'r MerchandisingRule, analyzer: &Analyzer) -> Self {
        let keys = |texts: &[String]| -> Vec<QueryKeys> {
            let texts = texts.iter();
            texts
                .map(|text| QueryKeys::of_text(analyzer, text))
                .collect()
        };
        let path = |path: &Vec<String>| path.iter().map(|level| analyzer.fold_key(level)).collect();
        Self {
            queries: keys(&rule.when.queries),
            contains: keys(&rule.when.contains),
            categories: rule.when.categories.iter().map(path).collect(),
            rule,
        }
    }

    /// Whether it holds for a query by its words.
    pub fn is_for(&self, query: &QueryKeys) -> bool {
        self.queries.iter().any(|asked| asked.whole == query.whole)
            || self
                .contains
                .iter()
                .any(|asked| query.runs.contains(&asked.whole))
    }

    /// Whether a shopper can meet both: regions, times and segments have something in common.
    pub fn can_meet(&self, other: &Self) -> bool {
        let (own, others) = (&self.rule.when, &other.rule.when);
        let regions = self.rule.region.zip(other.rule.region);
        let mut segment = own.segment.iter();
        regions.is_none_or(|(own, other)| own == other)
            && own.validity.overlaps(&others.validity)
            && segment.all(|(name, value)| others.segment.get(name).is_none_or(|it| it == value))
    }

    /// Whether they hold for one query, as far as that can be told without a catalogue: the same words, words within
    /// words, or a category within a category. A rule of any query shares every query.
    pub fn shares_query(&self, other: &Self) -> bool {
        let of_any = |rule: &Self| rule.rule.when.is_of_any_query();
        of_any(self)
            || of_any(other)
            || self.queries.iter().any(|query| other.is_for(query))
            || other.queries.iter().any(|query| self.is_for(query))
            || holds_words_of(&self.contains, &other.contains)
            || holds_words_of(&other.contains, &self.contains)
            || self.shares_category(other)
    }

    fn shares_category(&self, other: &Self) -> bool {
        let mut own = self.categories.iter();
        own.any(|own| {
            let mut others = other.categories.iter();
            others.any(|other| own.starts_with(other) || other.starts_with(own))
        })
    }
}

fn holds_words_of(longer: &[QueryKeys], shorter: &[QueryKeys]) -> bool {
    let mut longer = longer.iter();
    longer.any(|longer| {
        let mut shorter = shorter.iter();
        shorter.any(|shorter| longer.whole == shorter.whole || longer.runs.contains(&shorter.whole))
    })
}
