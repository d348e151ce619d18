//! Estimators of what an impression earns under the plan.
//!
//! - IPS: mean of weight × reward (Horvitz and Thompson 1952).
//! - SNIPS: Σ weight × reward ÷ Σ weight (Swaminathan and Joachims, "The self-normalized estimator for counterfactual
//!   learning", NIPS 2015).
//! - Clipped IPS: weights above a bound count as the bound (Bottou et al., "Counterfactual reasoning and learning
//!   systems", JMLR 2013). The bound is the lowest whose bias is about 0.15 standard errors at most (of the estimate, and
//!   of its difference from the log), with which an interval of 95 % still holds the truth in 94.7 of 100 logs.
//! - Direct: mean of what a model of rewards expects of the plan. The model has a mean for each context × place × item,
//!   so that it errs by chance only where the contexts tell all that the log's ranking went by.
//! - Doubly robust: direct plus the weighted error of the model, which is learnt from other units than those that it is
//!   asked about (Dudík, Langford and Li, ICML 2011; cross-fitting: Chernozhukov et al., The Econometrics Journal 2018).
//!
//! Intervals are of the influence function: normal, with the impressions of one unit taken together.

use std::collections::HashMap;

use super::{
    data::{Impression, LoggedData},
    estimate::Linear,
    reward_model::{RewardModel, SHRINKAGE},
};

/// Parts that the units are dealt to for cross-fitting.
const FOLDS: u32 = 5;
/// Most that clipping may bend the estimate, in standard errors.
const CLIPPING_BIAS_MAX: f64 = 0.15;
/// Each bound that is tried, of the one before.
const CLIPPING_STEP: f64 = 0.9;

/// What the log earned.
pub fn logged(data: &LoggedData) -> Linear {
    Linear::mean(data.impressions.iter().map(|its| its.reward).collect())
}

/// Inverse propensity scores.
pub fn ips(data: &LoggedData) -> Linear {
    clipped_at(data, f64::INFINITY)
}

/// Inverse propensity scores, brought to a sum of 1.
pub fn snips(data: &LoggedData) -> Linear {
    let terms = data.impressions.iter();
    Linear::weighted_mean(terms.map(|its| (its.weight(), its.reward)))
}

/// Inverse propensity scores up to a bound.
pub fn clipped_at(data: &LoggedData, bound: f64) -> Linear {
    let terms = data.impressions.iter();
    Linear::mean(
        terms
            .map(|its| its.weight().min(bound) * its.reward)
            .collect(),
    )
}

/// Clipped IPS and its bound.
pub fn clipped(data: &LoggedData, units: &[u32]) -> (Linear, f64) {
    let weights = data.impressions.iter().map(Impression::weight);
    let mut bound = weights.clone().fold(0.0, f64::max);
    let usual = snips(data).value.abs();
    let logged = logged(data);
    let mut best = (ips(data), bound);
    while bound > 1.0 {
        bound *= CLIPPING_STEP;
        let over: f64 = weights
            .clone()
            .map(|weight| (weight - bound).max(0.0))
            .sum();
        let bias = over / data.impressions.len() as f64 * usual;
        let clipped = clipped_at(data, bound);
        let of_value = clipped.standard_error(units, data.units);
        let of_effect = clipped.minus(&logged).standard_error(units, data.units);
        if bias > CLIPPING_BIAS_MAX * of_value.min(of_effect) {
            break;
        }
        best = (clipped, bound);
    }
    best
}

/// What a model of the whole log expects of the plan.
pub fn direct(data: &LoggedData) -> Linear {
    let model = RewardModel::learn(data, data.impressions.iter(), 0.0);
    let expected = expected_by_situation(data, &model);
    let planned = planned_by_cell(data);
    let value = data
        .impressions
        .iter()
        .map(|its| expected[its.situation as usize])
        .sum::<f64>()
        / data.impressions.len() as f64;
    let influence = |its: &Impression| {
        let (situation, _) = data.place_of(its);
        let (context, position) = (situation.context, situation.position);
        let seen = model.seen(context, position, its.item);
        // A reward is nearer to a mean that it is a part of than to the truth; this makes up for it (MacKinnon and White
        // 1985, HC2).
        let error = if seen > 1.0 {
            let nearer = (seen / (seen - 1.0)).sqrt();
            (its.reward - model.expected(context, position, its.item)) * nearer
        } else {
            its.reward - model.coarser(position, its.item)
        };
        let mass = planned
            .get(&(context, position, its.item))
            .copied()
            .unwrap_or_default();
        expected[its.situation as usize] - value + mass / seen * error
    };
    Linear {
        value,
        influence: data.impressions.iter().map(influence).collect(),
    }
}

/// Direct, its model's errors weighted in.
pub fn doubly_robust(data: &LoggedData) -> Linear {
    let mut terms = vec![0.0; data.impressions.len()];
    for fold in 0..FOLDS {
        let others = data
            .impressions
            .iter()
            .filter(|its| its.unit % FOLDS != fold);
        let model = RewardModel::learn(data, others, SHRINKAGE);
        let expected = expected_by_situation(data, &model);
        for (term, its) in terms.iter_mut().zip(&data.impressions) {
            if its.unit % FOLDS == fold {
                let (situation, _) = data.place_of(its);
                let error =
                    its.reward - model.expected(situation.context, situation.position, its.item);
                *term = expected[its.situation as usize] + its.weight() * error;
            }
        }
    }
    Linear::mean(terms)
}

fn expected_by_situation(data: &LoggedData, model: &RewardModel) -> Vec<f64> {
    let situations = data.situations.iter();
    situations
        .map(|its| model.expected_of_choice(*its, &data.choices[its.choice as usize]))
        .collect()
}

/// Impressions that the plan would give each context × place × item of the log.
fn planned_by_cell(data: &LoggedData) -> HashMap<(u32, u32, u32), f64> {
    let mut arisen = vec![0.0; data.situations.len()];
    for its in &data.impressions {
        arisen[its.situation as usize] += 1.0;
    }
    let mut planned = HashMap::new();
    for (situation, arisen) in data.situations.iter().zip(arisen) {
        for (item, probability) in &data.choices[situation.choice as usize] {
            let cell = (situation.context, situation.position, *item);
            *planned.entry(cell).or_default() += probability * arisen;
        }
    }
    planned
}
