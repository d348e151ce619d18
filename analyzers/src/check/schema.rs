//! Which tables there are, and what each cell must hold.

use super::{Check, Dictionary, Finding, Findings, Severity};
use crate::files::DictionaryFiles;
use crate::region::{DisplayScript, Region};
use crate::rewrite::concepts::{self, FIXED_COLUMNS};
use crate::rewrite::{kinds, regional, spoken_patterns};
use crate::stop;
use crate::table::{Row, Table};
use crate::tokens::measure;

/// Folder of the tables of readings.
pub(super) const READINGS_FOLDER: &str = "common/readings";

/// What a table is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Concepts,
    Kinds,
    Words,
    Terms,
    Spoken,
    StopWords,
    Units,
    /// How characters and words are read; judged by its own reader.
    Readings,
    /// Read by someone else: looked at only for what all tables have in common.
    Other,
}

impl Kind {
    pub(crate) fn of(path: &str) -> Self {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        match (folder, name) {
            (concepts::FOLDER, _) => Self::Concepts,
            (kinds::FOLDER, _) => Self::Kinds,
            (READINGS_FOLDER, _) => Self::Readings,
            _ if path == stop::FILE => Self::StopWords,
            _ if path == measure::FILE => Self::Units,
            (_, regional::FILE) if !folder.contains('/') => Self::Terms,
            (_, spoken_patterns::FILE) if !folder.contains('/') => Self::Spoken,
            _ if !folder.contains('/') && name.starts_with("words") => Self::Words,
            _ => Self::Other,
        }
    }

    /// What people call a row of it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Concepts => "concept",
            Self::Kinds => "kinds",
            Self::Words => "word",
            Self::Terms => "regional term",
            Self::Spoken => "spoken pattern",
            Self::StopWords => "stop word",
            Self::Units => "unit",
            Self::Readings => "reading",
            Self::Other => "other",
        }
    }

    /// Columns that must be there, none of their cells empty except those of [`Self::may_be_empty`].
    pub(crate) fn required(self) -> &'static [&'static str] {
        match self {
            Self::Concepts => &["id", "en", "weight", "source"],
            Self::Kinds => &["broad", "narrow", "weight", "source"],
            Self::Words => &["word", "freq", "source"],
            Self::Terms => &["term", "means", "weight", "source"],
            Self::Spoken => &["pattern", "kind", "source"],
            Self::StopWords => &["word", "source"],
            Self::Units => &["unit", "canonical", "source"],
            Self::Readings | Self::Other => &[],
        }
    }

    fn may_be_empty(self, column: &str) -> bool {
        column == "weight" || (self == Self::Concepts && column == "en")
    }

    /// The column whose alternatives name what a row is about.
    pub(crate) fn key(self) -> Option<&'static str> {
        match self {
            Self::Concepts => Some("id"),
            Self::Kinds => Some("broad"),
            Self::Words | Self::StopWords => Some("word"),
            Self::Terms => Some("term"),
            Self::Spoken => Some("pattern"),
            Self::Units => Some("unit"),
            Self::Readings | Self::Other => None,
        }
    }

    /// Columns that hold words, several with `|` between them.
    pub(crate) fn term_columns<'f>(self, table: &Table<'f>) -> Vec<&'f str> {
        let columns = table.columns().iter().copied();
        let holds_terms = |name: &&str| match self {
            Self::Concepts => !FIXED_COLUMNS.contains(name),
            Self::Kinds => *name == "narrow",
            Self::Terms => matches!(*name, "term" | "means"),
            Self::Readings | Self::Other => matches!(*name, "word" | "char"),
            _ => Some(*name) == self.key(),
        };
        columns.filter(holds_terms).collect()
    }

    fn knows(self, column: &str) -> bool {
        self.required().contains(&column) || matches!(column, "note" | "category")
    }
}

/// Codes of the regions whose shoppers read Simplified. A region that cannot be read is told of elsewhere.
pub(super) fn simplified_regions(files: &DictionaryFiles) -> Vec<String> {
    let reads_simplified = |code: &String| {
        let file = format!("{code}/region.toml");
        Region::parse(&file, files.get(&file).unwrap_or_default())
            .is_ok_and(|region| region.script == DisplayScript::Simplified)
    };
    files
        .regions()
        .into_iter()
        .filter(reads_simplified)
        .collect()
}

pub(super) fn check(dictionary: &Dictionary<'_>, findings: &mut Findings) {
    let regions = dictionary.files.regions();
    for open in &dictionary.tables {
        let (kind, table) = (open.kind, &open.table);
        columns(kind, table, &regions, findings);
        for row in table.rows() {
            cells(kind, &row, findings);
        }
    }
}

fn columns(kind: Kind, table: &Table<'_>, regions: &[String], findings: &mut Findings) {
    if matches!(kind, Kind::Readings | Kind::Other) {
        return;
    }
    for column in table.columns() {
        let is_vocabulary = *column == "en" || regions.iter().any(|code| code == column);
        if kind.knows(column) || (kind == Kind::Concepts && is_vocabulary) {
            continue;
        }
        findings.0.push(Finding {
            file: table.file().to_owned(),
            line: 1,
            position: 0,
            column: (*column).to_owned(),
            severity: Severity::Warning,
            check: Check::Schema,
            reason: "nothing reads this column".to_owned(),
            advice: "correct its name, or take it out".to_owned(),
        });
    }
}

fn cells(kind: Kind, row: &Row<'_, '_>, findings: &mut Findings) {
    let wrong = (Check::Schema, Severity::Error);
    for column in kind.required() {
        if row.get(column).is_empty() && !kind.may_be_empty(column) {
            let reason = "must not be empty";
            findings.at(wrong, row, (column, ""), reason, "fill the cell");
        }
    }
    if let Err(error) = row.weight("weight", 1.0) {
        let advice = "write a number from 0.1 to 1.0";
        findings.at(wrong, row, ("weight", ""), &error.reason, advice);
    }
    let frequency = row.get("freq");
    if kind == Kind::Words && !frequency.is_empty() && frequency.parse::<usize>().is_err() {
        let reason = format!("{frequency:?} is not a whole number");
        findings.at(
            wrong,
            row,
            ("freq", ""),
            &reason,
            "write how often it stands in 60 million words",
        );
    }
    if kind == Kind::Concepts {
        concept_cells(row, findings);
    }
}

fn concept_cells(row: &Row<'_, '_>, findings: &mut Findings) {
    let id = row.get("id");
    let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.chars().all(is_kebab) {
        let reason = format!("{id:?} is not kebab-case ASCII");
        let advice = "write small letters, digits and hyphens: power-bank";
        findings.at(
            (Check::Schema, Severity::Error),
            row,
            ("id", ""),
            &reason,
            advice,
        );
    }
}
