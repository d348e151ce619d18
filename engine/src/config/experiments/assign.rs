//! Which arms a shopper is in.

use std::sync::Arc;

use super::{ArmPlace, BUCKETS, Experiment, RegionExperiments, Unit};
use crate::config::profile::RankingProfile;

/// Who asks; "" where it is not known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shopper<'a> {
    pub user_id: &'a str,
    pub session_id: &'a str,
}

/// An arm that a shopper is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    pub experiment: String,
    pub arm: String,
    /// Probability of that, 0 to 1.
    pub propensity: f64,
}

/// How a shopper is treated.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    pub profile: Arc<RankingProfile>,
    /// One a layer at most.
    pub exposures: Vec<Exposure>,
}

impl RegionExperiments {
    /// The arms of a shopper at a moment, and the profile that they make of `base`. `is_stopped`: whether guards have
    /// stopped an experiment; its shoppers are then treated as if there were none.
    pub fn assign(
        &self,
        base: &Arc<RankingProfile>,
        shopper: Shopper<'_>,
        now: i64,
        is_stopped: &dyn Fn(&str) -> bool,
    ) -> Assignment {
        let mut overlaid: Vec<ArmPlace> = Vec::new();
        let mut exposures = Vec::new();
        for (layer_place, layer) in (0..).zip(&self.layers) {
            for (place, experiment) in (0..).zip(&layer.experiments) {
                if !experiment.validity.holds(now) || is_stopped(&experiment.id) {
                    continue;
                }
                let Some(arm_place) = arm_of(&layer.id, experiment, shopper) else {
                    continue;
                };
                let arm = &experiment.arms[arm_place];
                exposures.push(Exposure {
                    experiment: experiment.id.clone(),
                    arm: arm.id.clone(),
                    propensity: arm.propensity(),
                });
                if arm.overlay.is_some() {
                    overlaid.push((layer_place, place, arm_place as u16));
                }
                // Buckets of a layer belong to one experiment; users and sessions, though, are counted apart.
                break;
            }
        }
        let profile = self.profiles.get(&overlaid).unwrap_or(base).clone();
        Assignment { profile, exposures }
    }

    /// The profile of one arm alone, by the ids of experiment and arm: `base` when it lays nothing over it. `None`: there
    /// is no such arm.
    pub fn profile_of(
        &self,
        base: &Arc<RankingProfile>,
        (experiment, arm): (&str, &str),
    ) -> Option<Arc<RankingProfile>> {
        for (layer_place, layer) in (0..).zip(&self.layers) {
            for (place, found) in (0..).zip(&layer.experiments) {
                if found.id != experiment {
                    continue;
                }
                let arm_place = found.arms.iter().position(|known| known.id == arm)?;
                let key = vec![(layer_place, place, arm_place as u16)];
                return Some(self.profiles.get(&key).unwrap_or(base).clone());
            }
        }
        None
    }
}

fn arm_of(layer: &str, experiment: &Experiment, shopper: Shopper<'_>) -> Option<usize> {
    let unit = match experiment.unit {
        Unit::User => shopper.user_id,
        Unit::Session => shopper.session_id,
    };
    if unit.is_empty() {
        return None;
    }
    let bucket = bucket(layer, unit);
    let mut arms = experiment.arms.iter();
    arms.position(|arm| arm.buckets.contains(&bucket))
}

/// The bucket of a shopper in a layer: the same on every node and for ever.
pub(super) fn bucket(layer: &str, unit: &str) -> u32 {
    let mut hash = blake3::Hasher::new();
    hash.update(layer.as_bytes())
        .update(&[0])
        .update(unit.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.finalize().as_bytes()[..8]);
    (u64::from_le_bytes(first) % u64::from(BUCKETS)) as u32
}
