//! Measures of one ranked list. Pure: lists and judgements in, numbers out.

pub mod list;
pub mod overlap;
#[cfg(test)]
mod recorded;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use list::measure;

/// Grade of each judged document of a query. Grades of 0 and below are not relevant.
pub type Judged = HashMap<String, i32>;

/// One of the measures; what each is stands in [`list`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    #[serde(rename = "precision_10")]
    Precision10,
    #[serde(rename = "ap_100")]
    Ap100,
    #[serde(rename = "err_10")]
    Err10,
    #[serde(rename = "judged_10")]
    Judged10,
}

impl Measure {
    /// Every measure, as tables order them.
    pub const ALL: [Self; 9] = [
        Self::Ndcg10,
        Self::Mrr10,
        Self::Recall10,
        Self::Recall100,
        Self::Hit10,
        Self::Precision10,
        Self::Ap100,
        Self::Err10,
        Self::Judged10,
    ];

    /// As tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ndcg10 => "nDCG@10",
            Self::Mrr10 => "MRR@10",
            Self::Recall10 => "recall@10",
            Self::Recall100 => "recall@100",
            Self::Hit10 => "hit@10",
            Self::Precision10 => "P@10",
            Self::Ap100 => "AP@100",
            Self::Err10 => "ERR@10",
            Self::Judged10 => "judged@10",
        }
    }

    /// As files call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Ndcg10 => "ndcg_10",
            Self::Mrr10 => "mrr_10",
            Self::Recall10 => "recall_10",
            Self::Recall100 => "recall_100",
            Self::Hit10 => "hit_10",
            Self::Precision10 => "precision_10",
            Self::Ap100 => "ap_100",
            Self::Err10 => "err_10",
            Self::Judged10 => "judged_10",
        }
    }
}

/// What is measured of one query, or the mean over queries; each 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Measures {
    pub ndcg_10: f64,
    pub mrr_10: f64,
    pub recall_10: f64,
    pub recall_100: f64,
    pub hit_10: f64,
    pub precision_10: f64,
    pub ap_100: f64,
    pub err_10: f64,
    pub judged_10: f64,
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
            Measure::Precision10 => self.precision_10,
            Measure::Ap100 => self.ap_100,
            Measure::Err10 => self.err_10,
            Measure::Judged10 => self.judged_10,
        }
    }

    /// Each of them by a function.
    fn each(value: impl Fn(Measure) -> f64) -> Self {
        Self {
            ndcg_10: value(Measure::Ndcg10),
            mrr_10: value(Measure::Mrr10),
            recall_10: value(Measure::Recall10),
            recall_100: value(Measure::Recall100),
            hit_10: value(Measure::Hit10),
            precision_10: value(Measure::Precision10),
            ap_100: value(Measure::Ap100),
            err_10: value(Measure::Err10),
            judged_10: value(Measure::Judged10),
        }
    }
}

/// Mean of each measure; zeros for no query.
pub fn mean<'a>(all: impl ExactSizeIterator<Item = &'a Measures> + Clone) -> Measures {
    let count = all.len().max(1) as f64;
    Measures::each(|measure| all.clone().map(|one| one.of(measure)).sum::<f64>() / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_over_the_queries_given() {
        let judged = Judged::from([("a".into(), 1)]);
        let all = [
            measure(&["a"], &judged).unwrap(),
            measure(&["b", "a"], &judged).unwrap(),
        ];
        assert_eq!(mean(all.iter()).mrr_10, 0.75);
        assert_eq!(mean(all.iter()).judged_10, 0.75);
        assert_eq!(mean([].iter()), Measures::default());
    }

    #[test]
    fn each_measure_is_read_from_where_it_is_written() {
        let number = |measure: Measure| {
            let place = Measure::ALL.iter().position(|known| *known == measure);
            place.unwrap() as f64
        };
        let numbered = Measures::each(number);
        for measure in Measure::ALL {
            assert_eq!(numbered.of(measure), number(measure), "{measure:?}");
            assert_eq!(serde_json::to_value(measure).unwrap(), measure.key());
        }
    }
}
