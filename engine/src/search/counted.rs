//! How many items answer a query, and which answers restrictions took away.

use sampan_proto::v1;

use crate::{
    base::{Ordinal, clock, error::Result, limits},
    flow::{filter::Gate, request::Market},
    index::{
        generation::Generation,
        lexical::{LexicalQuery, MatchLevel},
    },
};

/// The items that match, at most [`limits::TOTAL_COUNTED_MAX`].
pub struct Counted {
    /// The strictest at which anything that can be bought matches.
    pub level: MatchLevel,
    pub total: u64,
    /// There are more.
    pub is_lower_bound: bool,
    /// What restrictions took away of those that match at the strictest level at which they took anything; at most
    /// [`limits::RESULT_WINDOW`].
    pub removed: Vec<Ordinal>,
    /// Likewise for merchandising rules that hide.
    pub hidden: Vec<Ordinal>,
}

impl Counted {
    fn new(level: MatchLevel, total: usize, missing: Missing) -> Self {
        let capped = total.min(limits::TOTAL_COUNTED_MAX);
        Self {
            level,
            total: capped as u64,
            is_lower_bound: total > capped,
            removed: missing.removed,
            hidden: missing.hidden,
        }
    }
}

/// What was taken away from those that match, at most [`limits::RESULT_WINDOW`] each.
#[derive(Default)]
struct Missing {
    removed: Vec<Ordinal>,
    hidden: Vec<Ordinal>,
}

impl Missing {
    fn take(&mut self, ordinal: Ordinal, gate: &Gate<'_>) {
        if self.removed.len() < limits::RESULT_WINDOW && gate.bars(ordinal) {
            self.removed.push(ordinal);
        } else if self.hidden.len() < limits::RESULT_WINDOW && gate.hides(ordinal) {
            self.hidden.push(ordinal);
        }
    }

    /// Keeps what it has, and takes what it has nothing of from another level.
    fn or(&mut self, other: Self) {
        if self.removed.is_empty() {
            self.removed = other.removed;
        }
        if self.hidden.is_empty() {
            self.hidden = other.hidden;
        }
    }
}

/// Counts at one level after the other, until something that can be bought matches.
pub fn count(
    generation: &Generation,
    query: &LexicalQuery<'_>,
    gate: &Gate<'_>,
) -> Result<Counted> {
    if query.is_empty() {
        let mut missing = Missing::default();
        let eligible = generation.columns.ordinals().filter(|ordinal| {
            let is_hidden = gate.hides(*ordinal);
            if is_hidden {
                missing.take(*ordinal, gate);
            }
            !is_hidden && gate.allows(*ordinal)
        });
        let total = eligible.take(limits::TOTAL_COUNTED_MAX + 1).count();
        return Ok(Counted::new(MatchLevel::All, total, missing));
    }
    let mut missing = Missing::default();
    for level in MatchLevel::ALL {
        let mut total = 0;
        let mut at_level = Missing::default();
        let mut counted = |ordinal| {
            if gate.allows(ordinal) {
                total += 1;
            } else {
                at_level.take(ordinal, gate);
            }
            total <= limits::TOTAL_COUNTED_MAX
        };
        generation
            .lexical
            .matching(query, level)
            .each(&mut counted)?;
        missing.or(at_level);
        if total > 0 {
            return Ok(Counted::new(level, total, missing));
        }
    }
    Ok(Counted::new(MatchLevel::Any, 0, missing))
}

/// What the restrictions took away, rule by rule.
pub fn removed_by(
    generation: &Generation,
    removed: &[Ordinal],
    market: Market,
) -> Vec<v1::RemovedByPolicy> {
    let now = clock::now_seconds();
    let mut by_rule: Vec<v1::RemovedByPolicy> = Vec::new();
    for ordinal in removed {
        let Some(row) = generation.columns.row(*ordinal) else {
            continue;
        };
        let hot = generation.columns.hot(*ordinal);
        for rule in generation
            .columns
            .policy
            .rules_on(&hot, row, market.ship_to, now)
        {
            match by_rule
                .iter_mut()
                .find(|known| known.restriction == rule.id)
            {
                Some(known) => known.count += 1,
                None => by_rule.push(v1::RemovedByPolicy {
                    restriction: rule.id.clone(),
                    reason: rule.reason.clone(),
                    count: 1,
                }),
            }
        }
    }
    by_rule
}
