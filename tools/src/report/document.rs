//! What a report consists of.

use crate::{plot::Plot, terminal::table::Align};

/// A report, in the order in which it is read.
#[derive(Debug, Clone, Default)]
pub struct Document {
    pub title: String,
    /// What was measured and how, a line each.
    pub facts: Vec<String>,
    pub sections: Vec<Section>,
}

/// A part of a report under its own heading.
#[derive(Debug, Clone)]
pub struct Section {
    pub title: String,
    pub blocks: Vec<Block>,
}

/// Something in a section.
#[derive(Debug, Clone)]
pub enum Block {
    Paragraph(String),
    Table(Table),
    /// Left out where there is nothing to draw on.
    Plot(Plot),
    Lists(SideBySide),
}

/// Rows under a header.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub columns: Vec<(String, Align)>,
    pub rows: Vec<Vec<Cell>>,
    /// Whether it is long: sorted and filtered by the reader on a page, cut short on a terminal.
    pub is_long: bool,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    pub text: String,
    /// What it is sorted by; none: its text.
    pub number: Option<f64>,
    pub tone: Tone,
    /// [`SideBySide::anchor`] that it leads to; "" for none.
    pub leads_to: String,
}

/// Whether something is good news.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Good,
    Bad,
}

/// Result lists of one query.
#[derive(Debug, Clone, Default)]
pub struct SideBySide {
    /// Names the lists within the report; letters, digits and hyphens.
    pub anchor: String,
    pub title: String,
    pub note: String,
    /// Why the lists differ, a line each.
    pub reasons: Vec<String>,
    pub lists: Vec<ResultList>,
}

/// One answer, best first.
#[derive(Debug, Clone, Default)]
pub struct ResultList {
    pub name: String,
    pub lines: Vec<ResultLine>,
}

/// One hit.
#[derive(Debug, Clone, Default)]
pub struct ResultLine {
    pub id: String,
    pub title: String,
    /// Bytes of the title that match, as ranges; those off a character's boundary are not shown.
    pub highlights: Vec<(usize, usize)>,
    /// What is to be said of it ("new", "↑ 3", a grade); "" for nothing.
    pub note: String,
    pub tone: Tone,
}

impl Document {
    /// Adds a section, unless nothing is in it.
    pub fn add(&mut self, title: &str, blocks: Vec<Block>) {
        if !blocks.is_empty() {
            self.sections.push(Section {
                title: title.to_owned(),
                blocks,
            });
        }
    }
}

impl Table {
    /// A table without rows. Columns that begin with `>` are set to the right.
    pub fn new(columns: &[&str]) -> Self {
        let column = |name: &&str| match name.strip_prefix('>') {
            Some(name) => (name.to_owned(), Align::Right),
            None => ((*name).to_owned(), Align::Left),
        };
        Self {
            columns: columns.iter().map(column).collect(),
            ..Self::default()
        }
    }

    /// The same, long.
    pub fn long(columns: &[&str]) -> Self {
        Self {
            is_long: true,
            ..Self::new(columns)
        }
    }

    /// With these rows.
    pub fn with(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows);
        self
    }
}

impl Cell {
    /// A number as it is written.
    pub fn number(number: f64, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            number: Some(number),
            ..Self::default()
        }
    }

    /// A number with four decimals.
    pub fn figure(number: f64) -> Self {
        Self::number(number, format!("{number:.4}"))
    }

    /// A whole number.
    pub fn count(count: usize) -> Self {
        Self::number(count as f64, count.to_string())
    }

    /// A share of one as a percentage.
    pub fn percent(share: f64) -> Self {
        Self::number(share, format!("{:.2} %", share * 100.0))
    }

    pub fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

impl ResultLine {
    /// The title cut at its highlights: each piece, and whether it matches.
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        let mut pieces = Vec::new();
        let mut at = 0;
        for (start, end) in &self.highlights {
            let (Some(before), Some(inside)) =
                (self.title.get(at..*start), self.title.get(*start..*end))
            else {
                continue;
            };
            pieces.extend([(before, false), (inside, true)]);
            at = *end;
        }
        pieces.push((self.title.get(at..).unwrap_or_default(), false));
        pieces.retain(|(text, _)| !text.is_empty());
        pieces
    }
}
