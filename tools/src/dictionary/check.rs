//! What the analysers and the node find wrong with dictionary files.

use sampan_analyzers::{
    Analyzer, DictionaryFiles,
    check::{self, Check, Finding, Severity},
};
use sampan_engine::{
    base::error::SampanError,
    config::{Configuration, rules},
};

/// All findings by place, of words and of settings. `sources`: the text of SOURCES.md.
pub fn check(files: &DictionaryFiles, sources: &str) -> Vec<Finding> {
    let mut findings = check::check(files, sources);
    for setting in settings(files) {
        let is_known = findings
            .iter()
            .any(|known| known.file == setting.file && known.severity == Severity::Error);
        if !is_known {
            findings.push(setting);
        }
    }
    findings.sort();
    findings
}

/// How many of them are errors.
pub fn errors(findings: &[Finding]) -> usize {
    findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count()
}

/// What the node refuses in regions, rates, profiles, restrictions and merchandising rules: the first fault of each file.
fn settings(files: &DictionaryFiles) -> Vec<Finding> {
    let mut files = files.clone();
    let mut findings = Vec::new();
    while let Err(error) = Configuration::read(files.clone().into()) {
        let finding = of_error(&error);
        let file = finding.file.clone();
        findings.push(finding);
        // Without it the others can be read; a file that everything hangs on ends the search.
        if files.0.remove(&file).is_none() {
            break;
        }
    }
    findings.extend(contradiction(&files));
    findings
}

/// The first rules that contradict each other, where the files can be read at all.
fn contradiction(files: &DictionaryFiles) -> Option<Finding> {
    let configuration = Configuration::read(files.clone().into()).ok()?;
    if configuration.rules.is_empty() {
        return None;
    }
    let analyzer = Analyzer::build(files).ok()?;
    let error = rules::check_conflicts(&configuration.rules, &analyzer).err()?;
    Some(of_error(&error))
}

fn of_error(error: &SampanError) -> Finding {
    let (file, line, reason) = match error {
        SampanError::Configuration { place, reason } => match place.rsplit_once(':') {
            Some((file, line)) => (file, line.parse().unwrap_or(0), reason.clone()),
            None => (place.as_str(), 0, reason.clone()),
        },
        other => ("", 0, other.to_string()),
    };
    Finding {
        file: file.to_owned(),
        line,
        position: 0,
        column: String::new(),
        severity: Severity::Error,
        check: Check::Schema,
        reason,
        advice: "correct the setting".to_owned(),
    }
}
