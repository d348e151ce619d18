//! Parts of the queries that are measured apart.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use sampan_analyzers::Analyzer;
use serde::Serialize;

use super::{
    catalogue::Catalogue,
    judgements::Query,
    metrics::{Judged, Measures, mean},
    popularity::THIRDS,
    run::{Answer, Run},
    scripts,
    statistics::bootstrap_interval,
};

/// What queries are parted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Dimension {
    /// Traditional, Simplified, mixed, the same in both, no Han
    Script,
    /// Characters
    Length,
    /// Head, torso and tail of a query log: a third of what was asked each
    Popularity,
    /// First category of the best judged item
    Department,
}

/// Queries of one kind.
#[derive(Debug, Serialize)]
pub struct Slice {
    pub dimension: &'static str,
    pub name: String,
    pub queries: usize,
    /// Of them, those with judgements, which the measures are of.
    pub judged: usize,
    pub measures: Measures,
    /// 95 % interval of nDCG@10; none without judgements.
    pub ndcg_interval: Option<(f64, f64)>,
    pub zero_result_rate: f64,
}

/// What kinds are told from.
pub struct Labels<'l> {
    pub analyzer: &'l Analyzer,
    pub catalogue: &'l Catalogue,
    pub judged: &'l HashMap<String, Judged>,
    /// Third of the log that each text is in; none without a log.
    pub popularity: Option<HashMap<String, &'static str>>,
}

impl Dimension {
    fn name(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Length => "length",
            Self::Popularity => "popularity",
            Self::Department => "department",
        }
    }
}

/// Measures every slice of a run.
///
/// # Errors
/// A text cannot be converted, or popularity is asked for without a log.
pub fn of_run(
    run: &Run,
    dimensions: &[Dimension],
    labels: &Labels<'_>,
) -> anyhow::Result<Vec<Slice>> {
    let departments = labels.departments();
    let mut slices = Vec::new();
    for dimension in dimensions {
        let mut parts: BTreeMap<(usize, String), Vec<&Answer>> = BTreeMap::new();
        for answer in &run.answers {
            let kind = labels.kind(*dimension, &answer.query, &departments)?;
            parts.entry(kind).or_default().push(answer);
        }
        slices.extend(
            parts
                .into_iter()
                .map(|((_, name), answers)| slice(*dimension, name, &answers)),
        );
    }
    Ok(slices)
}

fn slice(dimension: Dimension, name: String, answers: &[&Answer]) -> Slice {
    let measured: Vec<&Measures> = answers
        .iter()
        .filter_map(|its| its.measures.as_ref())
        .collect();
    let ndcg: Vec<f64> = measured.iter().map(|its| its.ndcg_10).collect();
    let empty = answers.iter().filter(|its| its.ranked.is_empty()).count();
    Slice {
        dimension: dimension.name(),
        name,
        queries: answers.len(),
        judged: measured.len(),
        ndcg_interval: (!ndcg.is_empty()).then(|| bootstrap_interval(&ndcg)),
        measures: mean(measured.into_iter()),
        zero_result_rate: empty as f64 / answers.len().max(1) as f64,
    }
}

impl<'a> Labels<'a> {
    /// A query's kind: its place among the kinds, and its name.
    fn kind(
        &self,
        dimension: Dimension,
        query: &Query,
        departments: &HashMap<&str, &str>,
    ) -> anyhow::Result<(usize, String)> {
        match dimension {
            Dimension::Script => {
                let script = scripts::script(&query.text, self.analyzer)?;
                Ok((script as usize, script.name().to_owned()))
            }
            Dimension::Length => Ok(length(&query.text)),
            Dimension::Popularity => {
                let thirds = self.popularity.as_ref();
                let thirds = thirds.context("--slice popularity needs --query-counts")?;
                // What a log does not have is rarer than what it has.
                let third = thirds.get(query.text.trim()).copied().unwrap_or(THIRDS[2]);
                let place = THIRDS.iter().position(|its| *its == third);
                Ok((place.unwrap_or_default(), third.to_owned()))
            }
            Dimension::Department => {
                let department = departments.get(query.id.as_str()).copied();
                Ok((
                    usize::from(department.is_none()),
                    department.unwrap_or("unknown").to_owned(),
                ))
            }
        }
    }

    /// First category of the best judged item of each query; of equals, the first by id.
    fn departments(&self) -> HashMap<&'a str, &'a str> {
        let first = |item: &'a sampan_proto::v1::Item| {
            Some((item.id.as_str(), item.category_path.first()?.as_str()))
        };
        let of_items: HashMap<&str, &str> = self.catalogue.items().filter_map(first).collect();
        let best = |judged: &Judged| {
            let known = judged
                .iter()
                .filter(|(id, grade)| **grade > 0 && of_items.contains_key(&***id));
            let best = known.max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)))?;
            of_items.get(best.0.as_str()).copied()
        };
        let queries = self.judged.iter();
        queries
            .filter_map(|(query, judged)| Some((query.as_str(), best(judged)?)))
            .collect()
    }
}

/// Kinds of length: longest of each, and its name.
const LENGTHS: [(usize, &str); 4] = [
    (2, "1–2 characters"),
    (4, "3–4"),
    (8, "5–8"),
    (usize::MAX, "9 and more"),
];

fn length(text: &str) -> (usize, String) {
    let characters = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .count();
    let place = LENGTHS
        .iter()
        .position(|(longest, _)| characters <= *longest)
        .unwrap_or_default();
    (place, LENGTHS[place].1.to_owned())
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;
    use sampan_proto::v1;

    use super::*;
    use crate::evaluate::run::{Ranked, Searcher};

    struct Nothing;

    impl Searcher for Nothing {
        fn search(&self, query: &str, _depth: usize) -> anyhow::Result<Ranked> {
            let found = query.starts_with('電').then(|| ("cooker".to_owned(), 1.0));
            Ok(found.into_iter().collect())
        }
    }

    #[test]
    fn queries_are_parted_and_measured_apart() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let item = |id: &str, category: &str| v1::Item {
            id: id.into(),
            category_path: vec![category.into()],
            ..Default::default()
        };
        let catalogue = Catalogue {
            batches: vec![vec![item("cooker", "廚房"), item("bag", "服飾")]],
            refused: 0,
        };
        let queries = [
            ("q1", "電飯煲"),
            ("q2", "手提包"),
            ("q3", "电饭煲电饭煲电饭煲"),
        ];
        let queries = queries.map(|(id, text)| Query {
            id: id.into(),
            text: text.into(),
        });
        let grades = |id: &str| Judged::from([(id.to_owned(), 1), ("lost".to_owned(), 2)]);
        let judged = HashMap::from([
            ("q1".to_owned(), grades("cooker")),
            ("q2".to_owned(), grades("bag")),
        ]);
        let run = Run::of(&Nothing, &queries, &judged, 10).unwrap();
        let popularity = HashMap::from([("電飯煲".to_owned(), "head")]);
        let labels = |popularity| Labels {
            analyzer: &analyzer,
            catalogue: &catalogue,
            judged: &judged,
            popularity,
        };
        let all = [
            Dimension::Script,
            Dimension::Length,
            Dimension::Popularity,
            Dimension::Department,
        ];
        let slices = of_run(&run, &all, &labels(Some(popularity))).unwrap();
        let told: Vec<(&str, &str, usize, usize)> = slices
            .iter()
            .map(|its| (its.dimension, its.name.as_str(), its.queries, its.judged))
            .collect();
        assert_eq!(
            told,
            [
                ("script", "Traditional", 1, 1),
                ("script", "Simplified", 1, 0),
                ("script", "same in both", 1, 1),
                ("length", "3–4", 2, 2),
                ("length", "9 and more", 1, 0),
                ("popularity", "head", 1, 1),
                ("popularity", "tail", 2, 1),
                ("department", "廚房", 1, 1),
                ("department", "服飾", 1, 1),
                ("department", "unknown", 1, 0),
            ]
        );
        assert_eq!(
            (slices[0].measures.hit_10, slices[1].zero_result_rate),
            (1.0, 1.0)
        );
        assert_eq!(
            (slices[0].ndcg_interval.is_some(), slices[1].ndcg_interval),
            (true, None)
        );
        assert!(of_run(&run, &all, &labels(None)).is_err());
    }
}
