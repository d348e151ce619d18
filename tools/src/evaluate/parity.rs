//! Whether a query brings the same in every script.

use std::collections::HashMap;

use rayon::prelude::*;
use sampan_analyzers::Analyzer;
use serde::Serialize;

use super::{
    judgements::Query,
    metrics::{
        Judged, Measures, mean, measure,
        overlap::{PERSISTENCE, rank_biased_overlap},
    },
    run::{Ranked, Searcher},
    scripts::{Form, forms},
};

/// Forms of a query.
const FORMS: usize = Form::ALL.len();
/// Queries that are told of.
const WORST: usize = 10;

/// What the forms of the same queries bring.
#[derive(Debug, Serialize)]
pub struct Parity {
    /// Queries whose forms differ.
    pub queries: usize,
    /// Queries that are written the same in every form, and not asked.
    pub same_in_all: usize,
    /// Of the queries with judgements, how many those are.
    pub judged: usize,
    pub forms: Vec<FormResult>,
    /// nDCG@10 of the best form − of the worst; none without judgements.
    pub ndcg_gap: Option<f64>,
    /// Mean rank-biased overlap (p = 0.9) of the lists of two forms, as in [`Form::ALL`].
    pub overlap: [[f64; FORMS]; FORMS],
    /// Mean over queries of the least overlap of any two forms.
    pub least_overlap: f64,
    /// That of each query, in their order.
    #[serde(skip)]
    pub least_overlaps: Vec<f64>,
    /// Queries whose forms have least in common.
    pub worst: Vec<Disparate>,
}

/// One form of all queries.
#[derive(Debug, Serialize)]
pub struct FormResult {
    pub form: Form,
    pub ndcg_10: Option<f64>,
    pub recall_10: Option<f64>,
    /// Share of the queries that find nothing, 0 to 1.
    pub zero_result_rate: f64,
}

/// One query whose forms differ in what they bring.
#[derive(Debug, Clone, Serialize)]
pub struct Disparate {
    pub id: String,
    /// As in [`Form::ALL`].
    pub texts: [String; FORMS],
    pub least_overlap: f64,
    /// The two forms that have least in common.
    pub between: [Form; 2],
    /// First hits of each form; none: nothing was found.
    pub first: [Option<String>; FORMS],
}

/// One query, asked in each form.
struct Asked {
    disparate: Disparate,
    overlap: [[f64; FORMS]; FORMS],
    measures: Option<[Measures; FORMS]>,
    is_empty: [bool; FORMS],
}

/// Asks every query in every form.
///
/// # Errors
/// A query cannot be converted or answered.
pub fn measure_parity(
    searcher: &(impl Searcher + Sync),
    queries: &[Query],
    judged: &HashMap<String, Judged>,
    depth: usize,
    analyzer: &Analyzer,
) -> anyhow::Result<Parity> {
    let asked: Vec<Asked> = queries
        .par_iter()
        .map(|query| ask(searcher, query, judged.get(&query.id), depth, analyzer))
        .filter_map(Result::transpose)
        .collect::<anyhow::Result<_>>()?;
    let count = asked.len().max(1) as f64;
    let average = |value: &dyn Fn(&Asked) -> f64| asked.iter().map(value).sum::<f64>() / count;
    let measured: Vec<&[Measures; FORMS]> = asked
        .iter()
        .filter_map(|its| its.measures.as_ref())
        .collect();
    let of_form = |(place, form): (usize, Form)| {
        let measures: Vec<Measures> = measured.iter().map(|forms| forms[place]).collect();
        let mean = (!measures.is_empty()).then(|| mean(measures.iter()));
        FormResult {
            form,
            ndcg_10: mean.map(|mean| mean.ndcg_10),
            recall_10: mean.map(|mean| mean.recall_10),
            zero_result_rate: average(&|its| f64::from(u8::from(its.is_empty[place]))),
        }
    };
    let forms: Vec<FormResult> = Form::ALL.into_iter().enumerate().map(of_form).collect();
    let ndcg = forms.iter().filter_map(|form| form.ndcg_10);
    let ndcg_gap =
        (!measured.is_empty()).then(|| ndcg.clone().fold(0.0, f64::max) - ndcg.fold(1.0, f64::min));
    let mut worst: Vec<Disparate> = asked.iter().map(|its| its.disparate.clone()).collect();
    worst.sort_by(|a, b| a.least_overlap.total_cmp(&b.least_overlap));
    worst.truncate(WORST);
    worst.retain(|its| its.least_overlap < 1.0 - 1e-9);
    Ok(Parity {
        queries: asked.len(),
        same_in_all: queries.len() - asked.len(),
        judged: measured.len(),
        forms,
        ndcg_gap,
        overlap: [0, 1, 2, 3]
            .map(|one| [0, 1, 2, 3].map(|other| average(&|its| its.overlap[one][other]))),
        least_overlap: average(&|its| its.disparate.least_overlap),
        least_overlaps: asked
            .iter()
            .map(|its| its.disparate.least_overlap)
            .collect(),
        worst,
    })
}

/// Asks one query; none when all its forms are the same.
fn ask(
    searcher: &impl Searcher,
    query: &Query,
    judged: Option<&Judged>,
    depth: usize,
    analyzer: &Analyzer,
) -> anyhow::Result<Option<Asked>> {
    let texts = forms(&query.text, analyzer)?;
    if texts.iter().all(|text| *text == texts[0]) {
        return Ok(None);
    }
    let lists: Vec<Ranked> = texts
        .iter()
        .map(|text| searcher.search(text, depth))
        .collect::<anyhow::Result<_>>()?;
    let ids: Vec<Vec<&str>> = lists
        .iter()
        .map(|list| list.iter().map(|(id, _)| id.as_str()).collect())
        .collect();
    let mut overlap = [[1.0; FORMS]; FORMS];
    let (mut least, mut between) = (1.0, [Form::ALL[0]; 2]);
    for one in 0..FORMS {
        for other in one + 1..FORMS {
            let shared = rank_biased_overlap(&ids[one], &ids[other], PERSISTENCE);
            (overlap[one][other], overlap[other][one]) = (shared, shared);
            if shared < least {
                (least, between) = (shared, [Form::ALL[one], Form::ALL[other]]);
            }
        }
    }
    let places = [0, 1, 2, 3];
    let measured = |judged: &Judged| {
        let of_form: Option<Vec<Measures>> = ids.iter().map(|ids| measure(ids, judged)).collect();
        of_form.map(|all| places.map(|place| all[place]))
    };
    Ok(Some(Asked {
        disparate: Disparate {
            id: query.id.clone(),
            least_overlap: least,
            between,
            first: places.map(|place| ids[place].first().map(|id| (*id).to_owned())),
            texts,
        },
        overlap,
        measures: judged.and_then(measured),
        is_empty: places.map(|place| ids[place].is_empty()),
    }))
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;

    use super::*;

    /// Knows a rice cooker by its Traditional name only.
    struct Traditional;

    impl Searcher for Traditional {
        fn search(&self, query: &str, _depth: usize) -> anyhow::Result<Ranked> {
            let ids = if query == "電飯煲" {
                &["a", "b"][..]
            } else {
                &[]
            };
            Ok(ids.iter().map(|id| ((*id).to_owned(), 1.0)).collect())
        }
    }

    #[test]
    fn a_form_that_brings_nothing_is_told() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let queries = [("q1", "電飯煲"), ("q2", "手提包")].map(|(id, text)| Query {
            id: id.into(),
            text: text.into(),
        });
        let judged = HashMap::from([("q1".to_owned(), Judged::from([("a".to_owned(), 1)]))]);
        let found = measure_parity(&Traditional, &queries, &judged, 10, &analyzer).unwrap();
        assert_eq!((found.queries, found.same_in_all, found.judged), (1, 1, 1));
        let zero: Vec<f64> = found
            .forms
            .iter()
            .map(|form| form.zero_result_rate)
            .collect();
        assert_eq!(zero, [1.0, 0.0, 0.0, 1.0]);
        assert_eq!(found.ndcg_gap, Some(1.0));
        assert_eq!(found.overlap[1], [0.0, 1.0, 1.0, 0.0]);
        assert_eq!(found.overlap[0][3], 1.0);
        assert_eq!((found.least_overlap, found.worst.len()), (0.0, 1));
        let unjudged =
            measure_parity(&Traditional, &queries, &HashMap::new(), 10, &analyzer).unwrap();
        assert_eq!(unjudged.ndcg_gap, None);
    }
}
