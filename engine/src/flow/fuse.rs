//! One list of candidates out of many: an item that several sources brought keeps the best of each.

use rustc_hash::FxHashMap;

use super::candidate::Candidate;
use crate::base::Ordinal;

/// Joins lists; the order of first appearance is kept.
pub fn fuse(lists: impl IntoIterator<Item = Vec<Candidate>>) -> Vec<Candidate> {
    let mut fused: Vec<Candidate> = Vec::new();
    let mut places: FxHashMap<Ordinal, usize> = FxHashMap::default();
    for candidate in lists.into_iter().flatten() {
        match places.get(&candidate.ordinal) {
            None => {
                places.insert(candidate.ordinal, fused.len());
                fused.push(candidate);
            }
            Some(place) => {
                let known = &mut fused[*place];
                known.sources = known.sources.and(candidate.sources);
                known.lexical = known.lexical.max(candidate.lexical);
                known.coverage = known.coverage.max(candidate.coverage);
                known.title_match = known.title_match.max(candidate.title_match);
                known.exactness = known.exactness.max(candidate.exactness);
                known.rewritten = known.rewritten.max(candidate.rewritten);
                known.vector = known.vector.max(candidate.vector);
                known.behaviour = known.behaviour.max(candidate.behaviour);
                known.affinity = known.affinity.max(candidate.affinity);
                known.full_match |= candidate.full_match;
            }
        }
    }
    fused
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::candidate::Source;

    #[test]
    fn an_item_of_two_lists_appears_once_with_the_best_of_both() {
        let mut lexical = Candidate::new(7, Source::Lexical);
        lexical.lexical = 0.5;
        let mut vector = Candidate::new(7, Source::Vector);
        vector.vector = 0.9;
        let fused = fuse([
            vec![lexical],
            vec![vector, Candidate::new(8, Source::Vector)],
        ]);
        assert_eq!(fused.len(), 2);
        assert_eq!((fused[0].lexical, fused[0].vector), (0.5, 0.9));
        assert!(fused[0].sources.has(Source::Lexical) && fused[0].sources.has(Source::Vector));
    }
}
