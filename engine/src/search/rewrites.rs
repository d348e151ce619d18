//! How often each rewrite rule changes queries. Lock-free: one pair of counters a rule, in the order of the registry.

use std::sync::atomic::{AtomicU64, Ordering};

use sampan_analyzers::RULES;
use sampan_proto::v1;

use crate::flow::merchandise::{FAMILY, FAMILY_DESCRIPTION};

/// What one rule has done since the node started.
#[derive(Default)]
struct Counter {
    queries: AtomicU64,
    edits: AtomicU64,
}

/// Id and description of every rule; those of merchandisers count as one.
fn registry() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rules = RULES.iter().map(|rule| (rule.id, rule.description));
    rules.chain([(FAMILY, FAMILY_DESCRIPTION)])
}

/// Counters of all rules.
pub struct RewriteCounters(Box<[Counter]>);

impl Default for RewriteCounters {
    fn default() -> Self {
        Self(registry().map(|_| Counter::default()).collect())
    }
}

impl RewriteCounters {
    /// Counts what was done to one query.
    pub fn count(&self, rewrites: &[v1::Rewrite]) {
        if rewrites.is_empty() {
            return;
        }
        for ((id, _), counter) in registry().zip(&self.0) {
            let is_of = |edit: &&v1::Rewrite| family(&edit.rule) == id;
            let edits = rewrites.iter().filter(is_of).count();
            if edits > 0 {
                // Counters stand alone: nothing is read by their order.
                counter.queries.fetch_add(1, Ordering::Relaxed);
                counter.edits.fetch_add(edits as u64, Ordering::Relaxed);
            }
        }
    }

    /// Of every rule, those that never acted included.
    pub fn status(&self) -> Vec<v1::RuleStatus> {
        let counted = registry().zip(&self.0);
        counted
            .map(|((id, description), counter)| v1::RuleStatus {
                rule: id.to_owned(),
                description: description.to_owned(),
                queries: counter.queries.load(Ordering::Relaxed),
                edits: counter.edits.load(Ordering::Relaxed),
            })
            .collect()
    }
}

/// What a rule is counted under.
fn family(rule: &str) -> &str {
    match rule.split_once('.') {
        Some((FAMILY, _)) => FAMILY,
        _ => rule,
    }
}
