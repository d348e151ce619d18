//! How often each rewrite rule changes queries. Lock-free: one pair of counters a rule, in the order of the registry.

use std::sync::atomic::{AtomicU64, Ordering};

use sampan_analyzers::RULES;
use sampan_proto::v1;

/// What one rule has done since the node started.
#[derive(Default)]
struct Counter {
    queries: AtomicU64,
    edits: AtomicU64,
}

/// Counters of all rules.
pub struct RewriteCounters(Box<[Counter]>);

impl Default for RewriteCounters {
    fn default() -> Self {
        Self(RULES.iter().map(|_| Counter::default()).collect())
    }
}

impl RewriteCounters {
    /// Counts what was done to one query.
    pub fn count(&self, rewrites: &[v1::Rewrite]) {
        if rewrites.is_empty() {
            return;
        }
        for (rule, counter) in RULES.iter().zip(&self.0) {
            let edits = rewrites.iter().filter(|edit| edit.rule == rule.id).count();
            if edits > 0 {
                // Counters stand alone: nothing is read by their order.
                counter.queries.fetch_add(1, Ordering::Relaxed);
                counter.edits.fetch_add(edits as u64, Ordering::Relaxed);
            }
        }
    }

    /// Of every rule, those that never acted included.
    pub fn status(&self) -> Vec<v1::RuleStatus> {
        let counted = RULES.iter().zip(&self.0);
        counted
            .map(|(rule, counter)| v1::RuleStatus {
                rule: rule.id.to_owned(),
                description: rule.description.to_owned(),
                queries: counter.queries.load(Ordering::Relaxed),
                edits: counter.edits.load(Ordering::Relaxed),
            })
            .collect()
    }
}
