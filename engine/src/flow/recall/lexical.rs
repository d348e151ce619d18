//! Candidates by words.

use crate::{
    base::{error::Result, limits},
    flow::{
        candidate::{Candidate, Source, Sources},
        filter::Gate,
    },
    index::lexical::{LexicalQuery, LexicalSnapshot, MatchLevel},
};

/// The best items by BM25F. Scores are shares of the best one's; `level` is how much of the query counts as all of it.
pub fn lexical(
    snapshot: &LexicalSnapshot,
    query: &LexicalQuery<'_>,
    gate: &Gate<'_>,
    level: MatchLevel,
) -> Result<Vec<Candidate>> {
    let mut allows = |ordinal| gate.allows(ordinal);
    let found = snapshot.recall(query, limits::RESULT_WINDOW, &mut allows)?;
    let scores = snapshot.rescore(query, level, &found)?;
    let best = scores
        .iter()
        .map(|found| found.score)
        .fold(f32::MIN_POSITIVE, f32::max);
    Ok(found
        .iter()
        .zip(scores)
        // Where the words are found as words, what only shares characters with them is there by chance.
        .filter(|(_, relevance)| {
            level != MatchLevel::Words || relevance.has_words || relevance.full_match
        })
        .map(|(found, relevance)| {
            let by_words = Candidate::new(found.ordinal, Source::Lexical);
            let sources = match relevance.has_near_words {
                true => by_words.sources.and(Sources::of(Source::NearWords)),
                false => by_words.sources,
            };
            Candidate {
                lexical: relevance.score / best,
                coverage: relevance.coverage,
                title_match: relevance.title_match,
                exactness: relevance.exactness,
                rewritten: relevance.rewritten,
                full_match: relevance.full_match,
                sources,
                ..by_words
            }
        })
        .collect())
}
