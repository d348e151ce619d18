//! Queries whose words no title has all together, in whatever words the dictionaries know for them.

use std::collections::{BTreeMap, HashSet};

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{Sources, Stage};
use crate::analyzer::Analyzer;
use crate::plan::{Alternative, Understood, Unit};

/// A query without results.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unanswered {
    pub query: String,
    /// How often it is asked.
    pub count: u32,
    /// Its words that no title has at all.
    pub unknown: Vec<String>,
}

/// A word that is asked for and that no title has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Missing {
    pub word: String,
    /// Queries of the log that hold it.
    pub count: u32,
}

/// Term → titles that hold it, ascending.
type Postings = FxHashMap<Box<str>, Vec<u32>>;

/// Most asked first.
pub fn unanswered(
    analyzer: &Analyzer,
    sources: &Sources<'_>,
    progress: &mut dyn FnMut(Stage, usize, usize),
) -> Vec<Unanswered> {
    if sources.titles.is_empty() {
        return Vec::new();
    }
    let postings = index(analyzer, sources.titles);
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for query in sources.queries {
        *counts.entry(query.trim()).or_default() += 1;
    }
    let total = counts.len();
    let mut found = Vec::new();
    let none = HashSet::new();
    for (done, (query, count)) in counts.into_iter().enumerate() {
        progress(Stage::Answering, done, total);
        let understood = analyzer.understand(query, sources.region, &none);
        if understood.units.is_empty() || is_answered(&postings, &understood) {
            continue;
        }
        let units = understood.units.iter();
        let unknown = units
            .filter(|unit| titles_of(&postings, unit).is_empty())
            .filter_map(|unit| query.get(unit.source.clone()))
            .map(str::to_owned);
        found.push(Unanswered {
            unknown: unknown.collect(),
            query: query.to_owned(),
            count,
        });
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.count));
    found
}

/// Words that no title has, most asked first.
pub fn missing(unanswered: &[Unanswered]) -> Vec<Missing> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for query in unanswered {
        for word in &query.unknown {
            *counts.entry(word).or_default() += query.count;
        }
    }
    let mut missing: Vec<Missing> = counts
        .into_iter()
        .map(|(word, count)| Missing {
            word: word.to_owned(),
            count,
        })
        .collect();
    missing.sort_by_key(|one| std::cmp::Reverse(one.count));
    missing
}

fn index(analyzer: &Analyzer, titles: &[String]) -> Postings {
    let mut postings = Postings::default();
    for (at, title) in (0u32..).zip(titles) {
        analyzer.index_tokens(title, &mut |token| {
            if let Some(list) = postings.get_mut(token.term) {
                if list.last() != Some(&at) {
                    list.push(at);
                }
            } else {
                postings.insert(token.term.into(), vec![at]);
            }
        });
    }
    postings
}

/// Whether one title has every word.
fn is_answered(postings: &Postings, understood: &Understood) -> bool {
    let mut lists = understood
        .units
        .iter()
        .map(|unit| titles_of(postings, unit));
    let Some(mut left) = lists.next() else {
        return false;
    };
    for list in lists {
        left.retain(|title| list.binary_search(title).is_ok());
        if left.is_empty() {
            break;
        }
    }
    !left.is_empty()
}

/// Titles that have any alternative of a word, ascending.
fn titles_of(postings: &Postings, unit: &Unit) -> Vec<u32> {
    let mut titles: Vec<u32> = unit
        .alternatives
        .iter()
        .flat_map(|alternative| titles_with(postings, alternative))
        .collect();
    titles.sort_unstable();
    titles.dedup();
    titles
}

fn titles_with(postings: &Postings, alternative: &Alternative) -> Vec<u32> {
    let lists: Option<Vec<&Vec<u32>>> = alternative
        .required
        .iter()
        .map(|term| postings.get(term.as_str()))
        .collect();
    let Some(mut lists) = lists else {
        return Vec::new();
    };
    lists.sort_by_key(|list| list.len());
    let Some((shortest, others)) = lists.split_first() else {
        return Vec::new();
    };
    let held = |title: &&u32| others.iter().all(|list| list.binary_search(title).is_ok());
    shortest.iter().filter(held).copied().collect()
}
