//! What happened in each arm of each experiment.

use rustc_hash::FxHashMap;
use sampan_proto::v1;

use crate::config::experiments::ArmCounts;

/// Arms counted; those of later experiments are not, and their guards stay silent. About 100 bytes each.
const ARMS_MAX: usize = 4_096;

/// Counts by experiment and arm.
#[derive(Debug, Clone, Default)]
pub struct ArmCountsByName(FxHashMap<(Box<str>, Box<str>), ArmCounts>);

impl ArmCountsByName {
    pub fn of(&self, experiment: &str, arm: &str) -> ArmCounts {
        let key = (experiment.into(), arm.into());
        self.0.get(&key).copied().unwrap_or_default()
    }

    /// Counts an event in every arm that it happened in.
    pub fn count(&mut self, exposures: &[v1::Exposure], kind: v1::EventKind) {
        for exposure in exposures {
            let key = (
                exposure.experiment.as_str().into(),
                exposure.arm.as_str().into(),
            );
            if self.0.len() < ARMS_MAX || self.0.contains_key(&key) {
                self.0.entry(key).or_default().add(kind);
            }
        }
    }
}
