//! How sentences were cut.

use super::{
    Output,
    figures::{interval, share},
    highlight::safe,
    table::{Align, table},
};
use crate::evaluate::language::segmentation::SegmentationReport;

/// Figures of each file, then what was cut otherwise.
pub fn text(reports: &[(String, SegmentationReport)], output: &Output) -> String {
    let mut parts = vec![figures(reports, output)];
    for (file, report) in reports {
        parts.push(format!("== {} ==", safe(file)));
        parts.push(kinds(report, output));
        if !report.disagreements.is_empty() {
            parts.push(disagreements(report, output));
        }
        if !report.worst.is_empty() {
            parts.push(worst(report, output));
        }
    }
    parts.join("\n\n")
}

fn figures(reports: &[(String, SegmentationReport)], output: &Output) -> String {
    const COLUMNS: [(&str, Align); 8] = [
        ("", Align::Left),
        ("sentences", Align::Right),
        ("words", Align::Right),
        ("", Align::Left),
        ("precision", Align::Right),
        ("recall", Align::Right),
        ("F1", Align::Right),
        ("95 %", Align::Left),
    ];
    let rows = reports.iter().flat_map(|(file, report)| {
        report.rows.iter().enumerate().map(move |(place, row)| {
            let of_file = |text: String| if place == 0 { text } else { String::new() };
            vec![
                of_file(safe(file)),
                of_file(report.sentences.to_string()),
                of_file(report.words.to_string()),
                row.name.to_owned(),
                format!("{:.4}", row.precision),
                format!("{:.4}", row.recall),
                format!("{:.4}", row.f1),
                interval(row.low, row.high),
            ]
        })
    });
    table(&COLUMNS, rows.collect(), output)
}

fn kinds(report: &SegmentationReport, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 5] = [
        ("recall of words", Align::Left),
        ("words", Align::Right),
        ("sampan", Align::Right),
        ("95 %", Align::Left),
        ("jieba alone", Align::Right),
    ];
    let rows = report.kinds.iter().map(|kind| {
        let [ours, interval, of] = share(&kind.sampan);
        let [theirs, ..] = share(&kind.jieba);
        vec![kind.kind.to_owned(), of, ours, interval, theirs]
    });
    table(&COLUMNS, rows.collect(), output)
}

fn disagreements(report: &SegmentationReport, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 4] = [
        ("cut otherwise", Align::Left),
        ("ours", Align::Left),
        ("times", Align::Right),
        ("first in line", Align::Right),
    ];
    let rows = report.disagreements.iter().map(|its| {
        vec![
            safe(&its.gold),
            safe(&its.ours),
            its.times.to_string(),
            its.line.to_string(),
        ]
    });
    table(&COLUMNS, rows.collect(), output)
}

fn worst(report: &SegmentationReport, output: &Output) -> String {
    const COLUMNS: [(&str, Align); 4] = [
        ("line", Align::Right),
        ("F1", Align::Right),
        ("as people cut it", Align::Left),
        ("ours", Align::Left),
    ];
    let rows = report.worst.iter().map(|its| {
        vec![
            its.line.to_string(),
            format!("{:.2}", its.f1),
            safe(&its.gold),
            safe(&its.ours),
        ]
    });
    table(&COLUMNS, rows.collect(), output)
}
