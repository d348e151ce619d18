//! Runs judged queries through a search engine and measures its answers and their time.

use std::{collections::HashMap, time::Instant};

use super::{
    judgements::Query,
    latencies::Latencies,
    metrics::{Judged, Measures, mean, measure},
};

/// One answer, best first.
pub type Ranked = Vec<(String, f64)>;

/// Something that ranks a catalogue for a query.
pub trait Searcher {
    /// Ids and scores, best first, at most `depth`.
    ///
    /// # Errors
    /// The query cannot be answered at all.
    fn search(&self, query: &str, depth: usize) -> anyhow::Result<Ranked>;
}

impl<S: Searcher> Searcher for &S {
    fn search(&self, query: &str, depth: usize) -> anyhow::Result<Ranked> {
        (**self).search(query, depth)
    }
}

/// What one query brought.
#[derive(Debug)]
pub struct Answer {
    pub query: Query,
    pub ranked: Ranked,
    /// None when nothing relevant is judged for the query.
    pub measures: Option<Measures>,
}

impl Answer {
    fn new(query: &Query, ranked: Ranked, judged: &HashMap<String, Judged>) -> Self {
        let ids: Vec<&str> = ranked.iter().map(|(id, _)| id.as_str()).collect();
        let judged = judged.get(&query.id);
        Self {
            query: query.clone(),
            measures: judged.and_then(|judged| measure(&ids, judged)),
            ranked,
        }
    }
}

/// What all queries brought.
#[derive(Debug)]
pub struct Run {
    pub answers: Vec<Answer>,
    latencies: Latencies,
}

impl Run {
    /// Asks every query, one after another.
    ///
    /// # Errors
    /// A query cannot be answered.
    pub fn of(
        searcher: &impl Searcher,
        queries: &[Query],
        judged: &HashMap<String, Judged>,
        depth: usize,
    ) -> anyhow::Result<Self> {
        let mut latencies = Latencies::new()?;
        let mut answers = Vec::new();
        for query in queries {
            let begun = Instant::now();
            let ranked = searcher.search(&query.text, depth)?;
            latencies.add(begun.elapsed());
            answers.push(Answer::new(query, ranked, judged));
        }
        Ok(Self { answers, latencies })
    }

    /// The answers of another program, by query id; their time is not known.
    ///
    /// # Errors
    /// Never, for bounds that are constants.
    pub fn recorded(
        mut ranked: HashMap<String, Ranked>,
        queries: &[Query],
        judged: &HashMap<String, Judged>,
        depth: usize,
    ) -> anyhow::Result<Self> {
        let answers = queries.iter().map(|query| {
            let mut ranked = ranked.remove(&query.id).unwrap_or_default();
            ranked.truncate(depth);
            Answer::new(query, ranked, judged)
        });
        Ok(Self {
            answers: answers.collect(),
            latencies: Latencies::new()?,
        })
    }

    /// Means over the queries that have judgements.
    pub fn measures(&self) -> Measures {
        let judged: Vec<&Measures> = self
            .answers
            .iter()
            .filter_map(|answer| answer.measures.as_ref())
            .collect();
        mean(judged.into_iter())
    }

    /// Share of all queries that found nothing, 0 to 1.
    pub fn zero_result_rate(&self) -> f64 {
        let empty = self
            .answers
            .iter()
            .filter(|answer| answer.ranked.is_empty())
            .count();
        empty as f64 / self.answers.len().max(1) as f64
    }

    /// Milliseconds within which a share of the queries was answered.
    pub fn latency_ms(&self, quantile: f64) -> f64 {
        self.latencies.micros(quantile) as f64 / 1_000.0
    }

    /// Queries without a relevant judgement.
    pub fn unjudged(&self) -> usize {
        self.answers
            .iter()
            .filter(|answer| answer.measures.is_none())
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Searcher for Fixed {
        fn search(&self, query: &str, depth: usize) -> anyhow::Result<Ranked> {
            let ids = query.split_whitespace().take(depth).zip((0..9).rev());
            Ok(ids
                .map(|(id, score)| (id.to_owned(), f64::from(score)))
                .collect())
        }
    }

    #[test]
    fn unjudged_queries_count_for_zero_results_and_not_for_the_means() {
        let texts = [("q1", "a b"), ("q2", ""), ("q3", "c")];
        let queries = texts.map(|(id, text)| Query {
            id: id.into(),
            text: text.into(),
        });
        let judged = HashMap::from([("q1".into(), Judged::from([("b".into(), 1)]))]);
        let run = Run::of(&Fixed, &queries, &judged, 10).unwrap();
        assert_eq!((run.measures().mrr_10, run.unjudged()), (0.5, 2));
        assert!((run.zero_result_rate() - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(
            Run::of(&Fixed, &queries, &judged, 1)
                .unwrap()
                .measures()
                .mrr_10,
            0.0
        );
    }
}
