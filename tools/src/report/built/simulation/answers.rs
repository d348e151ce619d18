//! Which answers change.

use crate::{
    evaluate::simulate::{
        changed::{Changed, Emptied},
        replay::Shown,
        simulation::Simulation,
        visits::Asked,
    },
    report::{
        Block, Cell, ResultLine, ResultList, SideBySide, Table, Tone, built::lists::mark_moves,
    },
};

/// The questions that change most, with both lists.
pub fn changed(found: &Simulation) -> Vec<Block> {
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
        reasons: Vec::new(),
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

/// Questions that find nothing any more, or something now; and what restrictions take out.
pub fn emptied(found: &Simulation) -> Vec<Block> {
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
