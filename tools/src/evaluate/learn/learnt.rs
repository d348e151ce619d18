//! From a plan to a profile, and what it is worth.

use std::{collections::HashMap, path::Path};

use sampan_analyzers::{Analyzer, DictionaryFiles};
use toml::Value;

use super::{
    ascent::{Choice, climb},
    plan::LearnPlan,
    profile_text,
    trial::{Half, Trials},
};
use crate::evaluate::metrics::Measure;

/// A learnt profile beside the one that was in force.
#[derive(Debug, serde::Serialize)]
pub struct Learnt {
    pub region: String,
    pub keys: Vec<LearntKey>,
    pub sets: Vec<SetFigures>,
    /// Profiles that were measured.
    pub trials: usize,
    /// On queries that no choice has seen, the weighted sum is higher and no set loses more than it may.
    pub holds: bool,
    /// The region's profile with the learnt numbers, as a document of it.
    pub profile: String,
}

/// A key and its number.
#[derive(Debug, serde::Serialize)]
pub struct LearntKey {
    pub key: String,
    pub before: Value,
    pub after: Value,
}

/// A set's measure before and after, on each half of its queries.
#[derive(Debug, serde::Serialize)]
pub struct SetFigures {
    pub name: String,
    pub measure: Measure,
    pub weight: f64,
    pub loss_max: f64,
    /// Queries of the half that was learnt from, and of the one held out.
    pub queries: [usize; 2],
    pub learning: [f64; 2],
    pub held_out: [f64; 2],
}

impl SetFigures {
    fn keeps(&self, [before, after]: [f64; 2]) -> bool {
        after >= before - self.loss_max
    }
}

/// A key with the values that are tried; the one in force is among them.
struct Candidates<'p> {
    key: &'p str,
    values: Vec<Value>,
    in_force: usize,
}

/// Learns what a plan asks for. `progress` is told of each trial.
///
/// # Errors
/// A file cannot be used, a key is none of a profile's, or a node refuses a profile.
pub fn learn(
    plan: &LearnPlan,
    files: &DictionaryFiles,
    dictionaries: Option<&Path>,
    model: Option<&Path>,
    mut progress: impl FnMut(usize),
) -> anyhow::Result<Learnt> {
    let candidates = candidates(plan, files)?;
    let analyzer = Analyzer::build(files)?;
    let trials = Trials::prepare(plan, dictionaries, model, &analyzer)?;
    let profile = |choice: &Choice| {
        let chosen = candidates.iter().zip(choice);
        let numbers: Vec<(&str, &Value)> = chosen
            .map(|(candidate, place)| (candidate.key, &candidate.values[*place]))
            .collect();
        profile_text::with_numbers(files, &plan.region, &numbers)
    };
    let mut known: HashMap<Choice, Vec<f64>> = HashMap::new();
    let mut measured = |choice: &Choice| -> anyhow::Result<Vec<f64>> {
        if let Some(figures) = known.get(choice) {
            return Ok(figures.clone());
        }
        trials.put(&profile(choice)?)?;
        let figures = trials.measure(Half::Learning)?;
        known.insert(choice.clone(), figures.clone());
        progress(known.len());
        Ok(figures)
    };
    let start: Choice = candidates.iter().map(|of_key| of_key.in_force).collect();
    let before = measured(&start)?;
    let counts: Vec<usize> = candidates
        .iter()
        .map(|of_key| of_key.values.len())
        .collect();
    let best = climb(&counts, start.clone(), plan.rounds, |choice| {
        let after = measured(choice)?;
        let mut sets = plan.sets.iter().zip(before.iter().zip(&after));
        let keeps = sets.all(|(set, (before, after))| *after >= before - set.loss_max);
        Ok(keeps.then(|| weighted(plan, &after)))
    })?;
    let after = measured(&best)?;
    let held_out = |choice: &Choice| {
        trials.put(&profile(choice)?)?;
        trials.measure(Half::HeldOut)
    };
    let (held_before, held_after) = (held_out(&start)?, held_out(&best)?);
    let queries = [Half::Learning, Half::HeldOut].map(|half| trials.queries(half));
    let sets: Vec<SetFigures> = plan
        .sets
        .iter()
        .enumerate()
        .map(|(at, set)| SetFigures {
            name: set.name.clone(),
            measure: set.measure,
            weight: set.weight,
            loss_max: set.loss_max,
            queries: [queries[0][at], queries[1][at]],
            learning: [before[at], after[at]],
            held_out: [held_before[at], held_after[at]],
        })
        .collect();
    let gains = weighted(plan, &held_after) > weighted(plan, &held_before);
    Ok(Learnt {
        region: plan.region.clone(),
        holds: gains && sets.iter().all(|set| set.keeps(set.held_out)),
        keys: candidates
            .iter()
            .zip(&best)
            .map(|(of_key, place)| LearntKey {
                key: of_key.key.to_owned(),
                before: of_key.values[of_key.in_force].clone(),
                after: of_key.values[*place].clone(),
            })
            .collect(),
        sets,
        trials: known.len(),
        profile: profile(&best)?,
    })
}

fn candidates<'p>(
    plan: &'p LearnPlan,
    files: &DictionaryFiles,
) -> anyhow::Result<Vec<Candidates<'p>>> {
    let keys = plan.values().into_iter().map(|(key, values)| {
        let number = profile_text::number(files, &plan.region, key)?;
        let mut values = values.to_vec();
        let same = |value: &Value| as_real(value) == as_real(&number);
        let in_force = values.iter().position(same).unwrap_or_else(|| {
            values.push(number.clone());
            values.len() - 1
        });
        Ok(Candidates {
            key,
            values,
            in_force,
        })
    });
    keys.collect()
}

fn as_real(value: &Value) -> Option<f64> {
    value
        .as_float()
        .or_else(|| value.as_integer().map(|number| number as f64))
}

fn weighted(plan: &LearnPlan, figures: &[f64]) -> f64 {
    let sets = plan.sets.iter().zip(figures);
    sets.map(|(set, figure)| set.weight * figure).sum()
}
