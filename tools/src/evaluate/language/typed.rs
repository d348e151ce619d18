//! Queries that were typed by sound or on a wrong layout: whether the word that was meant is put beside what was typed,
//! and whether Latin text that means itself is left alone.

use std::{collections::HashSet, path::Path, time::Instant};

use sampan_analyzers::{Analyzer, Edit, Understood};
use serde::Deserialize;

use super::sets::{self, SetError};
use crate::evaluate::{latencies::Latencies, statistics::Share};

/// A word, and how it was typed.
#[derive(Debug, Clone, Deserialize)]
pub struct TypedQuery {
    /// How: "jyutping", "zhuyin_keys" … any name.
    pub way: String,
    /// Region that the query comes from.
    pub region: String,
    pub term: String,
    pub query: String,
}

/// Reads queries: columns way, region, term and query, tab-separated, with a header.
///
/// # Errors
/// The file cannot be read, a line lacks a column, or there is no query.
pub fn read(path: &Path) -> Result<Vec<TypedQuery>, SetError> {
    sets::filled(path, sets::rows(path)?, "query")
}

/// How well queries of one kind were understood. No catalogue helps.
#[derive(Debug, Clone, serde::Serialize)]
pub struct TypedFigures {
    pub name: String,
    /// The right word is the first target of an edit by sound, written in whatever script.
    pub first: Share,
    pub third: Share,
    pub any: Share,
}

/// A query whose word was not the first.
#[derive(Debug, Clone, serde::Serialize)]
pub struct MissedTyped {
    pub way: String,
    pub region: String,
    pub query: String,
    pub term: String,
    /// Place of the right word from 1; none: it is not there.
    pub place: Option<usize>,
    /// What stood first; "" for nothing.
    pub heard: String,
    pub rule: String,
}

/// What queries and controls showed.
#[derive(Debug, serde::Serialize)]
pub struct TypedReport {
    pub ways: Vec<TypedFigures>,
    pub lengths: Vec<TypedFigures>,
    /// Of all queries, in their order.
    pub missed: Vec<MissedTyped>,
    /// Of understanding a query, µs.
    pub p50_micros: u64,
    pub p99_micros: u64,
}

/// The edits by sound, in the order of the plan.
pub fn sound_edits(plan: &Understood) -> impl Iterator<Item = &Edit> {
    let edits = plan.edits.iter();
    edits.filter(|edit| edit.rule.starts_with("sound."))
}

/// Understands every query in its region.
///
/// # Errors
/// Never, for bounds that are constants.
pub fn measure(
    queries: &[TypedQuery],
    analyzer: &Analyzer,
    each: &mut dyn FnMut(),
) -> anyhow::Result<TypedReport> {
    let mut latencies = Latencies::new()?;
    let (mut places, mut missed) = (Vec::with_capacity(queries.len()), Vec::new());
    for query in queries {
        let begun = Instant::now();
        let plan = analyzer.understand(&query.query, &query.region, &HashSet::new());
        latencies.add(begun.elapsed());
        let wanted = analyzer.fold_key(&query.term);
        let mut edits = sound_edits(&plan);
        let place = edits.position(|edit| analyzer.fold_key(&edit.target) == wanted);
        if place != Some(0) {
            let first = sound_edits(&plan).next();
            missed.push(MissedTyped {
                way: query.way.clone(),
                region: query.region.clone(),
                query: query.query.clone(),
                term: query.term.clone(),
                place: place.map(|place| place + 1),
                heard: first.map_or_else(String::new, |edit| edit.target.clone()),
                rule: first.map_or_else(String::new, |edit| edit.rule.to_owned()),
            });
        }
        places.push(place);
        each();
    }
    let by = |kind: &dyn Fn(&TypedQuery) -> String| {
        let mut kinds: Vec<String> = queries.iter().map(kind).collect();
        kinds.sort();
        kinds.dedup();
        let figures = kinds.into_iter().map(|name| {
            let of_kind = queries.iter().zip(&places);
            let of_kind = of_kind.filter(|(query, _)| kind(query) == name);
            let places: Vec<Option<usize>> = of_kind.map(|(_, place)| *place).collect();
            figures(name, &places)
        });
        figures.collect::<Vec<_>>()
    };
    let mut ways = by(&|query| query.way.clone());
    ways.push(figures("all".to_owned(), &places));
    Ok(TypedReport {
        ways,
        lengths: by(&|query| length(&query.term)),
        missed,
        p50_micros: latencies.micros(0.5),
        p99_micros: latencies.micros(0.99),
    })
}

fn length(term: &str) -> String {
    match term.chars().count() {
        characters @ ..=4 => characters.to_string(),
        _ => "5 and more".to_owned(),
    }
}

fn figures(name: String, places: &[Option<usize>]) -> TypedFigures {
    let within = |limit: usize| Share::count(places, |place| place.is_some_and(|at| at < limit));
    TypedFigures {
        name,
        first: within(1),
        third: within(3),
        any: within(usize::MAX),
    }
}

/// Latin text that means itself, and what was taken for sounds of it.
#[derive(Debug, serde::Serialize)]
pub struct LatinControls {
    /// Lines that got an edit by sound in any of the regions.
    pub harmed: Share,
    pub cases: Vec<HarmedControl>,
}

/// A line that was taken for sounds.
#[derive(Debug, Clone, serde::Serialize)]
pub struct HarmedControl {
    pub text: String,
    pub region: String,
    pub rule: String,
    pub heard: String,
}

/// Understands every line as the shoppers of each region mean it.
pub fn controls(lines: &[String], regions: &[String], analyzer: &Analyzer) -> LatinControls {
    let harm = |line: &String, region: &String| {
        let plan = analyzer.understand(line, region, &HashSet::new());
        let edit = sound_edits(&plan).next()?;
        Some(HarmedControl {
            text: line.clone(),
            region: region.clone(),
            rule: edit.rule.to_owned(),
            heard: edit.target.clone(),
        })
    };
    let cases: Vec<HarmedControl> = lines
        .iter()
        .filter_map(|line| regions.iter().find_map(|region| harm(line, region)))
        .collect();
    LatinControls {
        harmed: Share::new(cases.len(), lines.len()),
        cases,
    }
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;

    use super::*;

    #[test]
    fn the_right_word_counts_where_it_stands_and_controls_where_they_are_taken_for_sounds() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let query = |way: &str, query: &str, term: &str| TypedQuery {
            way: way.into(),
            region: "hk".into(),
            term: term.into(),
            query: query.into(),
        };
        // 奶粉 is said as 瀨粉 is by who says n for l, and stands behind it.
        let queries = [
            query("jyutping", "syut3gwai6", "雪柜"),
            query("jyutping", "laai5 fan2", "奶粉"),
            query("none", "sony", "索尼"),
        ];
        let report = measure(&queries, &analyzer, &mut || {}).unwrap();
        let [jyutping, none, all] = &report.ways[..] else {
            panic!("{:?}", report.ways);
        };
        assert_eq!((jyutping.first.hits, jyutping.third.hits), (1, 2));
        assert_eq!((none.any.hits, all.first.hits, all.first.of), (0, 1, 3));
        assert_eq!(
            (report.missed[0].place, &*report.missed[0].heard),
            (Some(2), "瀨粉")
        );
        assert_eq!(
            (report.missed[1].place, &*report.missed[1].heard),
            (None, "")
        );
        let lines = ["sony", "syut3gwai6"].map(str::to_owned);
        let controls = controls(&lines, &["hk".to_owned()], &analyzer);
        assert_eq!((controls.harmed.hits, controls.harmed.of), (1, 2));
        assert_eq!(controls.cases[0].heard, "雪櫃");
    }
}
