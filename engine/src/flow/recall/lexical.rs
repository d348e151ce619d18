//! Candidates by words.

use crate::{
    base::{Ordinal, error::Result, limits},
    flow::{
        candidate::{Candidate, Source},
        filter::{Gate, Verdict},
    },
    index::lexical::{LexicalQuery, LexicalSnapshot, MatchLevel},
};

/// The best items by BM25F. Scores are shares of the best one's; `level` is how much of the query counts as all of it.
/// Items that restrictions took away are noted in `removed`, at most [`limits::RESULT_WINDOW`] of them.
pub fn lexical(
    snapshot: &LexicalSnapshot,
    query: &LexicalQuery<'_>,
    gate: &Gate<'_>,
    level: MatchLevel,
    removed: &mut Vec<Ordinal>,
) -> Result<Vec<Candidate>> {
    let mut allows = |ordinal| match gate.check(ordinal) {
        Verdict::Pass(_) => true,
        Verdict::Barred => {
            if removed.len() < limits::RESULT_WINDOW {
                removed.push(ordinal);
            }
            false
        }
        Verdict::Out => false,
    };
    let found = snapshot.recall(query, limits::RESULT_WINDOW, &mut allows)?;
    let matched = if query.units().is_empty() {
        vec![true; found.len()]
    } else {
        snapshot.matching(query, level)?.contains(&found)?
    };
    let best = found
        .first()
        .map_or(1.0, |first| first.score.max(f32::MIN_POSITIVE));
    Ok(found
        .iter()
        .zip(matched)
        .map(|(found, full_match)| Candidate {
            lexical: found.score / best,
            full_match,
            ..Candidate::new(found.ordinal, Source::Lexical)
        })
        .collect())
}
