//! The report of an A/B test.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    comparison::{Difference, Observed, compare},
    definitions::METRICS,
    sample_ratio::{self, ArmCount, SampleRatio},
    segments,
    totals::{User, Users},
};
use crate::evaluate::statistics::holm;

/// Fewest users of an arm: below, a normal interval of a skewed figure is too narrow.
pub const ARM_USERS_MIN: usize = 100;
/// Largest share of users that may have been in two arms, 0 to 1: more say that the assignment does not hold.
pub const IN_TWO_ARMS_MAX: f64 = 0.01;
/// Farthest that the shares of the arms may be from 1 together.
const SHARES_OFF_MAX: f64 = 1e-6;

/// How the experiment was set up.
#[derive(Debug, Default)]
pub struct Setup {
    /// The arm that the others are compared with.
    pub control: String,
    /// Arms and the shares of users that they should have; empty: the same for each.
    pub shares: Vec<(String, f64)>,
    /// Regions that are home; empty: addresses are not told apart.
    pub home: Vec<String>,
    /// Users for which the intervals for any number of looks are to be narrowest; none: those that there are.
    pub planned_users: Option<usize>,
}

/// Why there is no report.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ExperimentError {
    #[error("--control: no user is in the arm \"{control}\"; there are: {known}")]
    NoControl { control: String, known: String },
    #[error("the arm \"{control}\" is alone: there is nothing to compare it with")]
    Alone { control: String },
    #[error("the arm \"{arm}\" has {users} users: fewer than {ARM_USERS_MIN}")]
    FewUsers { arm: String, users: usize },
    #[error("--shares: they name {named}, and the log has {known}")]
    OtherArms { named: String, known: String },
    #[error("--shares: they add up to {sum}, not to 1, or one is not above 0")]
    Sum { sum: f64 },
}

/// The report.
#[derive(Debug, Serialize)]
pub struct ExperimentReport {
    /// Users who are compared.
    pub users: usize,
    /// See [`Users`].
    pub in_two_arms: usize,
    pub in_no_arm: usize,
    pub sample_ratio: SampleRatio,
    /// Why no difference means anything, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
    pub comparisons: Vec<ArmComparison>,
}

/// What is wrong with the experiment itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    SampleRatioMismatch,
    UsersInTwoArms,
}

/// An arm beside the control.
#[derive(Debug, Serialize)]
pub struct ArmComparison {
    pub arm: String,
    /// "all users", or a part of them.
    pub segment: &'static str,
    pub control_users: usize,
    pub treatment_users: usize,
    pub metrics: Vec<MetricResult>,
}

/// One figure of both.
#[derive(Debug, Serialize)]
pub struct MetricResult {
    pub metric: &'static str,
    /// None where an arm has too few users or no chance.
    pub difference: Option<Difference>,
    /// `always_p`, adjusted for all figures and arms together (Holm); none for parts of the users, which are there to
    /// look at.
    pub p_adjusted: Option<f64>,
}

/// Below, a difference counts as one.
const SIGNIFICANT: f64 = 0.05;

impl MetricResult {
    /// Whether the arm is shown to be higher (true) or lower (false): outer none where nothing is to be said, inner none where
    /// no difference is shown.
    pub fn is_higher(&self, is_trusted: bool) -> Option<Option<bool>> {
        let found = self.difference.as_ref()?;
        let p = self.p_adjusted.filter(|_| is_trusted)?;
        Some((p < SIGNIFICANT).then_some(found.difference > 0.0))
    }

    /// The same in words.
    pub fn verdict(&self, is_trusted: bool) -> &'static str {
        match self.is_higher(is_trusted) {
            Some(Some(true)) => "higher",
            Some(Some(false)) => "lower",
            Some(None) => "no difference shown",
            None => "",
        }
    }
}

impl Withheld {
    /// Why, in words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::SampleRatioMismatch => {
                "the arms do not hold the shares of users that they should; look for what loses or doubles users"
            }
            Self::UsersInTwoArms => "too many users were in two arms: the assignment does not hold",
        }
    }
}

/// Compares every arm with the control.
///
/// # Errors
/// The arms are not those of the set-up, or one has too few users.
pub fn report(all: &Users, setup: &Setup) -> Result<ExperimentReport, ExperimentError> {
    let sample_ratio = sample_ratio::test(arms(all, setup)?);
    let two_arms = all.in_two_arms as f64 / (all.users.len() + all.in_two_arms) as f64;
    let withheld = match (sample_ratio.is_mismatch, two_arms > IN_TWO_ARMS_MAX) {
        (true, _) => Some(Withheld::SampleRatioMismatch),
        (_, true) => Some(Withheld::UsersInTwoArms),
        _ => None,
    };
    let everyone = ("all users", all.users.iter().collect());
    let mut parts: Vec<segments::Segment<'_>> = vec![everyone];
    parts.extend(segments::by_activity(&all.users));
    parts.extend(segments::by_address(&all.users, &setup.home));
    let mut comparisons = Vec::new();
    for (segment, users) in &parts {
        let others = sample_ratio
            .arms
            .iter()
            .filter(|arm| arm.arm != setup.control);
        comparisons.extend(others.map(|arm| compare_arm(&arm.arm, segment, users, setup)));
    }
    adjust(&mut comparisons, sample_ratio.arms.len() - 1);
    Ok(ExperimentReport {
        users: all.users.len(),
        in_two_arms: all.in_two_arms,
        in_no_arm: all.in_no_arm,
        sample_ratio,
        withheld,
        comparisons,
    })
}

/// The arms, how many users they have, and how many they should.
fn arms(all: &Users, setup: &Setup) -> Result<Vec<ArmCount>, ExperimentError> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for user in &all.users {
        *counts.entry(&user.arm).or_default() += 1;
    }
    let known = || counts.keys().copied().collect::<Vec<_>>().join(", ");
    let control = setup.control.clone();
    if !counts.contains_key(&*control) {
        return Err(ExperimentError::NoControl {
            control,
            known: known(),
        });
    }
    if counts.len() == 1 {
        return Err(ExperimentError::Alone { control });
    }
    if let Some((arm, users)) = counts.iter().find(|(_, users)| **users < ARM_USERS_MIN) {
        return Err(ExperimentError::FewUsers {
            arm: (*arm).to_owned(),
            users: *users,
        });
    }
    let shares: BTreeMap<&str, f64> = match setup.shares.is_empty() {
        true => counts
            .keys()
            .map(|arm| (*arm, 1.0 / counts.len() as f64))
            .collect(),
        false => setup
            .shares
            .iter()
            .map(|(arm, share)| (&**arm, *share))
            .collect(),
    };
    if !shares.keys().eq(counts.keys()) {
        let named = shares.keys().copied().collect::<Vec<_>>().join(", ");
        return Err(ExperimentError::OtherArms {
            named,
            known: known(),
        });
    }
    let sum: f64 = shares.values().sum();
    if (sum - 1.0).abs() > SHARES_OFF_MAX || shares.values().any(|share| *share <= 0.0) {
        return Err(ExperimentError::Sum { sum });
    }
    let of = |((arm, users), expected_share): ((&&str, &usize), &f64)| ArmCount {
        arm: (*arm).to_owned(),
        users: *users,
        expected_share: *expected_share,
    };
    Ok(counts.iter().zip(shares.values()).map(of).collect())
}

fn compare_arm(arm: &str, segment: &'static str, users: &[&User], setup: &Setup) -> ArmComparison {
    let of = |arm: &str| {
        users
            .iter()
            .copied()
            .filter(|user| user.arm == arm)
            .collect::<Vec<_>>()
    };
    let (control, treatment) = (of(&setup.control), of(arm));
    let is_enough = control.len().min(treatment.len()) >= ARM_USERS_MIN;
    let planned = setup
        .planned_users
        .unwrap_or(control.len() + treatment.len());
    let metric = |(place, metric): (usize, &super::definitions::MetricDefinition)| {
        let observed = |users: &[&User]| {
            let of_user = |user: &&User| (user.totals[place], user.before[place]);
            users.iter().map(of_user).collect::<Vec<Observed>>()
        };
        let compared = || compare(&observed(&control), &observed(&treatment), planned);
        MetricResult {
            metric: metric.key,
            difference: if is_enough { compared() } else { None },
            p_adjusted: None,
        }
    };
    ArmComparison {
        arm: arm.to_owned(),
        segment,
        control_users: control.len(),
        treatment_users: treatment.len(),
        metrics: METRICS.iter().enumerate().map(metric).collect(),
    }
}

/// Adjusts the p of the first comparisons, which are of all users.
fn adjust(comparisons: &mut [ArmComparison], of_all_users: usize) {
    let mut results: Vec<&mut MetricResult> = comparisons
        .iter_mut()
        .take(of_all_users)
        .flat_map(|comparison| &mut comparison.metrics)
        .filter(|result| result.difference.is_some())
        .collect();
    let p = results
        .iter()
        .filter_map(|its| its.difference.map(|found| found.always_p));
    let adjusted = holm(&p.collect::<Vec<_>>());
    for (result, p) in results.iter_mut().zip(adjusted) {
        result.p_adjusted = Some(p);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::online::{
        events::ExperimentEvent,
        simulated_events::{self, START},
        totals,
    };

    fn setup() -> Setup {
        Setup {
            control: "control".into(),
            home: vec!["hk".into()],
            ..Setup::default()
        }
    }

    fn report_of(events: &[ExperimentEvent]) -> Result<ExperimentReport, ExperimentError> {
        report(&totals::by_user(events, Some(START)), &setup())
    }

    #[test]
    fn a_lift_is_found_where_it_is_and_nowhere_else() {
        let report = report_of(&simulated_events::events(6_000, 0.4, 1)).unwrap();
        assert_eq!(report.withheld, None);
        assert_eq!(report.comparisons.len(), 5);
        let whole = &report.comparisons[0];
        assert_eq!((whole.segment, &*whole.arm), ("all users", "treatment"));
        for result in &whole.metrics {
            let is_lifted = ["cvr", "l_to_o", "d_to_o", "orders_a_user"].contains(&result.metric);
            let p = result.p_adjusted.unwrap();
            assert_eq!(p < 0.05, is_lifted, "{result:?}");
        }
        let d_to_o = whole.metrics[3].difference.unwrap();
        let lifted = d_to_o.control * 0.4;
        assert!(d_to_o.low <= lifted && lifted <= d_to_o.high, "{d_to_o:?}");
        assert!(whole.metrics[5].difference.unwrap().variance_removed > 0.1);
        assert!(
            report.comparisons[1]
                .metrics
                .iter()
                .all(|its| its.p_adjusted.is_none())
        );
    }

    #[test]
    fn a_mismatch_and_users_in_two_arms_withhold_the_verdict() {
        let mut events = simulated_events::events(3_000, 0.0, 2);
        let whole = report_of(&events).unwrap();
        assert_eq!(whole.withheld, None);
        // Of the treated users, two of ten are lost by the log.
        let is_kept =
            |its: &&ExperimentEvent| its.arm == "control" || !its.user.ends_with(['3', '7']);
        let kept: Vec<ExperimentEvent> = events.iter().filter(is_kept).cloned().collect();
        assert_eq!(
            report_of(&kept).unwrap().withheld,
            Some(Withheld::SampleRatioMismatch)
        );
        let of_some = events.iter_mut().filter(|its| its.user.ends_with('7'));
        of_some
            .step_by(2)
            .for_each(|its| its.arm = "control".to_owned());
        assert_eq!(
            report_of(&events).unwrap().withheld,
            Some(Withheld::UsersInTwoArms)
        );
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let all = totals::by_user(&simulated_events::events(400, 0.0, 3), Some(START));
        let refused = |change: &dyn Fn(&mut Setup)| {
            let mut setup = setup();
            change(&mut setup);
            report(&all, &setup).unwrap_err()
        };
        let known = "control, treatment".to_owned();
        let control = "old".to_owned();
        let wrong = refused(&|setup| setup.control = "old".into());
        assert_eq!(
            wrong,
            ExperimentError::NoControl {
                control,
                known: known.clone()
            }
        );
        let wrong = refused(&|setup| setup.shares = vec![("control".into(), 1.0)]);
        assert_eq!(
            wrong,
            ExperimentError::OtherArms {
                named: "control".into(),
                known
            }
        );
        let shares =
            |one, other| vec![("control".to_owned(), one), ("treatment".to_owned(), other)];
        let wrong = refused(&|setup| setup.shares = shares(0.5, 0.6));
        assert!(matches!(wrong, ExperimentError::Sum { .. }));
        let few = totals::by_user(&simulated_events::events(190, 0.0, 3), Some(START));
        let wrong = report(&few, &setup()).unwrap_err();
        assert!(matches!(wrong, ExperimentError::FewUsers { .. }));
        let mut alone = all;
        alone.users.retain(|user| user.arm == "control");
        let wrong = report(&alone, &setup()).unwrap_err();
        assert!(matches!(wrong, ExperimentError::Alone { .. }));
    }
}
