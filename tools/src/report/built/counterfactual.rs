//! What a log says of a plan.

use crate::{
    evaluate::counterfactual::{
        estimate::Estimate,
        report::{CounterfactualReport, Outcome},
    },
    report::{Block, Cell, Table, Tone},
};

/// What it rests on, then every estimator, or why it refuses.
pub fn blocks(report: &CounterfactualReport) -> Vec<Block> {
    let support = &report.support;
    let rests_on = format!(
        "{} impressions on {} lists, seen by {} users; mean weight {:.3}; as good as {:.0} users and {:.0} rewards; of what the \
         plan would show, {:.2} % was never shown at its place.",
        support.impressions,
        support.lists,
        support.units,
        support.mean_weight,
        support.effective_units,
        support.effective_rewards,
        support.never_shown * 100.0
    );
    let columns = [
        "estimator",
        "of",
        ">as logged",
        ">plan",
        ">95 %",
        ">plan − log",
        ">95 %",
        "",
    ];
    let mut refused: Vec<(String, Vec<&str>)> = Vec::new();
    let mut table = Table::new(&columns);
    for answer in &report.answers {
        let (of, logged) = match answer.estimator.is_of_lists() {
            true => ("a list", report.logged_list),
            false => ("an impression", report.logged_impression),
        };
        let name = answer.estimator.name();
        match &answer.outcome {
            Outcome::Estimate(estimate) => {
                let mut row = vec![name.into(), of.into(), Cell::figure(logged)];
                row.extend(figures(estimate));
                table.rows.push(row);
            }
            Outcome::Refused(refusal) => {
                let reason = refusal.to_string();
                match refused.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, names)) => names.push(name),
                    None => refused.push((reason, vec![name])),
                }
            }
        }
    }
    let mut blocks = vec![Block::Paragraph(rests_on)];
    blocks.extend((!table.rows.is_empty()).then_some(Block::Table(table)));
    blocks.extend(refused.into_iter().map(|(reason, names)| {
        Block::Paragraph(format!("Refused by {}: {reason}.", names.join(", ")))
    }));
    blocks
}

fn figures(estimate: &Estimate) -> [Cell; 5] {
    let (verdict, tone) = match (estimate.effect_low > 0.0, estimate.effect_high < 0.0) {
        (true, _) => ("more", Tone::Good),
        (_, true) => ("less", Tone::Bad),
        _ => ("no difference shown", Tone::Plain),
    };
    [
        Cell::figure(estimate.value),
        format!("{:.4} … {:.4}", estimate.low, estimate.high).into(),
        Cell::number(estimate.effect, format!("{:+.4}", estimate.effect)),
        format!("{:+.4} … {:+.4}", estimate.effect_low, estimate.effect_high).into(),
        Cell::from(verdict).toned(tone),
    ]
}
