//! Two runs side by side.

use super::{
    Output,
    highlight::safe,
    table::{Align, table},
};
use crate::evaluate::compare::{ChangedQuery, Compared, Comparison};

/// Queries shown at either end of the list.
const SHOWN: usize = 8;

/// The measures, then the queries that lost and gained most.
pub fn text(found: &Comparison, output: &Output) -> String {
    let columns = [
        ("", Align::Left),
        (&*found.before, Align::Right),
        (&*found.after, Align::Right),
        ("difference", Align::Right),
        ("95 %", Align::Left),
        ("p", Align::Right),
        ("won", Align::Right),
        ("lost", Align::Right),
        ("", Align::Left),
    ];
    let measures = found.measures.iter().map(measure_row).collect();
    let mut parts = vec![
        table(&columns, measures, output),
        format!(
            "{} judged queries, {} answered otherwise; p is adjusted for the measures together (Holm)",
            found.queries,
            found.changed.len()
        ),
    ];
    let lost = found
        .changed
        .iter()
        .filter(|query| query.after < query.before);
    let gained = found
        .changed
        .iter()
        .rev()
        .filter(|query| query.after > query.before);
    for (title, queries) in [
        ("lost most", lost.take(SHOWN).collect::<Vec<_>>()),
        ("gained most", gained.take(SHOWN).collect()),
    ] {
        if !queries.is_empty() {
            parts.push(query_table(title, &queries, output));
            parts.extend(queries.iter().filter_map(|query| reason(query)));
        }
    }
    parts.join("\n\n")
}

fn measure_row(compared: &Compared) -> Vec<String> {
    let effect = compared.effect;
    vec![
        compared.measure.name().to_owned(),
        format!("{:.4}", compared.before),
        format!("{:.4}", compared.after),
        format!("{:+.4}", effect.mean),
        format!("{:+.4} … {:+.4}", effect.low, effect.high),
        format!("{:.4}", compared.p_adjusted),
        compared.wins.to_string(),
        compared.losses.to_string(),
        compared.verdict().to_owned(),
    ]
}

/// Why a query is answered otherwise.
fn reason(query: &ChangedQuery) -> Option<String> {
    let lines = query.reason.as_ref()?.lines();
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("   {}", safe(line)))
        .collect();
    Some(format!(" {}\n{}", safe(&query.text), lines.join("\n")))
}

fn query_table(title: &str, queries: &[&ChangedQuery], output: &Output) -> String {
    let columns = [
        (title, Align::Left),
        ("nDCG@10", Align::Right),
        ("before", Align::Left),
        ("after", Align::Left),
    ];
    let rows = queries.iter().map(|query| {
        vec![
            safe(&query.text),
            format!("{:.2} → {:.2}", query.before, query.after),
            safe(&query.before_ids.join(" ")),
            safe(&query.after_ids.join(" ")),
        ]
    });
    table(&columns, rows.collect(), output)
}
