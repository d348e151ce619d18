//! Which experiments must stop.

use std::{collections::BTreeMap, sync::Arc};

use super::Indexer;
use crate::behaviour::BehaviourSnapshot;

impl Indexer {
    /// Experiments that do harm, and which. A function of the events alone: a restart comes to the same.
    pub(super) fn stopped_experiments(
        &self,
        behaviour: &BehaviourSnapshot,
    ) -> Arc<BTreeMap<String, String>> {
        let mut stopped = BTreeMap::new();
        for region in self.configuration.experiments.iter() {
            let experiments = region.layers.iter().flat_map(|layer| &layer.experiments);
            for experiment in experiments.filter(|experiment| !experiment.guards.is_empty()) {
                let counts = |arm: &str| behaviour.arm(&experiment.id, arm);
                if let Some(reason) = experiment.stopped_by(&counts) {
                    stopped.insert(experiment.id.clone(), reason);
                }
            }
        }
        Arc::new(stopped)
    }
}
