//! Experiments, as `experiments.toml` states them: which shoppers are ranked otherwise, and when that is stopped.
//!
//! A *layer* divides all shoppers into [`BUCKETS`] by a hash of its id and the shopper's (Tang et al., "Overlapping
//! Experiment Infrastructure", KDD 2010): a shopper is in one experiment of a layer at most, and what he gets in one
//! layer says nothing about the others. An experiment's *arms* take consecutive buckets, in the order of the file, so
//! that an experiment added at the end moves nobody.

mod assign;
mod guard;
mod read;
#[cfg(test)]
mod tests;

use std::{ops::Range, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    profile::{Overlay, RankingProfile},
    validity::Validity,
};
use crate::base::{limits, region::RegionIndex};
pub use assign::{Assignment, Exposure, Shopper};
pub use guard::{ArmCounts, Guard, Metric};
pub use read::{FILE, read};

/// Buckets of a layer: shares are counted in hundredths of a percent.
pub const BUCKETS: u32 = 10_000;

/// Layers of a region; a request is in one experiment of each at most.
pub const LAYERS_MAX: usize = limits::EXPOSURES_MAX;

/// Profiles that the arms of a region's layers combine to; all are read and checked beforehand.
pub const PROFILES_MAX: usize = 256;

/// Who stays the same over an experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    #[default]
    User,
    Session,
}

/// A way to treat some shoppers.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    pub id: String,
    /// Buckets of the layer that it takes.
    pub buckets: Range<u32>,
    /// What it lays over the region's profile.
    pub overlay: Option<Overlay>,
}

impl Arm {
    /// Probability with which a shopper is in it, 0 to 1.
    pub fn propensity(&self) -> f64 {
        f64::from(self.buckets.end - self.buckets.start) / f64::from(BUCKETS)
    }
}

/// A comparison of arms; the first one is what the others are compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    pub id: String,
    pub unit: Unit,
    /// When it runs.
    pub validity: Validity,
    pub arms: Vec<Arm>,
    pub guards: Vec<Guard>,
}

impl Experiment {
    /// Why its guards stop it; `None` while none does. `counts`: what is known of an arm.
    pub fn stopped_by(&self, counts: &dyn Fn(&str) -> ArmCounts) -> Option<String> {
        let (control, others) = self.arms.split_first()?;
        let control = counts(&control.id);
        others.iter().find_map(|arm| {
            let of_arm = counts(&arm.id);
            let breach = |guard: &Guard| guard.breached_by(&control, &of_arm);
            let breach = self.guards.iter().find_map(breach)?;
            Some(format!("arm {}: {breach}", arm.id))
        })
    }
}

/// Experiments that share shoppers out.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    pub id: String,
    pub experiments: Vec<Experiment>,
}

/// The experiments of a region.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegionExperiments {
    pub layers: Vec<Layer>,
    /// By the arms that lay something over the profile: their places, layer by layer.
    profiles: FxHashMap<Vec<ArmPlace>, Arc<RankingProfile>>,
}

impl RegionExperiments {
    /// The profiles that its arms make.
    pub fn profiles(&self) -> impl Iterator<Item = &Arc<RankingProfile>> {
        self.profiles.values()
    }
}

/// Where an arm stands: layer, experiment, arm.
type ArmPlace = (u8, u16, u16);

/// The experiments of all regions, by region index.
#[derive(Debug, Default)]
pub struct Experiments(Vec<RegionExperiments>);

impl Experiments {
    pub fn of(&self, region: RegionIndex) -> &RegionExperiments {
        &self.0[region.0 as usize]
    }

    /// All regions' experiments, in the order of the regions.
    pub fn iter(&self) -> impl Iterator<Item = &RegionExperiments> {
        self.0.iter()
    }
}
