//! How a shopper is treated: the profile that ranks for him, and the experiments that he is in.

use std::sync::Arc;

use sampan_proto::v1;

use crate::{
    base::{
        clock,
        error::{Result, SampanError},
        region::RegionIndex,
    },
    config::{
        experiments::{Assignment, Exposure, Shopper},
        profile::RankingProfile,
    },
    index::generation::Generation,
};

/// The first arm of an experiment and another one, with the profiles that they rank by.
pub type Teams = [(String, Arc<RankingProfile>); 2];

/// The treatment of a shopper of a region.
pub fn treatment(
    generation: &Generation,
    region: RegionIndex,
    user: &v1::UserContext,
) -> Assignment {
    let who = (user.user_id.as_str(), user.session_id.as_str());
    let assigned = assigned(generation, region, who, clock::now_seconds());
    if !assigned.exposures.is_empty() {
        // Arms are compared as they are configured: none is steered.
        return assigned;
    }
    Assignment {
        profile: generation.profiles[region.0 as usize].clone(),
        ..assigned
    }
}

/// Tells events that do not say so themselves which experiments they happened in.
pub fn note_exposures(generation: &Generation, events: &mut [v1::Event]) {
    let silent = events.iter_mut().filter(|event| event.exposures.is_empty());
    for event in silent {
        let Some(region) = generation.configuration.regions.find(&event.region) else {
            continue;
        };
        let seconds = event.time.as_ref().map(|time| time.seconds);
        let who = (event.user_id.as_str(), event.session_id.as_str());
        let at = seconds.unwrap_or_else(clock::now_seconds);
        event.exposures = exposures(&assigned(generation, region, who, at).exposures);
    }
}

fn assigned(
    generation: &Generation,
    region: RegionIndex,
    (user_id, session_id): (&str, &str),
    at: i64,
) -> Assignment {
    let configuration = &generation.configuration;
    let shopper = Shopper {
        user_id,
        session_id,
    };
    let is_stopped = |experiment: &str| generation.stopped.contains_key(experiment);
    let base = configuration.profile(region);
    let experiments = configuration.experiments.of(region);
    experiments.assign(base, shopper, at, &is_stopped)
}

/// The profiles of two arms, the first of the experiment and the one that was asked for.
pub fn rivals(
    generation: &Generation,
    region: RegionIndex,
    asked: &v1::Interleave,
) -> Result<Teams> {
    let configuration = &generation.configuration;
    let experiments = configuration.experiments.of(region);
    let all = experiments
        .layers
        .iter()
        .flat_map(|layer| &layer.experiments);
    let mut all = all.filter(|experiment| experiment.id == asked.experiment);
    let first = all.next().and_then(|experiment| experiment.arms.first());
    let first = first.ok_or_else(|| {
        let reason = format!(
            "there is no experiment {:?} in the region",
            asked.experiment
        );
        SampanError::invalid("interleave.experiment", reason)
    })?;
    let base = configuration.profile(region);
    let profile = |arm: &str| experiments.profile_of(base, (&asked.experiment, arm));
    match (profile(&first.id), profile(&asked.arm)) {
        (Some(of_first), Some(of_asked)) if first.id != asked.arm => {
            Ok([(first.id.clone(), of_first), (asked.arm.clone(), of_asked)])
        }
        _ => {
            let reason = format!("must be an arm of {:?}, not the first", asked.experiment);
            Err(SampanError::invalid("interleave.arm", reason))
        }
    }
}

/// Exposures as the contract tells them.
pub fn exposures(exposures: &[Exposure]) -> Vec<v1::Exposure> {
    let told = exposures.iter().map(|exposure| v1::Exposure {
        experiment: exposure.experiment.clone(),
        arm: exposure.arm.clone(),
        propensity: exposure.propensity,
    });
    told.collect()
}
