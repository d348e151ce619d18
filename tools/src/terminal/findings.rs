//! Faults of the dictionaries.

use sampan_analyzers::check::{Finding, Severity};

use super::{
    Output,
    highlight::safe,
    table::{Align, table},
};

/// `file:line:position`, as editors open it.
pub fn place(file: &str, line: usize, position: usize) -> String {
    match (line, position) {
        (0, _) => safe(file),
        (line, 0) => format!("{}:{line}", safe(file)),
        (line, position) => format!("{}:{line}:{position}", safe(file)),
    }
}

/// All findings, and a line with their number.
pub fn findings_table(findings: &[Finding], files: usize, output: &Output) -> String {
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let errors = findings.iter().filter(is_error).count();
    let warnings = findings.len() - errors;
    let sum = format!("{files} files, {errors} errors, {warnings} warnings");
    if findings.is_empty() {
        return sum;
    }
    format!("{}\n\n{sum}", rows(findings, output))
}

/// One row a finding.
pub fn rows(findings: &[Finding], output: &Output) -> String {
    let columns = [
        ("place", Align::Left),
        ("column", Align::Left),
        ("severity", Align::Left),
        ("what is wrong", Align::Left),
        ("what to do", Align::Left),
    ];
    let rows = findings.iter().map(|finding| {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        vec![
            place(&finding.file, finding.line, finding.position),
            safe(&finding.column),
            severity.to_owned(),
            safe(&finding.reason),
            safe(&finding.advice),
        ]
    });
    table(&columns, rows.collect(), output)
}
