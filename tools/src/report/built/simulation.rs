//! A simulation.

use super::{compare, counterfactual, lists::mark_moves};
use crate::{
    evaluate::simulate::{
        changed::{Changed, Emptied},
        checklist::Check,
        exposure::{Dimension, Exposed},
        logged::LoggedAnswer,
        outcome::Outcome,
        pareto::Sweep,
        replay::Shown,
        simulation::Simulation,
        visits::Asked,
    },
    money::major_text,
    report::{Block, Cell, Document, ResultLine, ResultList, SideBySide, Table, Tone},
};

/// Winners, and as many losers, of each kind.
const MOVERS: usize = 50;
/// Gains and losses of exposure that are rounding.
const UNMOVED: f64 = 1e-9;

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

fn expected(found: &Simulation) -> Vec<Block> {
    let mut columns = vec!["", ">present", ">plan", ">change"];
    let regions = &found.outcomes.regions;
    let mut rows = outcome_rows(found, &found.outcomes.before, &found.outcomes.after);
    if regions.len() > 1 {
        columns.insert(0, "region");
        rows.iter_mut().for_each(|row| row.insert(0, "all".into()));
        for (region, before, after) in regions {
            let of_region = outcome_rows(found, before, after).into_iter();
            rows.extend(of_region.map(|mut row| {
                row.insert(0, region.clone().into());
                row
            }));
        }
    }
    let mut blocks = vec![Block::Table(Table::new(&columns).with(rows))];
    if let Some(effect) = found.outcomes.orders_effect {
        blocks.push(Block::Paragraph(format!(
            "Expected orders of 1,000 visits: {:+.3}, 95 % {:+.3} … {:+.3} over queries drawn anew, the model being right.",
            effect.mean, effect.low, effect.high
        )));
    }
    blocks.push(Block::Paragraph(model_text(found)));
    blocks
}

fn model_text(found: &Simulation) -> String {
    let model = &found.model;
    let looks: Vec<String> = model
        .examination
        .iter()
        .map(|chance| format!("{chance:.2}"))
        .collect();
    let learnt = match model.orders {
        0 => "The log tells no order that followed an impression: nothing is said of orders."
            .to_owned(),
        orders => format!(
            "An order is expected as often as a place is looked at × one who looks orders the item; the latter learnt from {} \
             impressions, {} detail views and {orders} orders ({:.3} % of the impressions), with back-off from item to seller, \
             category and region.",
            model.impressions,
            model.details,
            orders as f64 / model.impressions.max(1) as f64 * 100.0
        ),
    };
    format!(
        "Model: places are looked at with {}. {learnt}",
        looks.join(", ")
    )
}

fn outcome_rows(found: &Simulation, before: &Outcome, after: &Outcome) -> Vec<Vec<Cell>> {
    let percent = |share: f64| format!("{:.3} %", share * 100.0);
    let plain = |number: f64| format!("{number:.2}");
    let money = |minor: f64| {
        format!(
            "{} {}",
            found.currency,
            major_text(minor.round() as i64, &found.currency)
        )
    };
    type Figure<'f> = (&'f str, [Option<f64>; 2], &'f dyn Fn(f64) -> String, bool);
    let figures: [Figure<'_>; 7] = [
        (
            "L→O, list to order",
            [before.list_to_order, after.list_to_order],
            &percent,
            true,
        ),
        (
            "D→O, detail to order",
            [before.detail_to_order, after.detail_to_order],
            &percent,
            true,
        ),
        (
            "orders of 1,000 visits",
            [before.orders_of_1000_visits, after.orders_of_1000_visits],
            &plain,
            true,
        ),
        (
            "freight of what is looked at",
            [before.freight, after.freight],
            &money,
            false,
        ),
        (
            "freight of an order",
            [before.freight_of_order, after.freight_of_order],
            &money,
            false,
        ),
        (
            "freight unknown",
            [Some(before.freight_unknown), Some(after.freight_unknown)],
            &percent,
            false,
        ),
        (
            "zero results",
            [Some(before.zero_results), Some(after.zero_results)],
            &percent,
            false,
        ),
    ];
    let row = |(name, sides, text, more_is_better): Figure<'_>| {
        let cell = |value: Option<f64>| {
            value.map_or_else(|| "–".into(), |value| Cell::number(value, text(value)))
        };
        vec![
            name.into(),
            cell(sides[0]),
            cell(sides[1]),
            change(sides, more_is_better),
        ]
    };
    figures.into_iter().map(row).collect()
}

/// How much more or less, of what it was.
fn change([before, after]: [Option<f64>; 2], more_is_better: bool) -> Cell {
    let (Some(before), Some(after)) = (before, after) else {
        return Cell::default();
    };
    let tone = match (after - before) * if more_is_better { 1.0 } else { -1.0 } {
        gain if gain > 0.0 => Tone::Good,
        gain if gain < 0.0 => Tone::Bad,
        _ => Tone::Plain,
    };
    if before == 0.0 {
        return Cell::from(if after == 0.0 { "" } else { "from none" }).toned(tone);
    }
    let rise = after / before - 1.0;
    Cell::number(rise, format!("{:+.2} %", rise * 100.0)).toned(tone)
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
                "Counted are {reward} under the same request. docs/evaluation.md says when an estimator refuses."
            );
            let mut blocks = vec![Block::Paragraph(what)];
            blocks.extend(counterfactual::blocks(report));
            blocks
        }
    }
}

fn exposure(found: &Simulation, dimension: Dimension) -> Vec<Block> {
    let exposed = found.exposure_of(dimension);
    if exposed.is_empty() {
        return Vec::new();
    }
    let columns = [
        dimension.name(),
        ">present",
        ">plan",
        ">change",
        ">first ten, present",
        ">plan",
    ];
    let rows = exposed.iter().map(|its| {
        vec![
            its.name.clone().into(),
            Cell::percent(its.before),
            Cell::percent(its.after),
            gain(its),
            Cell::percent(its.top_before),
            Cell::percent(its.top_after),
        ]
    });
    let mut blocks = vec![Block::Table(Table::long(&columns).with(rows))];
    if dimension == Dimension::ShipMode {
        blocks.push(Block::Paragraph(
            "Exposure is by looks: a place counts as much as it is looked at. An item that ships in several ways counts for \
             each. Beside it, plain shares of the first ten places."
                .to_owned(),
        ));
    }
    blocks
}

fn gain(its: &Exposed) -> Cell {
    let tone = match its.gain() {
        gain if gain > UNMOVED => Tone::Good,
        gain if gain < -UNMOVED => Tone::Bad,
        _ => Tone::Plain,
    };
    Cell::number(its.gain(), format!("{:+.2}", its.gain() * 100.0)).toned(tone)
}

fn movers(found: &Simulation) -> Vec<Block> {
    let mut rows = Vec::new();
    for dimension in [Dimension::Item, Dimension::Seller, Dimension::Department] {
        let mut moved: Vec<&Exposed> = found
            .exposure_of(dimension)
            .iter()
            .filter(|its| its.gain().abs() > UNMOVED)
            .collect();
        moved.sort_by(|a, b| b.gain().total_cmp(&a.gain()));
        let count = moved.len();
        let at_ends = moved
            .into_iter()
            .enumerate()
            .filter(|(place, _)| *place < MOVERS || place + MOVERS >= count);
        rows.extend(at_ends.map(|(_, its)| {
            let title = match dimension {
                Dimension::Item => found.titles.get(&its.name).cloned().unwrap_or_default(),
                _ => String::new(),
            };
            vec![
                dimension.name().into(),
                its.name.clone().into(),
                title.into(),
                Cell::percent(its.before),
                Cell::percent(its.after),
                gain(its),
            ]
        }));
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let number = |row: &Vec<Cell>| row.last().and_then(|cell| cell.number).unwrap_or_default();
    rows.sort_by(|a, b| number(b).abs().total_cmp(&number(a).abs()));
    let columns = ["", "", "title", ">present", ">plan", ">change"];
    vec![Block::Table(Table::long(&columns).with(rows))]
}

fn changed(found: &Simulation) -> Vec<Block> {
    let most = &found.answers.most;
    if most.is_empty() {
        return Vec::new();
    }
    let rows = most.iter().enumerate().map(|(place, its)| {
        let question = Cell {
            leads_to: anchor(place),
            ..Cell::from(question(&its.asked))
        };
        vec![
            question,
            its.region.clone().into(),
            Cell::count(its.times as usize),
            Cell::figure(its.overlap),
        ]
    });
    let mut blocks = vec![Block::Table(
        Table::long(&["question", "region", ">visits", ">overlap"]).with(rows),
    )];
    blocks.extend(
        most.iter()
            .enumerate()
            .map(|(place, its)| side_by_side(place, its)),
    );
    blocks
}

fn side_by_side(place: usize, its: &Changed) -> Block {
    let lines = |list: &[Shown]| -> Vec<ResultLine> { list.iter().map(line).collect() };
    let (mut before, mut after) = (lines(&its.before), lines(&its.after));
    mark_moves(&mut before, &mut after);
    Block::Lists(SideBySide {
        anchor: anchor(place),
        title: question(&its.asked),
        note: format!(
            "from {}, {} visits, overlap {:.4}",
            its.region, its.times, its.overlap
        ),
        lists: vec![
            ResultList {
                name: "present".to_owned(),
                lines: before,
            },
            ResultList {
                name: "plan".to_owned(),
                lines: after,
            },
        ],
    })
}

fn line(shown: &Shown) -> ResultLine {
    let ways: Vec<&str> = shown.ways.iter().map(|mode| mode.name()).collect();
    ResultLine {
        id: shown.item.clone(),
        title: shown.title.clone(),
        highlights: shown.highlights.clone(),
        note: ways.join(" "),
        tone: Tone::Plain,
    }
}

fn anchor(place: usize) -> String {
    format!("c{place}")
}

fn question(asked: &Asked) -> String {
    match asked {
        Asked::Search(text) => text.clone(),
        Asked::Feed => "(feed)".to_owned(),
    }
}

fn emptied(found: &Simulation) -> Vec<Block> {
    let answers = &found.answers;
    let row = |its: &Emptied, what: &str, tone: Tone| {
        let what = Cell::from(what).toned(tone);
        vec![
            question(&its.asked).into(),
            its.region.clone().into(),
            Cell::count(its.times as usize),
            what,
        ]
    };
    let lost = answers
        .emptied
        .iter()
        .map(|its| row(its, "finds nothing any more", Tone::Bad));
    let rows: Vec<_> = lost
        .chain(
            answers
                .filled
                .iter()
                .map(|its| row(its, "finds something now", Tone::Good)),
        )
        .collect();
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        blocks.push(Block::Table(
            Table::long(&["question", "region", ">visits", ""]).with(rows),
        ));
    }
    let barred = &found.barred;
    if !barred.taken_out.is_empty() || !barred.shown.is_empty() {
        blocks.push(Block::Paragraph(format!(
            "Restrictions take out {} of the items that are shown at present; {} are shown although barred.",
            barred.taken_out.len(),
            barred.shown.len()
        )));
    }
    blocks
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
