//! An understood query as tantivy queries, built as structs (tantivy's query parser cuts Chinese badly).

use rustc_hash::FxHashMap;
use sampan_analyzers::plan::{TermFamily, Understood, Unit};
use tantivy::{
    Term,
    query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::{Fields, MatchLevel};

/// Weight of a term in category, attributes or tags, against 1 in title or brand.
pub(super) const CONTEXT_WEIGHT: f32 = 0.35;

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

    /// The scored union of all terms, typed and rewritten. Without words to exclude it is a flat union of terms, which
    /// is what tantivy can prune (block-max WAND).
    pub(super) fn scoring(&self, fields: Fields) -> Box<dyn Query> {
        let mut weights: FxHashMap<&str, f32> = FxHashMap::default();
        let rewritten = self
            .understood
            .units
            .iter()
            .flat_map(|unit| &unit.alternatives)
            .flat_map(|alternative| &alternative.terms);
        // Heads tell nothing that grams do not when it is only about which items to look at.
        let terms = self.understood.typed.iter().chain(rewritten);
        for term in terms.filter(|term| term.family != TermFamily::Head) {
            let weight = weights.entry(term.term.as_str()).or_insert(0.0);
            *weight = weight.max(term.weight);
        }
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

/// Any alternative of a unit.
fn unit_query(unit: &Unit, fields: Fields, level: MatchLevel) -> Box<dyn Query> {
    let alternatives = unit.alternatives.iter().map(|alternative| {
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
