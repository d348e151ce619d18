//! The tables of spoken patterns: `dictionaries/common/spoken.tsv`, and a region's own.

use rustc_hash::FxHashMap;

use crate::error::DictionaryError;
use crate::plan::Preference;
use crate::table::Table;

/// In `common/` and in a region's folder.
pub const FILE: &str = "spoken.tsv";
/// Names in the column `kind`.
const KINDS: [(&str, Kind); 9] = [
    ("filler", Kind::Filler),
    ("classifier", Kind::Classifier),
    ("link", Kind::Link),
    ("cheap", Kind::Wish(&[Preference::Cheap])),
    ("quality", Kind::Wish(&[Preference::Quality])),
    (
        "cheap+quality",
        Kind::Wish(&[Preference::Cheap, Preference::Quality]),
    ),
    ("newest", Kind::Wish(&[Preference::Newest])),
    ("popular", Kind::Wish(&[Preference::Popular])),
    ("negation", Kind::Negation),
];
/// Not a kind of pattern, but the sign that a query is spoken.
pub const MARK: &str = "mark";

/// What a spoken pattern does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 想搵, 有冇 at the front; 呀, 唔該 at the end.
    Filler,
    /// 部, 一件: only behind a pattern that was taken at the front.
    Classifier,
    /// 嘅: only behind a pattern that was taken at the front, or at the end; ends a negation.
    Link,
    /// 平靚正.
    Wish(&'static [Preference]),
    /// 唔要: what follows must not be in the item.
    Negation,
}

#[derive(Clone, Default)]
pub struct SpokenPatterns {
    /// Any of them, anywhere, shows that a query is spoken.
    marks: Vec<Box<str>>,
    kinds: FxHashMap<Box<str>, Kind>,
    longest: usize,
}

impl SpokenPatterns {
    /// Columns `pattern` (alternatives separated by `|`), `kind`, `source`; later files override earlier ones.
    pub fn add(
        &mut self,
        file: &str,
        text: &str,
        canonical: &dyn Fn(&str) -> String,
    ) -> Result<(), DictionaryError> {
        for row in Table::parse(file, text, &["pattern", "kind", "source"])?.rows() {
            row.required("source")?;
            row.required("pattern")?;
            let name = row.required("kind")?;
            let patterns = row.list("pattern").map(canonical);
            if name == MARK {
                self.marks.extend(patterns.map(String::into_boxed_str));
                continue;
            }
            let Some(&(_, kind)) = KINDS.iter().find(|(known, _)| *known == name) else {
                let known: Vec<&str> = KINDS.iter().map(|(known, _)| *known).collect();
                return Err(row.error("kind", &format!("one of mark, {}", known.join(", "))));
            };
            for pattern in patterns {
                self.longest = self.longest.max(pattern.chars().count());
                self.kinds.insert(pattern.into(), kind);
            }
        }
        Ok(())
    }

    pub fn is_spoken(&self, canonical: &str) -> bool {
        self.marks.iter().any(|mark| canonical.contains(&**mark))
    }

    pub fn kind(&self, canonical: &str) -> Option<Kind> {
        self.kinds.get(canonical).copied()
    }

    /// Characters of the longest pattern.
    pub fn longest(&self) -> usize {
        self.longest
    }
}
