//! All that a log says of a plan.

use serde::Serialize;

use super::{
    data::LoggedData,
    estimate::{Estimate, Estimator, Linear},
    impressions, lists,
    support::{self, Refusal, Support},
};

/// The answers, and what they rest on.
#[derive(Debug, Serialize)]
pub struct CounterfactualReport {
    pub support: Support,
    /// What the log earned: reward of an impression.
    pub logged_impression: f64,
    /// What the log earned: reward of a list.
    pub logged_list: f64,
    pub answers: Vec<Answer>,
}

/// What one estimator says.
#[derive(Debug, Serialize)]
pub struct Answer {
    pub estimator: Estimator,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// An estimate, or why there is none.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Estimate(Estimate),
    Refused(Refusal),
}

impl Outcome {
    /// The estimate.
    pub fn estimate(&self) -> Option<&Estimate> {
        match self {
            Self::Estimate(estimate) => Some(estimate),
            Self::Refused(_) => None,
        }
    }
}

impl From<Result<Estimate, Refusal>> for Outcome {
    fn from(result: Result<Estimate, Refusal>) -> Self {
        result.map_or_else(Self::Refused, Self::Estimate)
    }
}

impl CounterfactualReport {
    /// Asks every estimator. Those of lists are asked when any list has two places.
    pub fn of(data: &LoggedData) -> Self {
        let units: Vec<u32> = data.impressions.iter().map(|its| its.unit).collect();
        let support = support::support(data, &units);
        let mut answers = of_impressions(data, &units, &support);
        if data.lists < data.impressions.len() {
            answers.extend(of_lists(data, &support));
        }
        Self {
            support,
            logged_impression: data.mean_reward(),
            logged_list: data.mean_reward() * data.impressions.len() as f64 / data.lists as f64,
            answers,
        }
    }

    /// What an estimator says.
    pub fn outcome(&self, estimator: Estimator) -> Option<&Outcome> {
        let mut answers = self.answers.iter();
        Some(
            &answers
                .find(|answer| answer.estimator == estimator)?
                .outcome,
        )
    }

    /// Whether no estimator answers.
    pub fn is_refused(&self) -> bool {
        self.answers
            .iter()
            .all(|answer| answer.outcome.estimate().is_none())
    }
}

fn of_impressions(data: &LoggedData, units: &[u32], support: &Support) -> Vec<Answer> {
    let logged = impressions::logged(data);
    let weights: Vec<f64> = data.impressions.iter().map(|its| its.weight()).collect();
    let checked = support::check_weights(&weights, units, support);
    let direct = impressions::direct(data);
    let robust = impressions::doubly_robust(data);
    let between = direct.minus(&robust);
    let between = (between.value, between.standard_error(units, data.units));
    let weighed = |estimator, linear: Linear| {
        let estimate = || linear.estimate(estimator, &logged, units, data.units);
        Answer {
            estimator,
            outcome: checked.clone().map(|()| estimate()).into(),
        }
    };
    let (clipped, bound) = impressions::clipped(data, units);
    let clipped = clipped.estimate(Estimator::ClippedIps, &logged, units, data.units);
    let clipped = Estimate {
        clipped_at: Some(bound),
        ..clipped
    };
    let modelled = support::check_direct(support, between)
        .map(|()| direct.estimate(Estimator::Direct, &logged, units, data.units));
    vec![
        weighed(Estimator::Ips, impressions::ips(data)),
        weighed(Estimator::Snips, impressions::snips(data)),
        Answer {
            estimator: Estimator::ClippedIps,
            outcome: checked.clone().map(|()| clipped).into(),
        },
        Answer {
            estimator: Estimator::Direct,
            outcome: modelled.into(),
        },
        weighed(Estimator::DoublyRobust, robust),
    ]
}

fn of_lists(data: &LoggedData, support: &Support) -> Vec<Answer> {
    let units: Vec<u32> = data
        .by_list()
        .filter_map(|list| Some(list.first()?.unit))
        .collect();
    let logged = lists::logged(data);
    let answer = |estimator| {
        let linear = lists::estimate(data, estimator)?;
        let weights = lists::weights(data, estimator)?;
        let estimate = support::check_weights(&weights, &units, support)
            .map(|()| linear.estimate(estimator, &logged, &units, data.units));
        Some(Answer {
            estimator,
            outcome: estimate.into(),
        })
    };
    Estimator::ALL.into_iter().filter_map(answer).collect()
}
