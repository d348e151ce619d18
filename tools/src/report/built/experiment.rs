//! An A/B test.

use crate::{
    evaluate::online::{
        definitions::METRICS,
        experiment::{ArmComparison, ExperimentReport, MetricResult},
    },
    report::{Block, Cell, Document, Table, Tone},
};

/// The report.
pub fn document(report: &ExperimentReport, control: &str) -> Document {
    let ratio = &report.sample_ratio;
    let arms = ratio.arms.iter().map(|arm| {
        format!(
            "{}: {} users ({:.1} % expected)",
            arm.arm,
            arm.users,
            arm.expected_share * 100.0
        )
    });
    let mut document = Document {
        title: "Experiment".to_owned(),
        facts: arms.collect(),
        sections: Vec::new(),
    };
    document.facts.push(format!(
        "sample ratio p {:.4}; {} users were in two arms and {} in none: left out",
        ratio.p, report.in_two_arms, report.in_no_arm
    ));
    if let Some(withheld) = report.withheld {
        document.add(
            "No verdict",
            vec![Block::Paragraph(withheld.reason().to_owned())],
        );
    }
    for comparison in &report.comparisons {
        let title = format!(
            "{} against {control}: {}",
            comparison.arm, comparison.segment
        );
        document.add(
            &title,
            vec![Block::Table(compared(
                comparison,
                control,
                report.withheld.is_none(),
            ))],
        );
    }
    document.add("How to read it", vec![Block::Paragraph(
        "The first interval and p hold for one look at the end; those behind them for any number of looks. Verdicts are of \
         the latter, adjusted for all figures and arms (Holm); parts of the users are there to look at. \
         docs/evaluation.md defines every figure."
            .to_owned(),
    )]);
    document
}

fn compared(comparison: &ArmComparison, control: &str, is_trusted: bool) -> Table {
    let (of_control, of_arm) = (
        format!(">{control} ({} users)", comparison.control_users),
        format!(">{} ({} users)", comparison.arm, comparison.treatment_users),
    );
    let columns = [
        "",
        &of_control,
        &of_arm,
        ">difference",
        ">95 %",
        ">p",
        ">any looks 95 %",
        ">p",
        ">less variance",
        "",
    ];
    let rows = METRICS.iter().zip(&comparison.metrics);
    Table::new(&columns).with(rows.map(|(metric, result)| row(metric.name, result, is_trusted)))
}

fn row(name: &str, result: &MetricResult, is_trusted: bool) -> Vec<Cell> {
    let Some(found) = &result.difference else {
        return vec![name.into(), "–".into()];
    };
    // Whether higher is better is for the reader: more orders are, and so is less of some clicks.
    let tone = match result.is_higher(is_trusted).flatten() {
        Some(true) => Tone::Good,
        Some(false) => Tone::Bad,
        None => Tone::Plain,
    };
    let signed = |number: f64| Cell::number(number, format!("{number:+.4}"));
    vec![
        name.into(),
        Cell::figure(found.control),
        Cell::figure(found.treatment),
        signed(found.difference).toned(tone),
        format!("{:+.4} … {:+.4}", found.low, found.high).into(),
        Cell::figure(found.p),
        format!("{:+.4} … {:+.4}", found.always_low, found.always_high).into(),
        Cell::figure(found.always_p),
        Cell::number(
            found.variance_removed,
            format!("{:.0} %", found.variance_removed * 100.0),
        ),
        Cell::from(result.verdict(is_trusted)).toned(tone),
    ]
}
