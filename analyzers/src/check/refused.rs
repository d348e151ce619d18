//! What an analyser still refuses when all that the other checks found is left out: the last word is the reader's own.

use super::{Check, Finding, Findings, Severity};
use crate::analyzer::Analyzer;
use crate::files::DictionaryFiles;
use crate::rewrite::kinds;

/// Faults of this kind that are told: each costs building an analyser anew, about half a second.
const REFUSED_MAX: usize = 20;

pub(super) fn check(files: &DictionaryFiles, findings: &mut Findings) {
    let mut files = without_faults(files, &findings.0);
    for _ in 0..REFUSED_MAX {
        let Err(error) = Analyzer::build(&files) else {
            return;
        };
        let taken_out = take_out(&mut files, &error.file, error.line);
        let advice = "correct the line as the README of the dictionaries says";
        findings.add(Check::Schema, Severity::Error, error, advice);
        if !taken_out {
            return;
        }
    }
}

/// The files without the lines that a reader would refuse for what is known already. A concept that goes takes the
/// tables with it that name it.
fn without_faults(files: &DictionaryFiles, findings: &[Finding]) -> DictionaryFiles {
    let mut files = files.clone();
    let is_refused = |finding: &&Finding| {
        finding.severity == Severity::Error
            && !matches!(
                finding.check,
                Check::Conflict | Check::Character | Check::Source
            )
    };
    let mut refused = findings.iter().filter(is_refused).peekable();
    if refused.peek().is_some() {
        files.0.retain(|path, _| !path.starts_with(kinds::FOLDER));
    }
    for finding in refused {
        take_out(&mut files, &finding.file, finding.line);
    }
    files
}

/// Blanks a line of a table, so that the others keep their numbers; takes a whole file out where no line is named.
/// Answers whether there was anything to take.
fn take_out(files: &mut DictionaryFiles, file: &str, line: usize) -> bool {
    let Some(text) = files.0.get_mut(file) else {
        return false;
    };
    let is_row = line > 0 && file.ends_with(".tsv") && !is_header(text, line);
    if !is_row {
        return files.0.remove(file).is_some();
    }
    let keep = |(index, kept)| if index + 1 == line { "" } else { kept };
    let lines: Vec<&str> = text.lines().enumerate().map(keep).collect();
    let blanked = lines.join("\n");
    let changed = blanked != text.trim_end_matches('\n');
    *text = blanked;
    changed
}

fn is_header(text: &str, line: usize) -> bool {
    let first = text
        .lines()
        .position(|line| !line.trim().is_empty() && !line.starts_with('#'));
    first.is_some_and(|index| index + 1 == line)
}
