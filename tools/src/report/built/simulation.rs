//! A simulation.

mod answers;
mod expected;
mod exposure;

use super::{compare, counterfactual};
use crate::{
    evaluate::simulate::{
        checklist::Check, exposure::Dimension, logged::LoggedAnswer, pareto::Sweep,
        simulation::Simulation,
    },
    report::{Block, Cell, Document, Table, Tone},
};
use answers::{changed, emptied};
use expected::expected;
use exposure::{exposure, movers};

/// The report.
pub fn document(found: &Simulation) -> Document {
    let mut document = Document {
        title: format!("Simulation: {}", found.plan),
        facts: facts(found),
        sections: Vec::new(),
    };
    document.add("Launch checklist", checklist(found));
    document.add("What is expected", expected(found));
    document.add("What the log itself says", logged(found));
    if let Some(relevance) = &found.relevance {
        document.add("Judged queries", compare::measures(relevance));
    }
    document.add(
        "Exposure by way to ship",
        exposure(found, Dimension::ShipMode),
    );
    document.add("Exposure by region", exposure(found, Dimension::Region));
    document.add(
        "Exposure by department",
        exposure(found, Dimension::Department),
    );
    document.add("Exposure by seller", exposure(found, Dimension::Seller));
    document.add("Winners and losers", movers(found));
    document.add("Questions answered otherwise", changed(found));
    document.add("Zero results", emptied(found));
    document.add("Sweep", found.sweep.as_ref().map(sweep).unwrap_or_default());
    document
}

fn facts(found: &Simulation) -> Vec<String> {
    let log = &found.log;
    let mut facts = vec![
        format!("changes: {}", found.changes.join("; ")),
        format!(
            "{} visits ({} searches, {} of the feed), {} of them different, from {}; first {} places",
            log.visits,
            log.searches,
            log.feeds,
            log.distinct,
            log.regions.join(", "),
            found.depth
        ),
        format!(
            "{} of {} questions are answered otherwise; overlap of the lists {:.4} (rank-biased, mean over visits)",
            found.answers.changed, found.answers.asked, found.answers.overlap
        ),
    ];
    if log.left_out > 0 || log.stray_events > 0 {
        facts.push(format!(
            "{} visits were left out, {} events belong to none",
            log.left_out, log.stray_events
        ));
    }
    if let Some(refusal) = &log.refusal {
        facts.push(format!(
            "refused: {} visits at present, {} under the plan; the first: {refusal}",
            log.refused_at_present, log.refused_under_plan
        ));
    }
    facts
}

fn checklist(found: &Simulation) -> Vec<Block> {
    if found.checks.is_empty() {
        return Vec::new();
    }
    let row = |check: &Check| {
        let (verdict, tone) = match (check.passes, check.measured) {
            (true, _) => ("passes", Tone::Good),
            (false, Some(_)) => ("FAILS", Tone::Bad),
            (false, None) => ("FAILS: could not be measured", Tone::Bad),
        };
        vec![
            check.name.clone().into(),
            Cell::number(check.bound, check.bound.to_string()),
            check.measured.map_or_else(|| "–".into(), Cell::figure),
            Cell::from(verdict).toned(tone),
        ]
    };
    let table = Table::new(&["", ">bound", ">measured", ""]).with(found.checks.iter().map(row));
    vec![Block::Table(table)]
}

fn logged(found: &Simulation) -> Vec<Block> {
    match &found.logged {
        None => Vec::new(),
        Some(LoggedAnswer::CannotBeAsked(reason)) => {
            vec![Block::Paragraph(format!(
                "The log cannot be asked what the plan earns: {reason}."
            ))]
        }
        Some(LoggedAnswer::Asked { reward, report }) => {
            let what = format!(
                "Counted are {reward} of searches under the same request. docs/evaluation.md says when an estimator refuses."
            );
            let mut blocks = vec![Block::Paragraph(what)];
            blocks.extend(counterfactual::blocks(report));
            blocks
        }
    }
}

/// The values, with what each costs and brings.
pub fn sweep(sweep: &Sweep) -> Vec<Block> {
    let (relevance, gain) = (format!(">{}", sweep.relevance), format!(">{}", sweep.gain));
    let mut columns: Vec<String> = sweep.keys.iter().map(|key| format!(">{key}")).collect();
    columns.extend([relevance, gain, String::new()]);
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let rows = sweep.points.iter().map(|point| {
        let mut row: Vec<Cell> = point
            .values
            .iter()
            .map(|value| Cell::number(*value, value.to_string()))
            .collect();
        row.extend([Cell::figure(point.relevance), Cell::figure(point.gain)]);
        row.push(if point.is_on_front {
            Cell::from("none is better in both").toned(Tone::Good)
        } else {
            Cell::default()
        });
        row
    });
    vec![
        Block::Table(Table::new(&columns).with(rows)),
        Block::Plot(sweep.plot()),
    ]
}
