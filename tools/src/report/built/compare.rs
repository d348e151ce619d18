//! Two runs of judged queries.

use super::lists::mark_moves;
use crate::{
    evaluate::{
        compare::{ChangedQuery, Compared, Comparison},
        reasons::Reason,
    },
    report::{Block, Cell, Document, ResultLine, ResultList, SideBySide, Table, Tone},
};

/// The report. `line`: an item of a query's list, with its title and grade.
pub fn document(found: &Comparison, line: &dyn Fn(&ChangedQuery, &str) -> ResultLine) -> Document {
    let mut document = Document {
        title: format!("{} against {}", found.after, found.before),
        facts: vec![format!(
            "{} judged queries, {} answered otherwise",
            found.queries,
            found.changed.len()
        )],
        sections: Vec::new(),
    };
    document.add("Measures", measures(found));
    document.add("Queries answered otherwise", changed(found, line));
    document
}

/// The measures, with what is shown of each.
pub fn measures(found: &Comparison) -> Vec<Block> {
    let (before, after) = (format!(">{}", found.before), format!(">{}", found.after));
    let columns = [
        "",
        &before,
        &after,
        ">difference",
        ">95 %",
        ">p",
        ">won",
        ">lost",
        "",
    ];
    let row = |compared: &Compared| {
        let effect = compared.effect;
        let tone = match compared.is_better() {
            Some(true) => Tone::Good,
            Some(false) => Tone::Bad,
            None => Tone::Plain,
        };
        vec![
            compared.measure.name().into(),
            Cell::figure(compared.before),
            Cell::figure(compared.after),
            Cell::number(effect.mean, format!("{:+.4}", effect.mean)).toned(tone),
            format!("{:+.4} … {:+.4}", effect.low, effect.high).into(),
            Cell::figure(compared.p_adjusted),
            Cell::count(compared.wins),
            Cell::count(compared.losses),
            Cell::from(compared.verdict()).toned(tone),
        ]
    };
    let table = Table::new(&columns).with(found.measures.iter().map(row));
    let how = "Paired permutation test over queries, adjusted for the measures together (Holm); intervals of a bootstrap.";
    vec![Block::Table(table), Block::Paragraph(how.to_owned())]
}

fn changed(found: &Comparison, line: &dyn Fn(&ChangedQuery, &str) -> ResultLine) -> Vec<Block> {
    if found.changed.is_empty() {
        return Vec::new();
    }
    let is_shown = |place: usize| found.is_shown(place);
    let rows = found.changed.iter().enumerate().map(|(place, query)| {
        let gain = query.after - query.before;
        let tone = match gain {
            gain if gain > 0.0 => Tone::Good,
            gain if gain < 0.0 => Tone::Bad,
            _ => Tone::Plain,
        };
        let text = Cell {
            leads_to: if is_shown(place) {
                anchor(query)
            } else {
                String::new()
            },
            ..Cell::from(&*query.text)
        };
        vec![
            text,
            Cell::figure(query.before),
            Cell::figure(query.after),
            Cell::number(gain, format!("{gain:+.4}")).toned(tone),
        ]
    });
    let columns = ["query", ">nDCG@10 before", ">after", ">difference"];
    let mut blocks = vec![Block::Table(Table::long(&columns).with(rows))];
    let shown = found
        .changed
        .iter()
        .enumerate()
        .filter(|(place, _)| is_shown(*place));
    blocks.extend(shown.map(|(_, query)| {
        let lines =
            |ids: &[String]| -> Vec<ResultLine> { ids.iter().map(|id| line(query, id)).collect() };
        let (mut before, mut after) = (lines(&query.before_ids), lines(&query.after_ids));
        mark_moves(&mut before, &mut after);
        Block::Lists(SideBySide {
            anchor: anchor(query),
            title: query.text.clone(),
            note: format!("nDCG@10 {:.4} → {:.4}", query.before, query.after),
            reasons: query.reason.as_ref().map_or_else(Vec::new, Reason::lines),
            lists: vec![
                ResultList {
                    name: found.before.clone(),
                    lines: before,
                },
                ResultList {
                    name: found.after.clone(),
                    lines: after,
                },
            ],
        })
    }));
    blocks
}

/// A name for a query's lists: of its id, whatever is in it.
fn anchor(query: &ChangedQuery) -> String {
    format!("q-{}", &blake3::hash(query.id.as_bytes()).to_hex()[..12])
}
