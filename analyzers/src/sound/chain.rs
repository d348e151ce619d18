//! Terms typed one behind the other without a space: hongselianyiqun is 紅色 and 連衣裙.

use super::hear::{Evidence, Match};

/// Most terms in one run.
const PARTS_MAX: usize = 3;
/// Partial chains kept at each step.
const KEPT_MAX: usize = 12;
/// What every further term costs, nats: one long word is likelier than two short ones.
const PART_COST: f32 = 2.0;

/// Terms that together take what was typed up to a boundary.
#[derive(Debug, Clone)]
pub struct Chain {
    pub end: usize,
    pub terms: Vec<u32>,
    pub cost: f32,
    /// The part of the cost that lies in how it was typed.
    pub doubt: f32,
    pub evidence: Evidence,
}

impl Chain {
    fn then(&self, next: Match) -> Self {
        let mut terms = self.terms.clone();
        terms.push(next.term);
        let further = if self.terms.is_empty() {
            0.0
        } else {
            PART_COST
        };
        Self {
            end: next.end,
            terms,
            cost: self.cost + next.cost + further,
            doubt: self.doubt + next.doubt,
            evidence: self.evidence.and(next.evidence),
        }
    }
}

/// Every way to reach a boundary from `start`. Terms are chained only where no single one reaches a boundary.
pub fn chains(
    start: usize,
    matches: &dyn Fn(usize) -> Vec<Match>,
    is_boundary: &dyn Fn(usize) -> bool,
) -> Vec<Chain> {
    let mut partial = vec![Chain {
        end: start,
        terms: Vec::new(),
        cost: 0.0,
        doubt: 0.0,
        evidence: Evidence::default(),
    }];
    for _ in 0..PARTS_MAX {
        let mut complete = Vec::new();
        let mut longer: Vec<Chain> = Vec::new();
        let mut heard: Vec<(usize, Vec<Match>)> = Vec::new();
        for chain in &partial {
            if !heard.iter().any(|(at, _)| *at == chain.end) {
                heard.push((chain.end, matches(chain.end)));
            }
            let from_here = heard.iter().find(|(at, _)| *at == chain.end);
            for next in from_here.into_iter().flat_map(|(_, found)| found) {
                let is_complete = is_boundary(next.end);
                let is_part = !is_complete || !chain.terms.is_empty();
                // A part of one syllable, or that may not be sold, is no evidence of anything.
                if is_part && (next.evidence.syllables < 2 || next.evidence.plain_terms > 0) {
                    continue;
                }
                let list = if is_complete {
                    &mut complete
                } else {
                    &mut longer
                };
                list.push(chain.then(*next));
            }
        }
        if !complete.is_empty() {
            return complete;
        }
        longer.sort_by(|a, b| b.end.cmp(&a.end).then(a.cost.total_cmp(&b.cost)));
        longer.truncate(KEPT_MAX);
        partial = longer;
    }
    Vec::new()
}
