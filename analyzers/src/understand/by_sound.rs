//! What was typed by sound: the typed letters first, the terms that they may mean beside them.

use super::Understanding;
use super::alternatives::{Alternatives, Proposal};
use super::by_spelling::Rival;
use super::terms::{required_terms, scored_terms};
use crate::sound::listen::Candidate;
use crate::tokens::analysis::Analysis;

impl Understanding<'_> {
    /// Places of the query that were typed by sound or on a wrong layout.
    pub(super) fn listen(&self, text: &str, analysis: &Analysis) -> Vec<Rival> {
        let region = self.region.map(|region| &region.region);
        let is_on = |rule: &str| self.is_on(rule);
        let heard = self.sounds.listen(
            (text, analysis),
            region,
            self.catalog,
            &self.chain.table,
            &is_on,
        );
        let rivals = heard.into_iter().map(|heard| Rival {
            range: heard.range,
            candidates: heard.candidates,
        });
        rivals.collect()
    }

    pub(super) fn add_heard(&self, heard: &[Candidate], alternatives: &mut Alternatives<'_>) {
        for candidate in heard {
            let analysis = self.chain.analyse(&candidate.text);
            alternatives.add(Proposal {
                rule: candidate.rule,
                text: candidate.text.clone(),
                terms: scored_terms(self.chain, &analysis, candidate.weight),
                required: required_terms(self.chain, &analysis, 0..analysis.length()),
                weight: candidate.weight,
                region: String::new(),
            });
        }
    }
}
