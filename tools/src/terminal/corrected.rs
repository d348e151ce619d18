//! How typing mistakes were corrected.

use super::{
    Output,
    figures::{interval, share, share_of},
    highlight::safe,
    table::{Align, table},
};
use crate::evaluate::language::typos::{CleanReport, FalseAlarm, MissedTypo, TypoReport};

/// Figures by kind of mistake.
pub fn typos(report: &TypoReport, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 9] = [
        ("mistake", Align::Left),
        ("cases", Align::Right),
        ("right first", Align::Right),
        ("95 %", Align::Left),
        ("in three", Align::Right),
        ("first of sold", Align::Right),
        ("first of strange", Align::Right),
        ("made rightly", Align::Right),
        ("made wrongly", Align::Right),
    ];
    let rows = report.kinds.iter().map(|kind| {
        let [first, interval, of] = share(&kind.first);
        let [in_three, ..] = share(&kind.in_three);
        let [right, ..] = share(&kind.applied_right);
        let [wrong, ..] = share(&kind.applied_wrong);
        vec![
            safe(&kind.kind),
            of,
            first,
            interval,
            in_three,
            share_of(&kind.first_of_sold),
            share_of(&kind.first_of_strange),
            right,
            wrong,
        ]
    });
    let told = "sold: the right query finds something here · strange: sold, and leaves two characters side by side that no \
        title holds so · made: searched for, not only offered";
    format!(
        "{}\n\n{told}\nunderstanding such a query: p50 {} µs, p99 {} µs",
        table(&COLUMNS, rows.collect(), output),
        report.p50_micros,
        report.p99_micros
    )
}

/// Mistakes whose right query was not the first.
pub fn missed(missed: &[MissedTypo], output: &Output) -> String {
    const COLUMNS: [(&str, Align); 5] = [
        ("not first", Align::Left),
        ("typed", Align::Left),
        ("right", Align::Left),
        ("offered", Align::Left),
        ("", Align::Left),
    ];
    let rows = missed.iter().map(|its| {
        let note = match (its.applied, its.sold) {
            (true, _) => "made",
            (false, true) => "",
            (false, false) => "not sold",
        };
        vec![
            safe(&its.kind),
            safe(&its.typed),
            safe(&its.right),
            safe(&its.meant.join(" · ")),
            note.to_owned(),
        ]
    });
    table(&COLUMNS, rows.collect(), output)
}

/// Queries without a mistake, file by file.
pub fn clean(reports: &[(String, CleanReport)], shown: usize, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 8] = [
        ("without a mistake", Align::Left),
        ("queries", Align::Right),
        ("corrected", Align::Right),
        ("95 %", Align::Left),
        ("only offered", Align::Right),
        ("95 %", Align::Left),
        ("p50 µs", Align::Right),
        ("p99 µs", Align::Right),
    ];
    const ALARMS: [(&str, Align); 4] = [
        ("doubted", Align::Left),
        ("for", Align::Left),
        ("rule", Align::Left),
        ("", Align::Left),
    ];
    let rows = reports.iter().map(|(file, report)| {
        let [applied, _, of] = share(&report.applied);
        let [offered, ..] = share(&report.offered);
        vec![
            safe(file),
            of,
            applied,
            interval(report.applied.low, report.applied.high),
            offered,
            interval(report.offered.low, report.offered.high),
            report.p50_micros.to_string(),
            report.p99_micros.to_string(),
        ]
    });
    let mut parts = vec![table(&COLUMNS, rows.collect(), output)];
    // What was searched for does more harm than what was only offered.
    let all = || reports.iter().flat_map(|(_, report)| &report.alarms);
    let first = all().filter(|alarm| alarm.applied);
    let alarms = first
        .chain(all().filter(|alarm| !alarm.applied))
        .take(shown);
    let row = |alarm: &FalseAlarm| {
        let note = if alarm.applied { "made" } else { "" };
        vec![
            safe(&alarm.text),
            safe(&alarm.meant),
            safe(&alarm.rule),
            note.to_owned(),
        ]
    };
    let alarms: Vec<_> = alarms.map(row).collect();
    if !alarms.is_empty() {
        parts.push(table(&ALARMS, alarms, output));
    }
    parts.join("\n\n")
}
