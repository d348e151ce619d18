//! Characters that no table has, that are nobody's, or that are not of the script that the column is written in.

use rustc_hash::FxHashSet;

use super::schema::Kind;
use super::{Check, Dictionary, Findings, Severity};
use crate::normalize::is_han;
use crate::script::characters::Evidence;
use crate::script::convert::{Conversion, Converter};
use crate::segment::lexicon::general_characters;
use crate::table::{Row, Table};

/// Where readings of characters stand, once there are any; column `char`.
const READINGS_FILE: &str = "common/readings/characters.tsv";
/// Marks that words of shops have.
const MARKS: &str = " -'’&.+/%()!?#:,°·・×®™*½~～";

/// What a column is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    Latin,
    Traditional,
    Simplified,
    Any,
}

/// What is wrong with a term.
struct Fault {
    severity: Severity,
    reason: String,
    advice: &'static str,
}

impl Fault {
    fn error(reason: String, advice: &'static str) -> Self {
        Self {
            severity: Severity::Error,
            reason,
            advice,
        }
    }
}

struct Characters<'d, 'f> {
    dictionary: &'d Dictionary<'f>,
    /// With a known reading, or in a word of a word list; none when there are no readings to go by.
    known: Option<FxHashSet<char>>,
    /// In words of the word lists, which have been looked through.
    listed: FxHashSet<char>,
    converter: Converter,
}

pub(super) fn check(dictionary: &Dictionary<'_>, findings: &mut Findings) {
    let words = dictionary
        .of_kind(Kind::Words)
        .flat_map(|table| table.rows())
        .flat_map(|row| row.get("word").chars());
    let listed: FxHashSet<char> = words.collect();
    let known = dictionary.files.get(READINGS_FILE).map(|text| {
        let table = Table::read(READINGS_FILE, text, &["char"], &mut Vec::new());
        let mut known = general_characters();
        known.extend(table.rows().flat_map(|row| row.get("char").chars()));
        known.extend(&listed);
        known
    });
    let characters = Characters {
        dictionary,
        known,
        listed,
        converter: Converter::default(),
    };
    for open in &dictionary.tables {
        if matches!(open.kind, Kind::Readings | Kind::Other) {
            continue;
        }
        for column in open.kind.term_columns(&open.table) {
            let writing = characters.writing(open.kind, open.table.file(), column);
            for row in open.table.rows() {
                characters.cell(&row, (open.kind, column), writing, findings);
            }
        }
    }
}

impl Characters<'_, '_> {
    fn writing(&self, kind: Kind, file: &str, column: &str) -> Writing {
        let simplified = |code: &str| self.dictionary.simplified.iter().any(|known| known == code);
        let folder = file.split('/').next().unwrap_or_default();
        match kind {
            Kind::Concepts if column == "en" => Writing::Latin,
            Kind::Concepts if simplified(column) => Writing::Simplified,
            Kind::Concepts => Writing::Traditional,
            Kind::Terms if column == "term" && simplified(folder) => Writing::Simplified,
            Kind::Terms if column == "term" => Writing::Traditional,
            _ => Writing::Any,
        }
    }

    fn cell(
        &self,
        row: &Row<'_, '_>,
        (kind, column): (Kind, &str),
        writing: Writing,
        findings: &mut Findings,
    ) {
        for marked in row.list(column) {
            let term = marked.trim_start_matches(['<', '>']).trim();
            if let Some(fault) = self.fault(term, (kind, column), writing) {
                let check = (Check::Character, fault.severity);
                findings.at(check, row, (column, term), &fault.reason, fault.advice);
            }
        }
    }

    /// The first fault of a term, and what to do.
    fn fault(&self, term: &str, (kind, column): (Kind, &str), writing: Writing) -> Option<Fault> {
        // Units are written with marks: ″.
        let is_unit = kind == Kind::Units;
        for c in term.chars() {
            let code = c as u32;
            let shown = format!("{c:?} (U+{code:04X}) in {term:?}");
            if is_private(code) {
                let reason =
                    format!("{shown} is of private use: it means something in one font only");
                let advice = "write the character that Unicode has, or spell it otherwise";
                return Some(Fault::error(reason, advice));
            }
            if is_compatibility(code) {
                let reason = format!("{shown} is a compatibility form");
                return Some(Fault::error(reason, "write the ordinary character"));
            }
            if is_han(c) {
                if let Some(fault) = self.han_fault(c, term, column, writing) {
                    return Some(fault);
                }
            } else if !c.is_alphanumeric() && !MARKS.contains(c) && !is_unit {
                let reason = format!("{shown} is no character of a word");
                let advice = "write what was lost, or take it out";
                return Some(Fault::error(reason, advice));
            }
        }
        None
    }

    fn han_fault(&self, c: char, term: &str, column: &str, writing: Writing) -> Option<Fault> {
        let facts = self.dictionary.characters.facts(c);
        let is_known = self.known.as_ref().is_none_or(|known| {
            known.contains(&c)
                || known.contains(&facts.folded)
                || facts.canonical != c
                || facts.folded != c
        });
        if !is_known {
            let reason = format!("no table knows {c:?} in {term:?}");
            // Rare, but it may be right: 生酛.
            return Some(Fault {
                severity: Severity::Warning,
                reason,
                advice: "correct it, or add it to the readings of characters",
            });
        }
        if writing == Writing::Latin {
            let reason =
                format!("{c:?} in {term:?} is Chinese, and {column} is written in Latin letters");
            let advice = "move the word to its region's column";
            return Some(Fault::error(reason, advice));
        }
        let is_wrong = match writing {
            // What a word list has is written so in spoken Cantonese: 糯米糍, 啱晒.
            Writing::Traditional => {
                facts.evidence == Evidence::Simplified && !self.listed.contains(&c)
            }
            // A Simplified form that common fonts lack is hardly ever used: 魟 stays 魟.
            Writing::Simplified => {
                facts.evidence == Evidence::Traditional && (facts.folded as u32) < 0x1_0000
            }
            Writing::Latin | Writing::Any => false,
        };
        let reason = || {
            let script = if writing == Writing::Simplified {
                "Simplified"
            } else {
                "Traditional"
            };
            format!("{c:?} in {term:?} is not {script}, which {column} is written in")
        };
        (is_wrong && self.changes(term, column, writing))
            .then(|| Fault::error(reason(), "write the term in the column's script"))
    }

    /// Whether the script's own conversion changes the term: 胜肽 is written so in Traditional too.
    fn changes(&self, term: &str, column: &str, writing: Writing) -> bool {
        let name = match (writing, column) {
            (Writing::Simplified, _) => "t2s",
            (_, "hk") => "s2hk",
            (_, "tw") => "s2tw",
            _ => "s2t",
        };
        let converted = name
            .parse::<Conversion>()
            .and_then(|conversion| self.converter.convert(term, conversion));
        converted.is_ok_and(|converted| converted != term)
    }
}

fn is_private(code: u32) -> bool {
    matches!(code, 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF)
}

fn is_compatibility(code: u32) -> bool {
    matches!(code, 0xF900..=0xFAFF | 0x2_F800..=0x2_FA1F)
}
