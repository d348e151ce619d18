//! What a log says of a plan.

use super::{
    Output,
    table::{Align, table},
};
use crate::evaluate::counterfactual::{
    estimate::{Estimate, Estimator},
    report::{Answer, CounterfactualReport, Outcome},
};

/// What it rests on, then the estimators of impressions and those of lists.
pub fn text(report: &CounterfactualReport, output: &Output) -> String {
    let support = &report.support;
    let mut parts = vec![format!(
        "{} impressions on {} lists, seen by {} users\n\
         weights: mean {:.3}, largest {:.1}; as good as {:.0} users and {:.0} rewards\n\
         of what the plan would show, {:.2} % was never shown at its place, {:.2} % never in its context",
        support.impressions,
        support.lists,
        support.units,
        support.mean_weight,
        support.largest_weight,
        support.effective_units,
        support.effective_rewards,
        support.never_shown * 100.0,
        support.unseen_in_context * 100.0,
    )];
    let groups = [
        (false, "reward of an impression", report.logged_impression),
        (true, "reward of a list", report.logged_list),
    ];
    for (of_lists, title, logged) in groups {
        let answers: Vec<&Answer> = report
            .answers
            .iter()
            .filter(|its| its.estimator.is_of_lists() == of_lists)
            .collect();
        if !answers.is_empty() {
            parts.push(answers_table(title, logged, &answers, output));
        }
    }
    parts.join("\n\n")
}

fn answers_table(title: &str, logged: f64, answers: &[&Answer], output: &Output) -> String {
    const COLUMNS: [&str; 4] = ["plan", "95 %", "plan − log", "95 %"];
    let mut columns = vec![(title, Align::Left)];
    columns.extend(COLUMNS.map(|name| (name, Align::Right)));
    columns.push(("", Align::Left));
    let mut rows = vec![vec!["as logged".to_owned(), format!("{logged:.4}")]];
    rows[0].resize(columns.len(), String::new());
    let mut refused = Vec::new();
    for answer in answers {
        match &answer.outcome {
            Outcome::Estimate(estimate) => rows.push(row(answer.estimator, estimate)),
            Outcome::Refused(refusal) => {
                refused.push(format!("{}: refused: {refusal}", answer.estimator.name()));
            }
        }
    }
    [vec![table(&columns, rows, output)], refused]
        .concat()
        .join("\n")
}

fn row(estimator: Estimator, estimate: &Estimate) -> Vec<String> {
    let verdict = match (estimate.effect_low > 0.0, estimate.effect_high < 0.0) {
        (true, _) => "more",
        (_, true) => "less",
        _ => "no difference shown",
    };
    let name = match estimate.clipped_at {
        Some(bound) => format!("{} (at {bound:.1})", estimator.name()),
        None => estimator.name().to_owned(),
    };
    vec![
        name,
        format!("{:.4}", estimate.value),
        format!("{:.4} … {:.4}", estimate.low, estimate.high),
        format!("{:+.4}", estimate.effect),
        format!("{:+.4} … {:+.4}", estimate.effect_low, estimate.effect_high),
        verdict.to_owned(),
    ]
}
