//! All that the dictionaries say of one term, with file and line, and how each region understands it as a query.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use crate::analyzer::Analyzer;
use crate::check::schema::Kind;
use crate::files::DictionaryFiles;
use crate::plan::Understood;
use crate::segment::lexicon::general_frequency;
use crate::table::{Row, Table};

/// A line that has the term.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mention {
    /// Path relative to `dictionaries/`.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What a row of the table is: `concept`, `stop word` …
    pub kind: &'static str,
    /// Column that has it.
    pub column: String,
    /// As it stands there, direction mark included.
    pub text: String,
    /// All cells of the line that are not empty, by column.
    pub row: BTreeMap<String, String>,
}

/// A thing above or below in the tables of kinds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindStep {
    /// The concept of the term.
    pub concept: String,
    /// A broader concept's id; or a narrower one's, or a word.
    pub name: String,
    /// 1 for what stands right above or below.
    pub distance: usize,
    pub file: String,
    pub line: usize,
    pub weight: f32,
}

/// How a region understands the term as a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegionalReading {
    pub regions: Vec<String>,
    pub understood: Understood,
}

/// All that is known of a term.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    pub term: String,
    /// Canonical Traditional, width and case folded.
    pub canonical: String,
    /// How a text is cut that is nothing but the term.
    pub words: Vec<String>,
    /// In the general lexicon, before any dictionary file; none when it lacks the word.
    pub general_frequency: Option<usize>,
    pub mentions: Vec<Mention>,
    pub kinds_above: Vec<KindStep>,
    pub kinds_below: Vec<KindStep>,
    /// Regions of one understanding together.
    pub understood: Vec<RegionalReading>,
}

/// Explains a term. `region`: only that one's understanding; none for all. The analyser is that of the files.
pub fn explain(
    files: &DictionaryFiles,
    analyzer: &Analyzer,
    term: &str,
    region: Option<&str>,
) -> Explanation {
    let tables: Vec<(Kind, Table<'_>)> = files
        .0
        .iter()
        .filter(|(path, _)| path.ends_with(".tsv"))
        .map(|(path, text)| {
            (
                Kind::of(path),
                Table::read(path, text, &[], &mut Vec::new()),
            )
        })
        .collect();
    let folded = analyzer.fold_key(term);
    let mut mentions = Vec::new();
    for (kind, table) in &tables {
        mentions_in(*kind, table, analyzer, &folded, &mut mentions);
    }
    let steps = Steps::of(&tables);
    let things: BTreeSet<&str> = mentions
        .iter()
        .filter(|mention| mention.kind == Kind::Concepts.name())
        .filter_map(|mention| mention.row.get("id").map(String::as_str))
        .chain([term])
        .collect();
    let walk = |edges: &Edges<'_>| things.iter().flat_map(|thing| edges.walk(thing)).collect();
    let regions = match region {
        Some(region) => vec![region.to_owned()],
        None => files.regions(),
    };
    Explanation {
        term: term.to_owned(),
        canonical: analyzer.understand(term, "", &HashSet::new()).canonical,
        words: analyzer
            .words(term)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        general_frequency: general_frequency(&folded),
        kinds_above: walk(&steps.above),
        kinds_below: walk(&steps.below),
        understood: readings(analyzer, term, regions),
        mentions,
    }
}

fn mentions_in(
    kind: Kind,
    table: &Table<'_>,
    analyzer: &Analyzer,
    folded: &str,
    mentions: &mut Vec<Mention>,
) {
    let columns = kind.term_columns(table);
    for row in table.rows() {
        for &column in &columns {
            for text in row.list(column) {
                // Folding is costly; a text that is much longer cannot fold to the term.
                if text.len() > 4 * folded.len() + 4 || analyzer.fold_key(text) != folded {
                    continue;
                }
                mentions.push(Mention {
                    file: table.file().to_owned(),
                    line: row.line(),
                    kind: kind.name(),
                    column: column.to_owned(),
                    text: text.to_owned(),
                    row: cells(table, &row),
                });
            }
        }
    }
}

fn cells(table: &Table<'_>, row: &Row<'_, '_>) -> BTreeMap<String, String> {
    let filled = table
        .columns()
        .iter()
        .map(|column| ((*column).to_owned(), row.get(column).to_owned()));
    filled.filter(|(_, cell)| !cell.is_empty()).collect()
}

fn readings(analyzer: &Analyzer, term: &str, regions: Vec<String>) -> Vec<RegionalReading> {
    let mut readings: Vec<RegionalReading> = Vec::new();
    for region in regions {
        let understood = analyzer.understand(term, &region, &HashSet::new());
        let same = readings
            .iter_mut()
            .find(|reading| reading.understood == understood);
        match same {
            Some(reading) => reading.regions.push(region),
            None => readings.push(RegionalReading {
                regions: vec![region],
                understood,
            }),
        }
    }
    readings
}

/// The tables of kinds, to be walked either way.
struct Steps<'f> {
    above: Edges<'f>,
    below: Edges<'f>,
}

/// From a thing to the next ones.
#[derive(Default)]
struct Edges<'f>(BTreeMap<&'f str, Vec<KindStep>>);

impl<'f> Steps<'f> {
    fn of(tables: &[(Kind, Table<'f>)]) -> Self {
        let mut steps = Self {
            above: Edges::default(),
            below: Edges::default(),
        };
        for (_, table) in tables.iter().filter(|(kind, _)| *kind == Kind::Kinds) {
            for row in table.rows() {
                let broad = row.get("broad");
                for narrow in row.list("narrow") {
                    steps.below.add(broad, narrow, table, &row);
                    steps.above.add(narrow, broad, table, &row);
                }
            }
        }
        steps
    }
}

impl<'f> Edges<'f> {
    fn add(&mut self, from: &'f str, to: &str, table: &Table<'_>, row: &Row<'_, '_>) {
        self.0.entry(from).or_default().push(KindStep {
            concept: String::new(),
            name: to.to_owned(),
            distance: 1,
            file: table.file().to_owned(),
            line: row.line(),
            weight: row.weight("weight", 1.0).unwrap_or(1.0),
        });
    }

    /// All that can be reached, nearest first, each once.
    fn walk(&self, thing: &str) -> Vec<KindStep> {
        let mut reached: Vec<KindStep> = Vec::new();
        let mut names: HashSet<String> = HashSet::from([thing.to_owned()]);
        let mut edge = vec![thing.to_owned()];
        for distance in 1.. {
            let mut next = Vec::new();
            for step in edge
                .iter()
                .filter_map(|name| self.0.get(name.as_str()))
                .flatten()
            {
                if names.insert(step.name.clone()) {
                    next.push(step.name.clone());
                    reached.push(KindStep {
                        concept: thing.to_owned(),
                        distance,
                        ..step.clone()
                    });
                }
            }
            if next.is_empty() {
                break;
            }
            edge = next;
        }
        reached
    }
}
