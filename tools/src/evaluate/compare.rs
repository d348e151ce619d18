//! Two runs of the same queries, side by side.

use serde::Serialize;

use super::{
    metrics::{Measure, Measures},
    reasons::Reason,
    run::{Answer, Run},
    statistics::{Effect, effect, holm},
};

/// Changed queries that are shown with their lists, from either end.
const LISTS: usize = 100;
/// Hits of a list that are shown.
const SHOWN: usize = 10;

/// What is compared: few measures, because each one more makes the corrected test of the others blunter.
const COMPARED: [Measure; 5] = [
    Measure::Ndcg10,
    Measure::Mrr10,
    Measure::Recall10,
    Measure::Recall100,
    Measure::Hit10,
];

/// What changed between two runs.
#[derive(Debug, Serialize)]
pub struct Comparison {
    pub before: String,
    pub after: String,
    /// Queries that have judgements; only these are compared.
    pub queries: usize,
    pub measures: Vec<Compared>,
    /// Queries whose lists differ, by how much the measure changed, worst first.
    pub changed: Vec<ChangedQuery>,
}

impl Comparison {
    /// Whether the changed query at a place is among those that are shown whole: at either end.
    pub fn is_shown(&self, place: usize) -> bool {
        place < LISTS || place + LISTS >= self.changed.len()
    }
}

/// A measure of both runs.
#[derive(Debug, Serialize)]
pub struct Compared {
    pub measure: Measure,
    pub before: f64,
    pub after: f64,
    pub effect: Effect,
    /// p, adjusted for all measures of the table.
    pub p_adjusted: f64,
    pub wins: usize,
    pub losses: usize,
}

/// Below this, a difference counts as one.
const SIGNIFICANT: f64 = 0.05;

impl Compared {
    /// Whether it is shown to be better (true) or worse (false); none where no difference is shown.
    pub fn is_better(&self) -> Option<bool> {
        (self.p_adjusted < SIGNIFICANT).then_some(self.effect.mean > 0.0)
    }

    /// The same in words.
    pub fn verdict(&self) -> &'static str {
        match self.is_better() {
            Some(true) => "better",
            Some(false) => "worse",
            None => "no difference shown",
        }
    }
}

/// A query that is answered otherwise.
#[derive(Debug, Serialize)]
pub struct ChangedQuery {
    pub id: String,
    pub text: String,
    /// nDCG@10.
    pub before: f64,
    pub after: f64,
    /// First ids of both lists.
    pub before_ids: Vec<String>,
    pub after_ids: Vec<String>,
    /// What differs; none where a side is a recorded run, which explains nothing, or the query is not shown.
    pub reason: Option<Reason>,
}

/// A judged query's answers and measures, before and after.
type Pair<'r> = ((&'r Answer, Measures), (&'r Answer, Measures));

/// Compares two runs of the same queries; none when no query has judgements.
pub fn compare(before: (&str, &Run), after: (&str, &Run)) -> Option<Comparison> {
    let pairs: Vec<Pair<'_>> = before
        .1
        .answers
        .iter()
        .zip(&after.1.answers)
        .filter_map(|(old, new)| Some(((old, old.measures?), (new, new.measures?))))
        .collect();
    let mut measures = Vec::new();
    for measure in COMPARED {
        let mean = |side: &dyn Fn(&Pair<'_>) -> Measures| {
            let values = pairs.iter().map(|pair| side(pair).of(measure));
            values.sum::<f64>() / pairs.len().max(1) as f64
        };
        let differences: Vec<f64> = pairs
            .iter()
            .map(|((_, old), (_, new))| new.of(measure) - old.of(measure))
            .collect();
        measures.push(Compared {
            measure,
            before: mean(&|(old, _)| old.1),
            after: mean(&|(_, new)| new.1),
            effect: effect(&differences)?,
            p_adjusted: 1.0,
            wins: differences.iter().filter(|d| **d > 0.0).count(),
            losses: differences.iter().filter(|d| **d < 0.0).count(),
        });
    }
    let adjusted = holm(&measures.iter().map(|m| m.effect.p).collect::<Vec<_>>());
    for (measure, p) in measures.iter_mut().zip(adjusted) {
        measure.p_adjusted = p;
    }
    let ids = |answer: &Answer| -> Vec<String> {
        let shown = answer.ranked.iter().take(SHOWN);
        shown.map(|(id, _)| id.clone()).collect()
    };
    let mut changed: Vec<ChangedQuery> = pairs
        .iter()
        .map(|((old, was), (new, is))| ChangedQuery {
            id: old.query.id.clone(),
            text: old.query.text.clone(),
            before: was.ndcg_10,
            after: is.ndcg_10,
            before_ids: ids(old),
            after_ids: ids(new),
            reason: None,
        })
        .filter(|query| query.before_ids != query.after_ids)
        .collect();
    changed.sort_by(|a, b| (a.after - a.before).total_cmp(&(b.after - b.before)));
    Some(Comparison {
        before: before.0.to_owned(),
        after: after.0.to_owned(),
        queries: pairs.len(),
        measures,
        changed,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::evaluate::{
        judgements::Query,
        metrics::Judged,
        run::{Ranked, Searcher},
    };

    /// Answers "good" with the relevant item first, when it is to.
    struct Fixed(bool);

    impl Searcher for Fixed {
        fn search(&self, query: &str, _depth: usize) -> anyhow::Result<Ranked> {
            let order = match (query, self.0) {
                ("same", _) => ["a", "b"],
                (_, true) => ["a", "b"],
                (_, false) => ["b", "a"],
            };
            Ok(order.map(|id| (id.to_owned(), 1.0)).to_vec())
        }
    }

    #[test]
    fn wins_losses_and_changed_queries_are_those_that_differ() {
        let texts = ["other", "other", "same", "unjudged"];
        let queries: Vec<Query> = (0..)
            .zip(texts)
            .map(|(n, text)| Query {
                id: format!("q{n}"),
                text: text.to_owned(),
            })
            .collect();
        let judged: HashMap<String, Judged> = ["q0", "q1", "q2"]
            .map(|id| (id.to_owned(), Judged::from([("a".to_owned(), 1)])))
            .into();
        let run = |good| Run::of(&Fixed(good), &queries, &judged, 10).unwrap();
        let (old, new) = (run(false), run(true));
        let found = compare(("old", &old), ("new", &new)).unwrap();
        assert_eq!(found.queries, 3);
        let mrr = &found.measures[1];
        assert_eq!((mrr.measure, mrr.wins, mrr.losses), (Measure::Mrr10, 2, 0));
        assert!((mrr.effect.mean - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(found.changed.len(), 2);
        assert_eq!(found.changed[0].after_ids, ["a", "b"]);
        let none = Run::of(&Fixed(true), &queries[3..], &judged, 10).unwrap();
        assert!(compare(("x", &none), ("y", &none)).is_none());
    }
}
