//! Which bytes of a title matched a query: the seller's own word, in whatever script or regional word it was found.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::plan::{Alternative, TermFamily, Understood};
use crate::rewrite::CONCEPT_KIND;
use crate::tokens::chain::Chain;

/// Merged, ascending, on character boundaries.
pub fn highlight(chain: &Chain, title: &str, query: &Understood) -> Vec<Range<usize>> {
    let mut terms = String::new();
    let mut places: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    chain.index_tokens(title, &mut |token| {
        let start = terms.len();
        terms.push_str(token.term);
        places.push((start..terms.len(), token.start as usize..token.end as usize));
    });
    let tokens = || {
        let tokens = places.iter();
        tokens.map(|(term, place)| (&terms[term.clone()], place))
    };
    let held: FxHashSet<&str> = tokens().map(|(term, _)| term).collect();
    let mut wanted: FxHashSet<&str> = query
        .typed
        .iter()
        .filter(|term| term.family != TermFamily::Unigram)
        .map(|term| term.term.as_str())
        .collect();
    for unit in &query.units {
        // Another word is marked only where the whole of it stands: 電源 alone is no 行動電源.
        let is_whole = |alternative: &&Alternative| {
            let mut required = alternative.required.iter();
            required.all(|term| held.contains(term.as_str()))
        };
        let is_kind = |alternative: &&Alternative| {
            let edit = alternative.edit.and_then(|edit| query.edits.get(edit));
            edit.is_some_and(|edit| edit.rule == CONCEPT_KIND)
        };
        let (kinds, ways): (Vec<_>, Vec<_>) = unit.alternatives.iter().partition(is_kind);
        let named = ways.iter().copied().any(|way| is_whole(&way));
        let typed = ways.iter().copied().take(1);
        let others = ways.iter().copied().skip(1).filter(is_whole);
        // A kind is what was found only where the thing itself is not named.
        let kinds = kinds.into_iter().filter(|kind| !named && is_whole(kind));
        for alternative in typed.chain(others).chain(kinds) {
            wanted.extend(alternative.required.iter().map(String::as_str));
        }
    }
    merged(
        tokens()
            .filter(|(term, _)| wanted.contains(term))
            .map(|(_, place)| place.clone())
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
