//! Candidates of a search: by words, and by vectors where words find little.

use sampan_analyzers::plan::Understood;
use sampan_proto::v1;

use super::counted::Counted;
use crate::{
    base::error::{Result, SampanError},
    flow::{
        candidate::Candidate, filter::Gate, fuse::fuse, recall, stopwatch::Stopwatch,
        understand::in_words,
    },
    index::{
        generation::Generation,
        lexical::{LexicalQuery, MatchLevel},
    },
};

/// What recall brings, joined.
pub fn candidates(
    generation: &Generation,
    understood: &Understood,
    counted: &Counted,
    gate: &Gate<'_>,
    mode: v1::RecallMode,
    watch: &mut Stopwatch,
) -> Result<Vec<Candidate>> {
    let query = LexicalQuery::new(understood);
    let mut by_words = if mode == v1::RecallMode::Vector {
        Vec::new()
    } else {
        watch.time("recall", || {
            recall::lexical(&generation.lexical, &query, gate, counted.level)
        })?
    };
    let profile = &generation
        .configuration
        .profile(gate.market().region)
        .vectors;
    let found_whole = match counted.level {
        MatchLevel::Words | MatchLevel::All => counted.total,
        MatchLevel::Most | MatchLevel::Any => 0,
    };
    let is_asked = match mode {
        v1::RecallMode::Lexical => false,
        v1::RecallMode::Vector => true,
        v1::RecallMode::Unspecified | v1::RecallMode::Hybrid => found_whole < profile.below,
    };
    // A vector cannot say what an item must not be.
    let encoder = generation
        .encoder
        .as_ref()
        .filter(|_| is_asked && understood.excluded.is_empty() && !generation.vectors.is_empty());
    let Some(encoder) = encoder else {
        return Ok(by_words);
    };
    let words = in_words(understood);
    if words.is_empty() {
        return Ok(by_words);
    }
    let typed = watch.time("encode", || {
        generation
            .vectors
            .direction(&encoder.encode_query(&words))
            .map_err(SampanError::internal)
    })?;
    let by_vectors = watch.time("vectors", || {
        recall::vector(&generation.vectors, &typed, &mut by_words, profile, gate)
    })?;
    Ok(watch.time("fuse", || fuse([by_words, by_vectors])))
}
