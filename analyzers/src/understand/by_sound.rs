//! Units that were typed by sound: the typed letters first, the terms that they may mean beside them.

use super::{MAX_ALTERNATIVES, Understanding, scored_terms};
use crate::plan::{Alternative, Edit, Unit};
use crate::rewrite::REGION_TERM;
use crate::sound::listen::{Candidate, Heard};
use crate::tokens::chain::Analysis;

impl Understanding<'_> {
    /// Places of the query that were typed by sound or on a wrong layout.
    pub(super) fn listen(&self, text: &str, analysis: &Analysis) -> Vec<Heard> {
        let region = self.region.map(|region| &region.region);
        let is_on = |rule: &str| self.is_on(rule);
        self.sounds.listen(
            (text, analysis),
            region,
            self.catalog,
            &self.chain.table,
            &is_on,
        )
    }

    /// None when the typed characters hold nothing that an item could be asked for.
    pub(super) fn unit_by_sound(
        &self,
        analysis: &Analysis,
        heard: Heard,
        edits: &mut Vec<Edit>,
    ) -> Option<Unit> {
        let mut unit = self.unit(analysis, heard.range, edits)?;
        let others = unit.alternatives.split_off(1);
        let room = MAX_ALTERNATIVES - others.len().min(MAX_ALTERNATIVES - 1) - 1;
        for candidate in heard.candidates.iter().take(room) {
            self.add_candidate(candidate, &mut unit, edits);
        }
        unit.alternatives.extend(others);
        if let Some(best) = heard.candidates.first().filter(|_| self.is_on(REGION_TERM)) {
            let source = unit.source.clone();
            let alternatives = &mut unit.alternatives;
            self.add_regional(&best.text, &source, best.weight, alternatives, edits);
        }
        Some(unit)
    }

    fn add_candidate(&self, candidate: &Candidate, unit: &mut Unit, edits: &mut Vec<Edit>) {
        let analysis = self.chain.analyse(&candidate.text);
        let required = self.required_in(&analysis, 0..analysis.canonical.len());
        if required.is_empty() {
            return;
        }
        edits.push(Edit {
            rule: candidate.rule,
            source: unit.source.clone(),
            target: candidate.text.clone(),
            weight: candidate.weight,
            region: String::new(),
        });
        unit.alternatives.push(Alternative {
            text: candidate.text.clone(),
            terms: scored_terms(self.chain, &analysis, candidate.weight),
            required,
            weight: candidate.weight,
            edit: Some(edits.len() - 1),
        });
    }
}
