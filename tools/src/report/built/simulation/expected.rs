//! What the lists are expected to come to.

use crate::{
    evaluate::simulate::{outcome::Outcome, simulation::Simulation},
    money::major_text,
    report::{Block, Cell, Table, Tone},
};

/// The figures of both sides, of all visits and by region, and the model behind them.
pub fn expected(found: &Simulation) -> Vec<Block> {
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
