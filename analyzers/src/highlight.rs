//! Which bytes of a title matched a query: the seller's own word, in whatever script or regional word it was found.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::plan::{TermFamily, Understood};
use crate::tokens::chain::Chain;

/// Merged, ascending, on character boundaries.
pub fn highlight(chain: &Chain, title: &str, query: &Understood) -> Vec<Range<usize>> {
    let mut tokens: Vec<(String, Range<usize>)> = Vec::new();
    chain.tokens(&chain.analyse(title), &mut |token| {
        tokens.push((
            token.term.to_owned(),
            token.start as usize..token.end as usize,
        ));
    });
    let held: FxHashSet<&str> = tokens.iter().map(|(term, _)| term.as_str()).collect();
    let mut wanted: FxHashSet<&str> = query
        .typed
        .iter()
        .filter(|term| term.family != TermFamily::Unigram)
        .map(|term| term.term.as_str())
        .collect();
    for (index, alternative) in query
        .units
        .iter()
        .flat_map(|unit| unit.alternatives.iter().enumerate())
    {
        // Another word is marked only where the whole of it stands: 電源 alone is no 行動電源.
        let whole = alternative
            .required
            .iter()
            .all(|term| held.contains(term.as_str()));
        if index == 0 || whole {
            wanted.extend(alternative.required.iter().map(String::as_str));
        }
    }
    merged(
        tokens
            .iter()
            .filter(|(term, _)| wanted.contains(term.as_str()))
            .map(|(_, range)| range.clone())
            .collect(),
    )
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
