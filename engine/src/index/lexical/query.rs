//! An understood query as tantivy queries, built as structs (tantivy's query parser cuts Chinese badly).

use rustc_hash::FxHashMap;
use sampan_analyzers::plan::{Alternative, QueryTerm, TermFamily, Understood, Unit};
use tantivy::{
    Term,
    query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::{Fields, MatchLevel};

/// Weight of a term in category, attributes or tags, against 1 in title or brand.
pub(super) const CONTEXT_WEIGHT: f32 = 0.35;

/// Which terms of a query recall goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breadth {
    /// Those that mean something: where many items match, characters bring nothing that is worth its price.
    Words,
    /// All, single characters too.
    Characters,
}

/// What to look up for an understood query.
pub struct LexicalQuery<'q> {
    understood: &'q Understood,
}

impl<'q> LexicalQuery<'q> {
    pub fn new(understood: &'q Understood) -> Self {
        Self { understood }
    }

    /// True when nothing can be looked up: the request browses.
    pub fn is_empty(&self) -> bool {
        self.understood.typed.is_empty() && self.understood.units.is_empty()
    }

    /// The query as it was understood.
    pub fn understood(&self) -> &'q Understood {
        self.understood
    }

    /// Units of the query.
    pub fn units(&self) -> &'q [Unit] {
        &self.understood.units
    }

    /// A scored union of terms. Without words to exclude it is a flat union, which is what tantivy can prune
    /// (block-max WAND).
    pub(super) fn scoring(&self, fields: Fields, breadth: Breadth) -> Box<dyn Query> {
        let weights = match breadth {
            Breadth::Words => self.words(),
            Breadth::Characters => self.characters(),
        };
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(weights.len() * 2 + 1);
        for (term, weight) in weights {
            clauses.push((Occur::Should, scored(fields.title, term, weight)));
            clauses.push((
                Occur::Should,
                scored(fields.context, term, weight * CONTEXT_WEIGHT),
            ));
        }
        for unit in &self.understood.excluded {
            clauses.push((Occur::MustNot, unit_query(unit, fields, MatchLevel::All)));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// All terms, typed and rewritten. Heads tell nothing that grams do not when it is only about which items to look
    /// at.
    fn characters(&self) -> FxHashMap<&'q str, f32> {
        let mut weights = FxHashMap::default();
        let rewritten = self.alternatives().flat_map(|way| &way.terms);
        let terms = self.understood.typed.iter().chain(rewritten);
        for term in terms.filter(|term| term.family != TermFamily::Head) {
            heavier(&mut weights, &term.term, term.weight);
        }
        weights
    }

    /// Of what was typed no character that a pair or word has; and every other way to say a word as one term, which
    /// weighs what all of its terms do.
    fn words(&self) -> FxHashMap<&'q str, f32> {
        let mut weights = FxHashMap::default();
        let alone: Vec<&str> = self
            .alternatives()
            .flat_map(|way| &way.required)
            .map(String::as_str)
            .collect();
        for term in &self.understood.typed {
            let counts = match term.family {
                TermFamily::Bigram | TermFamily::Word | TermFamily::Latin => true,
                TermFamily::Unigram => alone.contains(&term.term.as_str()),
                TermFamily::Head | TermFamily::Folded => false,
            };
            if counts {
                heavier(&mut weights, &term.term, term.weight);
            }
        }
        for way in self.alternatives().filter(|way| way.edit.is_some()) {
            let whole = way.terms.iter().find(|term| term.is_word(&way.text));
            match whole {
                Some(word) => {
                    let all = way.terms.iter().filter(|t| t.family != TermFamily::Head);
                    heavier(&mut weights, &word.term, all.map(|term| term.weight).sum());
                }
                None => {
                    let needed = |term: &&QueryTerm| way.required.contains(&term.term);
                    for term in way.terms.iter().filter(needed) {
                        heavier(&mut weights, &term.term, term.weight);
                    }
                }
            }
        }
        weights
    }

    fn alternatives(&self) -> impl Iterator<Item = &'q Alternative> {
        self.understood
            .units
            .iter()
            .flat_map(|unit| &unit.alternatives)
    }

    /// Items that match at a level, not scored.
    pub(super) fn matching(&self, fields: Fields, level: MatchLevel) -> Box<dyn Query> {
        let units = self.units();
        let required = level.required(units.len());
        let occur = if required >= units.len() {
            Occur::Must
        } else {
            Occur::Should
        };
        let of_units = units
            .iter()
            .map(|unit| (occur, unit_query(unit, fields, level)));
        let union: Box<dyn Query> = if occur == Occur::Must {
            Box::new(BooleanQuery::new(of_units.collect()))
        } else {
            Box::new(BooleanQuery::with_minimum_required_clauses(
                of_units.collect(),
                required,
            ))
        };
        if self.understood.excluded.is_empty() {
            return union;
        }
        let mut clauses = vec![(Occur::Must, union)];
        for unit in &self.understood.excluded {
            clauses.push((Occur::MustNot, unit_query(unit, fields, MatchLevel::All)));
        }
        Box::new(BooleanQuery::new(clauses))
    }
}

fn heavier<'q>(weights: &mut FxHashMap<&'q str, f32>, term: &'q str, weight: f32) {
    let known = weights.entry(term).or_insert(0.0);
    *known = known.max(weight);
}

/// Any alternative of a unit.
fn unit_query(unit: &Unit, fields: Fields, level: MatchLevel) -> Box<dyn Query> {
    let alternatives = unit.alternatives.iter().filter(|way| !way.is_near);
    let alternatives = alternatives.map(|alternative| {
        let required = match level {
            MatchLevel::Words => &alternative.words,
            MatchLevel::All | MatchLevel::Most | MatchLevel::Any => &alternative.required,
        };
        let all = required
            .iter()
            .map(|term| (Occur::Must, anywhere(term, fields)));
        let all: Box<dyn Query> = Box::new(BooleanQuery::new(all.collect()));
        (Occur::Should, all)
    });
    Box::new(BooleanQuery::new(alternatives.collect()))
}

fn anywhere(term: &str, fields: Fields) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(vec![
        (Occur::Should, plain(fields.title, term)),
        (Occur::Should, plain(fields.context, term)),
    ]))
}

fn plain(field: Field, term: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(field, term);
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn scored(field: Field, term: &str, weight: f32) -> Box<dyn Query> {
    let term = Term::from_field_text(field, term);
    let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(query), weight))
}
