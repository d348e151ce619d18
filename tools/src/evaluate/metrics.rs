//! Measures of one ranked list. Pure: lists and judgements in, numbers out.
//!
//! As trec_eval defines them (nDCG with linear gain and log2 discount, ideal over all judged documents), except recall,
//! which is hits ÷ min(k, relevant), so that a list of k can always reach 1. Grades of 0 and below are not relevant.

use std::collections::HashMap;

/// Grade of each judged document of a query.
pub type Judged = HashMap<String, i32>;

/// One of the measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Measure {
    #[serde(rename = "ndcg_10")]
    Ndcg10,
    #[serde(rename = "mrr_10")]
    Mrr10,
    #[serde(rename = "recall_10")]
    Recall10,
    #[serde(rename = "recall_100")]
    Recall100,
    #[serde(rename = "hit_10")]
    Hit10,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 5] = [
        Self::Ndcg10,
        Self::Mrr10,
        Self::Recall10,
        Self::Recall100,
        Self::Hit10,
    ];

    /// As tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ndcg10 => "nDCG@10",
            Self::Mrr10 => "MRR@10",
            Self::Recall10 => "recall@10",
            Self::Recall100 => "recall@100",
            Self::Hit10 => "hit@10",
        }
    }
}

/// What is measured of one query, or the mean over queries; each 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Measures {
    pub ndcg_10: f64,
    pub mrr_10: f64,
    pub recall_10: f64,
    pub recall_100: f64,
    pub hit_10: f64,
}

impl Measures {
    /// One of them.
    pub fn of(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Ndcg10 => self.ndcg_10,
            Measure::Mrr10 => self.mrr_10,
            Measure::Recall10 => self.recall_10,
            Measure::Recall100 => self.recall_100,
            Measure::Hit10 => self.hit_10,
        }
    }
}

/// Measures a ranked list, best first; none when no document is judged relevant.
pub fn measure(ranked: &[&str], judged: &Judged) -> Option<Measures> {
    let relevant = judged.values().filter(|grade| **grade > 0).count();
    if relevant == 0 {
        return None;
    }
    let gains: Vec<f64> = ranked.iter().map(|id| gain(judged.get(*id))).collect();
    let hits_within = |k: usize| gains.iter().take(k).filter(|gain| **gain > 0.0).count();
    let recall = |k: usize| hits_within(k) as f64 / k.min(relevant) as f64;
    let first = gains.iter().take(10).position(|gain| *gain > 0.0);
    let mut ideal: Vec<f64> = judged.values().map(|grade| gain(Some(grade))).collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    Some(Measures {
        ndcg_10: discounted(&gains, 10) / discounted(&ideal, 10),
        mrr_10: first.map_or(0.0, |place| 1.0 / (place + 1) as f64),
        recall_10: recall(10),
        recall_100: recall(100),
        hit_10: f64::from(u8::from(first.is_some())),
    })
}

fn gain(grade: Option<&i32>) -> f64 {
    grade.map_or(0.0, |grade| f64::from((*grade).max(0)))
}

/// Discounted cumulative gain at k.
fn discounted(gains: &[f64], k: usize) -> f64 {
    gains
        .iter()
        .take(k)
        .zip(2u32..)
        .map(|(gain, place)| gain / f64::from(place).log2())
        .sum()
}

/// Mean of each measure; zeros for no query.
pub fn mean<'a>(all: impl ExactSizeIterator<Item = &'a Measures>) -> Measures {
    let count = all.len().max(1) as f64;
    let sum = all.fold(Measures::default(), |sum, one| Measures {
        ndcg_10: sum.ndcg_10 + one.ndcg_10,
        mrr_10: sum.mrr_10 + one.mrr_10,
        recall_10: sum.recall_10 + one.recall_10,
        recall_100: sum.recall_100 + one.recall_100,
        hit_10: sum.hit_10 + one.hit_10,
    });
    Measures {
        ndcg_10: sum.ndcg_10 / count,
        mrr_10: sum.mrr_10 / count,
        recall_10: sum.recall_10 / count,
        recall_100: sum.recall_100 / count,
        hit_10: sum.hit_10 / count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Recorded {
        run: HashMap<String, f64>,
        qrels: Judged,
        expected: HashMap<String, f64>,
    }

    /// The order in which TREC tools read a run: by score, and of equal scores by document id, both descending.
    fn trec_order(scored: &mut [(String, f64)]) {
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| b.0.cmp(&a.0)));
    }

    /// See tests/fixtures/record_ir_measures.py.
    #[test]
    fn every_measure_is_what_ir_measures_says() {
        let fixture = include_str!("../../tests/fixtures/ir_measures.json");
        let recorded: Vec<Recorded> = serde_json::from_str(fixture).unwrap();
        assert_eq!(recorded.len(), 250);
        for (number, query) in recorded.into_iter().enumerate() {
            let mut scored: Vec<(String, f64)> = query.run.into_iter().collect();
            trec_order(&mut scored);
            let ranked: Vec<&str> = scored.iter().map(|(id, _)| id.as_str()).collect();
            let measures = measure(&ranked, &query.qrels).unwrap();
            let ours = [
                ("ndcg_10", measures.ndcg_10),
                ("mrr_10", measures.mrr_10),
                ("recall_10", measures.recall_10),
                ("recall_100", measures.recall_100),
                ("hit_10", measures.hit_10),
            ];
            for (name, value) in ours {
                let expected = query.expected[name];
                assert!(
                    (value - expected).abs() < 1e-9,
                    "query {number}: {name} {value} ≠ {expected}"
                );
            }
        }
    }

    #[test]
    fn a_query_without_relevant_documents_has_no_measures() {
        assert_eq!(measure(&["a"], &Judged::new()), None);
        assert_eq!(
            measure(&["a"], &Judged::from([("a".into(), 0), ("b".into(), -1)])),
            None
        );
    }

    #[test]
    fn the_mean_is_over_the_queries_given() {
        let judged = Judged::from([("a".into(), 1)]);
        let all = [
            measure(&["a"], &judged).unwrap(),
            measure(&["b", "a"], &judged).unwrap(),
        ];
        assert_eq!(mean(all.iter()).mrr_10, 0.75);
        assert_eq!(mean([].iter()), Measures::default());
    }
}
