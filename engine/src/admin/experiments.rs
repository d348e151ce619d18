//! Experiments for operators: what a change of them does, and how they fare.

use sampan_proto::v1;

use crate::{
    base::clock,
    config::{
        Configuration,
        experiments::{Experiment, Layer},
    },
    index::generation::Generation,
};

/// What a document of experiments changes, region by region.
pub fn changes(before: &Configuration, after: &Configuration) -> Vec<String> {
    let mut effects = Vec::new();
    for (index, region) in after.regions.iter() {
        let (old, new) = (before.experiments.of(index), after.experiments.of(index));
        let all = |layers: &[Layer]| -> Vec<Experiment> {
            layers
                .iter()
                .flat_map(|layer| layer.experiments.clone())
                .collect()
        };
        let (old, new) = (all(&old.layers), all(&new.layers));
        let find = |list: &[Experiment], id: &str| list.iter().position(|known| known.id == id);
        for experiment in &new {
            let change = match find(&old, &experiment.id) {
                None => "begins",
                Some(place) if old[place] != *experiment => "changes",
                Some(_) => continue,
            };
            let arms = experiment.arms.iter();
            let shares = arms.map(|arm| format!("{} {:.2} %", arm.id, arm.propensity() * 100.0));
            let shares: Vec<String> = shares.collect();
            let id = &experiment.id;
            effects.push(format!(
                "{}: {id} {change}: {}",
                region.code,
                shares.join(", ")
            ));
        }
        let gone = old.iter().filter(|known| find(&new, &known.id).is_none());
        effects.extend(gone.map(|known| format!("{}: {} ends", region.code, known.id)));
    }
    effects
}

/// How each experiment of each region fares; those of `common` are told once.
pub fn status(generation: &Generation) -> Vec<v1::ExperimentStatus> {
    let configuration = &generation.configuration;
    let mut told: Vec<v1::ExperimentStatus> = Vec::new();
    for (index, region) in configuration.regions.iter() {
        for layer in &configuration.experiments.of(index).layers {
            for experiment in &layer.experiments {
                match told
                    .iter_mut()
                    .find(|known| known.experiment == experiment.id)
                {
                    // A region's own ids are its own: what a second region has is everybody's.
                    Some(known) => known.region = "common".to_owned(),
                    None => told.push(status_of(generation, layer, experiment, &region.code)),
                }
            }
        }
    }
    told
}

fn status_of(
    generation: &Generation,
    layer: &Layer,
    experiment: &Experiment,
    region: &str,
) -> v1::ExperimentStatus {
    let now = clock::now_seconds();
    let stopped = generation.stopped.get(&experiment.id);
    let state = match stopped {
        Some(_) => "stopped",
        None if experiment.validity.holds(now) => "running",
        None if experiment.validity.from.is_some_and(|from| now < from) => "waiting",
        None => "ended",
    };
    let arms = experiment.arms.iter().map(|arm| {
        let counts = generation.behaviour.arm(&experiment.id, &arm.id);
        v1::ArmStatus {
            arm: arm.id.clone(),
            propensity: arm.propensity(),
            impressions: counts.impressions,
            clicks: counts.clicks,
            carts: counts.carts,
            orders: counts.orders,
            dislikes: counts.dislikes,
        }
    });
    v1::ExperimentStatus {
        experiment: experiment.id.clone(),
        layer: layer.id.clone(),
        region: region.to_owned(),
        state: state.to_owned(),
        reason: stopped.cloned().unwrap_or_default(),
        arms: arms.collect(),
    }
}
