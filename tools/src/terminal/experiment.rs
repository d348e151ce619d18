//! An A/B test.

use super::{
    Output,
    table::{Align, table},
};
use crate::evaluate::online::{
    definitions::METRICS,
    experiment::{ArmComparison, ExperimentReport, MetricResult},
    random_splits::SplitResult,
};

/// The arms, then each comparison.
pub fn text(report: &ExperimentReport, control: &str, output: &Output) -> String {
    let arms = report.sample_ratio.arms.iter().map(|arm| {
        format!(
            "{} {} users ({:.1} % expected)",
            arm.arm,
            arm.users,
            arm.expected_share * 100.0
        )
    });
    let mut parts = vec![format!(
        "{}; sample ratio p {:.4}\n{} users were in two arms and {} in none: left out",
        arms.collect::<Vec<_>>().join(", "),
        report.sample_ratio.p,
        report.in_two_arms,
        report.in_no_arm,
    )];
    if let Some(withheld) = report.withheld {
        parts.push(format!("NO VERDICT: {}", withheld.reason()));
    }
    for comparison in &report.comparisons {
        parts.push(compared(
            comparison,
            control,
            report.withheld.is_none(),
            output,
        ));
    }
    parts.push(
        "± holds for one look at the end, with its p; the interval and p behind it for any number of looks. Verdicts are of the \
         latter, adjusted for all figures and arms (Holm); parts of the users are there to look at."
            .to_owned(),
    );
    parts.join("\n\n")
}

fn compared(
    comparison: &ArmComparison,
    control: &str,
    is_trusted: bool,
    output: &Output,
) -> String {
    let title = format!(
        "{} ({} + {})",
        comparison.segment, comparison.control_users, comparison.treatment_users
    );
    let columns = [
        (&*title, Align::Left),
        (control, Align::Right),
        (&*comparison.arm, Align::Right),
        ("difference", Align::Right),
        ("± 95 %", Align::Right),
        ("p", Align::Right),
        ("any looks 95 %", Align::Right),
        ("p", Align::Right),
        ("less variance", Align::Right),
        ("", Align::Left),
    ];
    let rows = METRICS.iter().zip(&comparison.metrics);
    let rows = rows
        .map(|(metric, result)| row(metric.name, result, is_trusted))
        .collect();
    table(&columns, rows, output)
}

fn row(name: &str, result: &MetricResult, is_trusted: bool) -> Vec<String> {
    let Some(found) = &result.difference else {
        let mut cells = vec![name.to_owned()];
        cells.resize(10, "–".to_owned());
        return cells;
    };
    vec![
        name.to_owned(),
        format!("{:.4}", found.control),
        format!("{:.4}", found.treatment),
        format!("{:+.4}", found.difference),
        format!("{:.4}", found.high - found.difference),
        format!("{:.4}", found.p),
        format!("{:+.4} … {:+.4}", found.always_low, found.always_high),
        format!("{:.4}", found.always_p),
        format!("{:.0} %", found.variance_removed * 100.0),
        result.verdict(is_trusted).to_owned(),
    ]
}

/// How often arms differ that do not.
pub fn splits(results: &[SplitResult], users: usize, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 4] = [
        ("", Align::Left),
        ("splits", Align::Right),
        ("rejected, one look", Align::Right),
        ("rejected, any looks", Align::Right),
    ];
    let rows = results.iter().map(|result| {
        vec![
            result.metric.to_owned(),
            result.splits.to_string(),
            format!("{:.1} %", result.rejected * 100.0),
            format!("{:.1} %", result.always_rejected * 100.0),
        ]
    });
    let text = table(&COLUMNS, rows.collect(), output);
    format!(
        "{text}\n\n{users} users, dealt to two arms at random; 5 % should be rejected at one look, and less by the other"
    )
}
