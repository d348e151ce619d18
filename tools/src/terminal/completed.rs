//! How soon queries were offered while they were typed.

use super::{
    Output,
    figures::{interval, share},
    highlight::safe,
    table::{Align, table},
};
use crate::evaluate::suggest::report::{
    AfterKeys, LateQuery, Mean, SuggestReport, TypingFigures, WayFigures,
};

/// All tables of a report.
pub fn text(report: &SuggestReport, output: &Output) -> String {
    let learnt = &report.learnt;
    let mut parts = vec![
        ways(&report.ways, output),
        after(&report.after, output),
        slices(&report.slices, output),
        format!(
            "{} items; {} queries learnt from {} clicks, {} more find nothing; {} typed in {}\n\
            MRR over all keys but the last, among ten; first 5: what a shopper looks at; saved: share of the keys, a pick being one",
            report.items,
            learnt.queries - learnt.without_hits,
            learnt.clicks,
            learnt.without_hits,
            report.asked,
            safe(&report.region)
        ),
        format!(
            "of {} texts that were offered, {} find nothing in {}, and {} only what answers a part of them",
            report.unsellable.of,
            report.unsellable.hits,
            safe(&report.region),
            report.in_part.hits
        ),
    ];
    for (what, texts) in [
        ("nothing", &report.unsellable_texts),
        ("a part", &report.in_part_texts),
    ] {
        if !texts.is_empty() {
            parts.push(format!("{what}: {}", safe(&texts.join(" · "))));
        }
    }
    if !report.late.is_empty() {
        parts.push(late(&report.late, output));
    }
    parts.join("\n\n")
}

fn mean(mean: &Mean) -> [String; 2] {
    [format!("{:.4}", mean.mean), interval(mean.low, mean.high)]
}

fn figure_cells(figures: &TypingFigures) -> Vec<String> {
    let [mrr, mrr_interval] = mean(&figures.mrr_10);
    let [half, ..] = share(&figures.success_5_at_half);
    let [before_end, ..] = share(&figures.success_5);
    let [saved, saved_interval] = mean(&figures.saved);
    let [in_steps, _] = mean(&figures.saved_in_steps);
    vec![
        safe(&figures.name),
        figures.queries.to_string(),
        mrr,
        mrr_interval,
        half,
        before_end,
        saved,
        saved_interval,
        in_steps,
    ]
}

const FIGURES: [(&str, Align); 9] = [
    ("", Align::Left),
    ("queries", Align::Right),
    ("MRR@10", Align::Right),
    ("95 %", Align::Left),
    ("first 5 at half", Align::Right),
    ("first 5 before end", Align::Right),
    ("saved", Align::Right),
    ("95 %", Align::Left),
    ("saved in steps", Align::Right),
];

fn ways(ways: &[WayFigures], output: &Output) -> String {
    let mut columns = FIGURES.to_vec();
    columns[0].0 = "typed";
    columns.extend([("p50 µs", Align::Right), ("p99 µs", Align::Right)]);
    let rows = ways.iter().map(|way| {
        let mut cells = figure_cells(&way.figures);
        cells.extend([way.p50_micros, way.p99_micros].map(|micros| micros.to_string()));
        cells
    });
    table(&columns, rows.collect(), output)
}

fn slices(slices: &[TypingFigures], output: &Output) -> String {
    let mut columns = FIGURES.to_vec();
    columns[0].0 = "characters";
    let rows = slices.iter().map(figure_cells);
    table(&columns, rows.collect(), output)
}

fn after(after: &[AfterKeys], output: &Output) -> String {
    const COLUMNS: [(&str, Align); 7] = [
        ("after characters", Align::Right),
        ("queries", Align::Right),
        ("MRR@10", Align::Right),
        ("95 %", Align::Left),
        ("first 5", Align::Right),
        ("95 %", Align::Left),
        ("first 5, log alone", Align::Right),
    ];
    let rows = after.iter().map(|its| {
        let [mrr, mrr_interval] = mean(&its.mrr_10);
        let [first, first_interval, of] = share(&its.success_5);
        let [theirs, ..] = share(&its.baseline_success_5);
        vec![
            its.keys.to_string(),
            of,
            mrr,
            mrr_interval,
            first,
            first_interval,
            theirs,
        ]
    });
    table(&COLUMNS, rows.collect(), output)
}

fn late(late: &[LateQuery], output: &Output) -> String {
    const COLUMNS: [(&str, Align); 3] = [
        ("offered late", Align::Left),
        ("saved", Align::Right),
        ("", Align::Left),
    ];
    let rows = late.iter().map(|its| {
        let note = match (its.asked_before, its.sold) {
            (true, true) => "asked before",
            (true, false) => "asked before; finds nothing whole here",
            (false, true) => "",
            (false, false) => "finds nothing whole here",
        };
        vec![
            safe(&its.query),
            format!("{:.4}", its.saved),
            note.to_owned(),
        ]
    });
    table(&COLUMNS, rows.collect(), output)
}
