//! Whether a log can say anything of a plan, and when it is refused.

use serde::Serialize;

use super::{data::LoggedData, estimate::Linear, reward_model::RewardModel};

/// Fewest units: below, a normal interval is too narrow.
pub const UNITS_MIN: usize = 100;
/// Smallest effective number of units: (Σ weight)² ÷ Σ weight², weights added up by unit. Below, few units decide.
pub const EFFECTIVE_UNITS_MIN: f64 = 200.0;
/// Fewest effective rewards: the same of weight × reward, by impression. Below, the interval of a rare reward is skewed.
pub const EFFECTIVE_REWARDS_MIN: f64 = 50.0;
/// Largest share of what the plan would show that was never shown at its place, 0 to 1.
pub const NEVER_SHOWN_MAX: f64 = 0.01;
/// Largest share of what the plan would show that was never shown there in its context, for the direct method, 0 to 1.
pub const UNSEEN_CONTEXT_MAX: f64 = 0.01;
/// Farthest that the mean weight may be from 1, when it is also [`WEIGHT_MEAN_ERRORS`] standard errors away.
pub const WEIGHT_MEAN_OFF_MAX: f64 = 0.02;
/// See [`WEIGHT_MEAN_OFF_MAX`].
pub const WEIGHT_MEAN_ERRORS: f64 = 3.0;
/// Farthest that the direct method may be from doubly robust, in standard errors of the difference.
pub const MODEL_OFF_ERRORS_MAX: f64 = 3.0;

/// What the log holds of what the plan would show.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Support {
    pub impressions: usize,
    pub lists: usize,
    pub units: usize,
    /// Mean weight of an impression; about 1 when the log can answer.
    pub mean_weight: f64,
    pub largest_weight: f64,
    /// See [`EFFECTIVE_UNITS_MIN`], of impressions.
    pub effective_units: f64,
    /// See [`EFFECTIVE_REWARDS_MIN`].
    pub effective_rewards: f64,
    /// See [`NEVER_SHOWN_MAX`].
    pub never_shown: f64,
    /// See [`UNSEEN_CONTEXT_MAX`].
    pub unseen_in_context: f64,
}

/// Why an estimate is refused. Figures are as in [`Support`], of the weights that the estimator uses.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    #[error("{units} units: fewer than {UNITS_MIN}")]
    FewUnits { units: usize },
    #[error(
        "{:.1} % of what the plan would show was never shown at its place; at most {:.0} % may be", share * 100.0,
        NEVER_SHOWN_MAX * 100.0
    )]
    NeverShown { share: f64 },
    #[error(
        "{:.1} % of what the plan would show was never shown there in its context; at most {:.0} % may be",
        share * 100.0, UNSEEN_CONTEXT_MAX * 100.0
    )]
    UnseenInContext { share: f64 },
    #[error(
        "the mean weight is {mean:.3}, not 1: propensities are wrong, or what the plan would show could not be shown"
    )]
    MeanWeight { mean: f64 },
    #[error(
        "as good as {units:.0} units: fewer than {EFFECTIVE_UNITS_MIN:.0}; the plan is too far from the log"
    )]
    EffectiveUnits { units: f64 },
    #[error("as good as {rewards:.0} rewards: fewer than {EFFECTIVE_REWARDS_MIN:.0}")]
    EffectiveRewards { rewards: f64 },
    #[error(
        "the model of rewards contradicts the log by {errors:.1} standard errors: it lacks a context"
    )]
    ModelContradicted { errors: f64 },
}

/// Looks at weights and at what was shown.
pub fn support(data: &LoggedData, units: &[u32]) -> Support {
    let weights: Vec<f64> = data.impressions.iter().map(|its| its.weight()).collect();
    let rewarded = data
        .impressions
        .iter()
        .zip(&weights)
        .map(|(its, weight)| weight * its.reward);
    let (never_shown, unseen_in_context) = missing(data);
    Support {
        impressions: data.impressions.len(),
        lists: data.lists,
        units: data.units,
        mean_weight: weights.iter().sum::<f64>() / weights.len() as f64,
        largest_weight: weights.iter().copied().fold(0.0, f64::max),
        effective_units: effective(&by_unit(&weights, units, data.units)),
        effective_rewards: effective(&rewarded.collect::<Vec<_>>()),
        never_shown,
        unseen_in_context,
    }
}

/// Whether an estimator that weighs may answer. `weights` and `units` by observation: impressions or lists.
///
/// # Errors
/// It may not.
pub fn check_weights(weights: &[f64], units: &[u32], support: &Support) -> Result<(), Refusal> {
    check_shown(support)?;
    let mean = Linear::mean(weights.to_vec());
    let off = (mean.value - 1.0).abs();
    let error = mean.standard_error(units, support.units);
    if off > WEIGHT_MEAN_OFF_MAX && off > WEIGHT_MEAN_ERRORS * error {
        return Err(Refusal::MeanWeight { mean: mean.value });
    }
    let effective = effective(&by_unit(weights, units, support.units));
    if effective < EFFECTIVE_UNITS_MIN {
        return Err(Refusal::EffectiveUnits { units: effective });
    }
    check_rewards(support)
}

/// Whether the direct method may answer, `beside` its difference from doubly robust and that one's standard error.
///
/// # Errors
/// It may not.
pub fn check_direct(support: &Support, beside: (f64, f64)) -> Result<(), Refusal> {
    check_shown(support)?;
    if support.unseen_in_context > UNSEEN_CONTEXT_MAX {
        return Err(Refusal::UnseenInContext {
            share: support.unseen_in_context,
        });
    }
    let errors = beside.0.abs() / beside.1;
    if errors > MODEL_OFF_ERRORS_MAX {
        return Err(Refusal::ModelContradicted { errors });
    }
    check_rewards(support)
}

fn check_shown(support: &Support) -> Result<(), Refusal> {
    if support.units < UNITS_MIN {
        return Err(Refusal::FewUnits {
            units: support.units,
        });
    }
    if support.never_shown > NEVER_SHOWN_MAX {
        return Err(Refusal::NeverShown {
            share: support.never_shown,
        });
    }
    Ok(())
}

fn check_rewards(support: &Support) -> Result<(), Refusal> {
    if support.effective_rewards < EFFECTIVE_REWARDS_MIN {
        return Err(Refusal::EffectiveRewards {
            rewards: support.effective_rewards,
        });
    }
    Ok(())
}

fn by_unit(weights: &[f64], units: &[u32], count: usize) -> Vec<f64> {
    let mut sums = vec![0.0; count];
    for (weight, unit) in weights.iter().zip(units) {
        sums[*unit as usize] += weight;
    }
    sums
}

/// How many equal weights say as much: (Σ w)² ÷ Σ w² (Kish 1965).
fn effective(weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    if squares > 0.0 {
        sum * sum / squares
    } else {
        0.0
    }
}

/// Shares of the plan that were never shown at their place, and never there in their context.
fn missing(data: &LoggedData) -> (f64, f64) {
    let model = RewardModel::learn(data, data.impressions.iter(), 0.0);
    let mut arisen = vec![0.0; data.situations.len()];
    for its in &data.impressions {
        arisen[its.situation as usize] += 1.0;
    }
    let (mut never, mut unseen) = (0.0, 0.0);
    for (situation, arisen) in data.situations.iter().zip(arisen) {
        for (item, probability) in &data.choices[situation.choice as usize] {
            let mass = probability * arisen / data.impressions.len() as f64;
            if !model.has_been_at(situation.position, *item) {
                never += mass;
            }
            if model.seen(situation.context, situation.position, *item) == 0.0 {
                unseen += mass;
            }
        }
    }
    (never, unseen)
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;
    use crate::evaluate::counterfactual::{
        estimate::Estimator,
        report::{CounterfactualReport, Outcome},
        simulator::{ITEMS, Ranking, Reading, SEGMENTS, Shop},
    };

    fn refusal(report: &CounterfactualReport, estimator: Estimator) -> Option<&Refusal> {
        match report.outcome(estimator)? {
            Outcome::Refused(refusal) => Some(refusal),
            Outcome::Estimate(_) => None,
        }
    }

    fn report(shop: &Shop, shoppers: u32, plan: &Ranking) -> CounterfactualReport {
        let visits = shop.visits(shoppers, &mut StdRng::seed_from_u64(3));
        CounterfactualReport::of(&shop.log(&visits, plan, true))
    }

    #[test]
    fn a_plan_near_the_log_is_answered() {
        let shop = Shop::new(1, Reading::ByPlace, 0.7);
        let report = report(&shop, 1_000, &shop.plan(4.0, 0.3));
        assert!(
            Estimator::ALL
                .iter()
                .all(|its| refusal(&report, *its).is_none()),
            "{report:?}"
        );
        assert!(!report.is_refused());
    }

    #[test]
    fn an_item_that_was_never_shown_is_refused_by_all() {
        let mut shop = Shop::new(1, Reading::ByPlace, 0.7);
        let plan = shop.plan(4.0, 0.3);
        for ranking in &mut shop.logging {
            let left = 1.0 - ranking[ITEMS - 1];
            ranking[ITEMS - 1] = 0.0;
            ranking.iter_mut().for_each(|its| *its /= left);
        }
        let report = report(&shop, 1_000, &plan);
        assert!(report.is_refused());
        for estimator in Estimator::ALL {
            let refused = refusal(&report, estimator);
            assert!(
                matches!(refused, Some(Refusal::NeverShown { .. })),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn an_item_that_a_segment_was_never_shown_is_refused() {
        let mut shop = Shop::new(1, Reading::ByPlace, 0.7);
        let plan = shop.plan(4.0, 0.3);
        let left = 1.0 - shop.logging[0][0];
        shop.logging[0][0] = 0.0;
        shop.logging[0].iter_mut().for_each(|its| *its /= left);
        let report = report(&shop, 2_000, &plan);
        let weighed = refusal(&report, Estimator::Ips);
        assert!(
            matches!(weighed, Some(Refusal::MeanWeight { .. })),
            "{weighed:?}"
        );
        let modelled = refusal(&report, Estimator::Direct);
        assert!(
            matches!(modelled, Some(Refusal::UnseenInContext { .. })),
            "{modelled:?}"
        );
    }

    #[test]
    fn wrong_propensities_are_refused() {
        let shop = Shop::new(1, Reading::ByPlace, 0.7);
        let visits = shop.visits(1_000, &mut StdRng::seed_from_u64(3));
        let mut data = shop.log(&visits, &shop.plan(4.0, 0.3), true);
        for its in &mut data.impressions {
            its.propensity *= 0.9;
        }
        let report = CounterfactualReport::of(&data);
        let refused = refusal(&report, Estimator::Snips);
        assert!(
            matches!(refused, Some(Refusal::MeanWeight { .. })),
            "{refused:?}"
        );
    }

    #[test]
    fn a_plan_that_does_not_draw_is_too_far_for_whole_lists() {
        let shop = Shop::new(1, Reading::ByPlace, 0.7);
        let mut plan = [[0.0; ITEMS]; SEGMENTS];
        for ranking in &mut plan {
            ranking[2] = 1.0;
        }
        let report = report(&shop, 2_000, &plan);
        let whole = refusal(&report, Estimator::WholeList);
        assert!(
            matches!(whole, Some(Refusal::EffectiveUnits { .. })),
            "{whole:?}"
        );
    }

    #[test]
    fn bounds_hold_at_and_fail_below() {
        let support = Support {
            impressions: 1_000,
            lists: 1_000,
            units: 200,
            mean_weight: 1.0,
            largest_weight: 1.0,
            effective_units: 200.0,
            effective_rewards: EFFECTIVE_REWARDS_MIN,
            never_shown: NEVER_SHOWN_MAX,
            unseen_in_context: UNSEEN_CONTEXT_MAX,
        };
        let units: Vec<u32> = (0..200).collect();
        let even = vec![1.0; 200];
        let check = |support: &Support| check_weights(&even, &units, support);
        assert_eq!(check(&support), Ok(()));
        let few = Support {
            units: UNITS_MIN - 1,
            ..support
        };
        assert!(matches!(check(&few), Err(Refusal::FewUnits { .. })));
        let never = Support {
            never_shown: 0.0101,
            ..support
        };
        assert!(matches!(check(&never), Err(Refusal::NeverShown { .. })));
        let rare = Support {
            effective_rewards: 49.0,
            ..support
        };
        assert!(matches!(
            check(&rare),
            Err(Refusal::EffectiveRewards { .. })
        ));
        let mut uneven = even.clone();
        uneven[0] = 1.4;
        uneven[1] = 0.6;
        let refused = check_weights(&uneven, &units, &support);
        assert!(
            matches!(refused, Err(Refusal::EffectiveUnits { .. })),
            "{refused:?}"
        );
        assert_eq!(check_direct(&support, (3.0, 1.0)), Ok(()));
        let contradicted = check_direct(&support, (3.1, 1.0));
        assert!(matches!(
            contradicted,
            Err(Refusal::ModelContradicted { .. })
        ));
        let unseen = Support {
            unseen_in_context: 0.0101,
            ..support
        };
        let refused = check_direct(&unseen, (0.0, 1.0));
        assert!(matches!(refused, Err(Refusal::UnseenInContext { .. })));
    }
}
