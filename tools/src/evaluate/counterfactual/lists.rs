//! Estimators of what a whole list earns under the plan, by what is assumed of how shoppers read it.
//!
//! - item-position: Σ by place of weight × reward: an item earns by its own place (Li et al., "Offline evaluation of
//!   ranking policies with click models", KDD 2018).
//! - cascade: a reward has the weights of its place and those above it, brought to a mean of 1 at each place: an item
//!   earns by itself and what stands above (McInerney et al., "Counterfactual evaluation of slate recommendations with
//!   sequential reward interactions", KDD 2020).
//! - whole list: the product of all weights × the list's reward. Right in any case, and wide.
//! - pseudo-inverse: (Σ weights − places + 1) × the list's reward: rewards add up over items and places, of which none is
//!   seen alone (Swaminathan et al., "Off-policy evaluation for slate recommendation", NIPS 2017; the closed form for
//!   places drawn independently: Vlassis et al., NeurIPS 2021).
//!
//! The propensity of a place is that of its item given the items above it; item-position reads it as that of the item
//! there at all. The two are the same when places are drawn independently.

use super::{
    data::{Impression, LoggedData},
    estimate::{Estimator, Linear},
};

/// What the log earned, by list.
pub fn logged(data: &LoggedData) -> Linear {
    Linear::mean(data.by_list().map(reward).collect())
}

/// One of the four; of another estimator, nothing.
pub fn estimate(data: &LoggedData, estimator: Estimator) -> Option<Linear> {
    match estimator {
        Estimator::ItemPosition => {
            let earned = |list: &[Impression]| list.iter().map(|i| i.weight() * i.reward).sum();
            Some(Linear::mean(data.by_list().map(earned).collect()))
        }
        Estimator::Cascade => Some(cascade(data)),
        Estimator::WholeList | Estimator::PseudoInverse => {
            let weights = weights(data, estimator)?;
            let earned = data
                .by_list()
                .zip(weights)
                .map(|(list, weight)| weight * reward(list));
            Some(Linear::mean(earned.collect()))
        }
        _ => None,
    }
}

/// The weight of each list, whose mean is 1 if the propensities are right and everything planned was shown. Of those
/// that weigh by place: for item-position the mean over the places, for cascade the last place's, which is the widest.
pub fn weights(data: &LoggedData, estimator: Estimator) -> Option<Vec<f64>> {
    let product = |list: &[Impression]| list.iter().map(Impression::weight).product::<f64>();
    let of_list: fn(&[Impression]) -> f64 = match estimator {
        Estimator::Cascade | Estimator::WholeList => product,
        Estimator::ItemPosition => {
            |list| list.iter().map(Impression::weight).sum::<f64>() / list.len() as f64
        }
        Estimator::PseudoInverse => |list| {
            let sum: f64 = list.iter().map(Impression::weight).sum();
            sum - list.len() as f64 + 1.0
        },
        _ => return None,
    };
    Some(data.by_list().map(of_list).collect())
}

fn reward(list: &[Impression]) -> f64 {
    list.iter().map(|its| its.reward).sum()
}

fn cascade(data: &LoggedData) -> Linear {
    let longest = data.by_list().map(<[_]>::len).max().unwrap_or_default();
    let mut sum = Linear {
        value: 0.0,
        influence: vec![0.0; data.lists],
    };
    for place in 0..longest {
        // Lists that end above the place have nothing there, and no say in its mean weight.
        let reaching: Vec<(usize, f64, f64)> = data
            .by_list()
            .enumerate()
            .filter_map(|(number, list)| {
                let above = list.get(..=place)?;
                let weight = above.iter().map(Impression::weight).product();
                Some((number, weight, list[place].reward))
            })
            .collect();
        let terms = reaching
            .iter()
            .map(|(_, weight, reward)| (*weight, *reward));
        let mean = Linear::weighted_mean(terms);
        let share = reaching.len() as f64 / data.lists as f64;
        sum.value += mean.value * share;
        for influence in &mut sum.influence {
            *influence -= mean.value * share;
        }
        for ((number, ..), influence) in reaching.iter().zip(mean.influence) {
            // Its own error, and that its list is one of those that reach so far.
            sum.influence[*number] += influence + mean.value;
        }
    }
    sum
}
