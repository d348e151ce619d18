//! Who is seen more and less.

use crate::{
    evaluate::simulate::{
        exposure::{Dimension, Exposed},
        simulation::Simulation,
    },
    report::{Block, Cell, Table, Tone},
};

/// Winners, and as many losers, of each kind.
const MOVERS: usize = 50;
/// Gains and losses of exposure that are rounding.
const UNMOVED: f64 = 1e-9;

/// Shares of one dimension.
pub fn exposure(found: &Simulation, dimension: Dimension) -> Vec<Block> {
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
    let spread = [Dimension::Seller, Dimension::Department];
    if let Some([before, after]) = found
        .unevenness_of(dimension)
        .filter(|_| spread.contains(&dimension))
    {
        blocks.push(Block::Paragraph(format!(
            "Unevenness over those that were shown (Gini; 0: all alike, near 1: one has all): {before:.3} at present, {after:.3} \
             under the plan."
        )));
    }
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

/// Items, sellers and departments, those that moved most first.
pub fn movers(found: &Simulation) -> Vec<Block> {
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
