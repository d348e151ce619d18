//! How queries that were typed by sound were understood.

use super::{
    Output,
    figures::share,
    highlight::safe,
    table::{Align, table},
};
use crate::evaluate::language::typed::{HarmedControl, LatinControls, MissedTyped, TypedFigures};

/// A table of ways to type, or of lengths.
pub fn figures(title: &str, rows: &[TypedFigures], output: &Output) -> String {
    let columns = [
        (title, Align::Left),
        ("queries", Align::Right),
        ("first", Align::Right),
        ("95 %", Align::Left),
        ("first three", Align::Right),
        ("95 %", Align::Left),
        ("anywhere", Align::Right),
    ];
    let rows = rows.iter().map(|row| {
        let [first, first_interval, of] = share(&row.first);
        let [third, third_interval, _] = share(&row.third);
        let [any, ..] = share(&row.any);
        vec![
            safe(&row.name),
            of,
            first,
            first_interval,
            third,
            third_interval,
            any,
        ]
    });
    table(&columns, rows.collect(), output)
}

/// Queries whose word was not the first.
pub fn missed(missed: &[MissedTyped], output: &Output) -> String {
    const COLUMNS: [(&str, Align); 6] = [
        ("not first", Align::Left),
        ("region", Align::Left),
        ("typed", Align::Left),
        ("meant", Align::Left),
        ("place", Align::Right),
        ("heard first", Align::Left),
    ];
    let rows = missed.iter().map(|its| {
        vec![
            safe(&its.way),
            safe(&its.region),
            safe(&its.query),
            safe(&its.term),
            its.place
                .map_or_else(|| "–".to_owned(), |place| place.to_string()),
            safe(&its.heard),
        ]
    });
    table(&COLUMNS, rows.collect(), output)
}

/// Files of Latin text, and what was taken for sounds of them.
pub fn controls(controls: &[(String, LatinControls)], shown: usize, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 4] = [
        ("means itself", Align::Left),
        ("lines", Align::Right),
        ("harmed", Align::Right),
        ("95 %", Align::Left),
    ];
    const CASES: [(&str, Align); 4] = [
        ("harmed", Align::Left),
        ("region", Align::Left),
        ("rule", Align::Left),
        ("heard", Align::Left),
    ];
    let rows = controls.iter().map(|(file, its)| {
        let [harmed, interval, of] = share(&its.harmed);
        vec![safe(file), of, harmed, interval]
    });
    let mut parts = vec![table(&COLUMNS, rows.collect(), output)];
    let cases = controls.iter().flat_map(|(_, its)| &its.cases).take(shown);
    let cell = |case: &HarmedControl| {
        vec![
            safe(&case.text),
            safe(&case.region),
            case.rule.clone(),
            safe(&case.heard),
        ]
    };
    let cases: Vec<_> = cases.map(cell).collect();
    if !cases.is_empty() {
        parts.push(table(&CASES, cases, output));
    }
    parts.join("\n\n")
}
