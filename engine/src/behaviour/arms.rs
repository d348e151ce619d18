//! What happened in each arm of each experiment.

use std::collections::BTreeMap;

use sampan_proto::v1;

use crate::config::experiments::ArmCounts;

/// Arms counted, about 100 bytes each: the first by name. Others are not, and their guards stay silent.
const ARMS_MAX: usize = 4_096;

/// Counts by experiment and arm.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ArmCountsByName(BTreeMap<(Box<str>, Box<str>), ArmCounts>);

impl ArmCountsByName {
    pub fn of(&self, experiment: &str, arm: &str) -> ArmCounts {
        let key = (experiment.into(), arm.into());
        self.0.get(&key).copied().unwrap_or_default()
    }

    /// Counts an event in every arm that it happened in; `by`: 1, or −1 for one that is erased.
    pub fn count(&mut self, exposures: &[v1::Exposure], kind: v1::EventKind, by: i64) {
        for exposure in exposures {
            let key = (
                exposure.experiment.as_str().into(),
                exposure.arm.as_str().into(),
            );
            self.0.entry(key).or_default().add(kind, by);
        }
        // The last by name give way, and never come back: counts do not follow the order in which events come.
        while self.0.len() > ARMS_MAX {
            self.0.pop_last();
        }
    }
}
