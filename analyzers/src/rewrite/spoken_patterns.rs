//! The tables of spoken patterns: `dictionaries/common/spoken.tsv`, and a region's own.

use rustc_hash::FxHashMap;

use crate::error::DictionaryError;
use crate::plan::Preference;
use crate::table::Table;

/// In `common/` and in a region's folder.
pub const FILE: &str = "spoken.tsv";
/// Names in the column `kind`.
const KINDS: [(&str, Kind); 10] = [
    ("filler", Kind::Filler),
    ("function", Kind::Function),
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
const MARK: &str = "mark";
/// Patterns that may also be of a kind above: what they do depends on where they stand.
const ROLES: [(&str, Role); 7] = [
    ("lead", Role::Lead),
    ("verb", Role::Verb),
    ("tail", Role::Tail),
    ("clause", Role::Clause),
    ("money", Role::Money),
    ("bound", Role::Bound),
    ("budget", Role::Budget),
];
/// Characters of numbers before classifiers and money.
const NUMERALS: &str = "〇零一二三四五六七八九十百千萬兩廿幾半";

/// Says how many no more than 個 does: 買一箱, 一條項鍊.
const ARTICLE: char = '一';

/// Longest number before a classifier or money, characters.
const NUMERALS_MAX: usize = 5;

/// What a spoken pattern does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 想搵, 有冇 at the front; 呀, 唔該 at the end.
    Filler,
    /// 返, 咗, 比較: a word of grammar, which no name of a thing is made of; wherever it stands.
    Function,
    /// 部, 一件: only behind a pattern that was taken at the front.
    Classifier,
    /// 嘅: only behind a pattern that was taken at the front, or at the end; ends a negation.
    Link,
    /// 平靚正.
    Wish(&'static [Preference]),
    /// 唔要: what follows must not be in the item.
    Negation,
    /// 三百蚊以下.
    PriceLimit,
    /// What the thing is wanted for (公司要部), and for whom (畀阿女).
    Context,
}

/// What a pattern inside a spoken query says about the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// 想買, 用嘅: the thing follows, what stands before is context.
    Lead,
    /// 要, 買: the same, if a classifier follows.
    Verb,
    /// 畀: the thing is over, what follows is context.
    Tail,
    /// 可以: context up to the next link.
    Clause,
    /// 蚊, 元: behind a number and before a bound.
    Money,
    /// 以下.
    Bound,
    /// 平過, 預算: before a number, with or without money behind it.
    Budget,
}

#[derive(Clone, Default)]
pub struct SpokenPatterns {
    /// Any of them, anywhere, shows that a query is spoken.
    marks: Vec<Box<str>>,
    kinds: FxHashMap<Box<str>, Kind>,
    roles: FxHashMap<Box<str>, Vec<Role>>,
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
            if let Some(&(_, role)) = ROLES.iter().find(|(known, _)| *known == name) {
                for pattern in patterns {
                    self.longest = self.longest.max(pattern.chars().count());
                    self.roles.entry(pattern.into()).or_default().push(role);
                }
                continue;
            }
            let Some(&(_, kind)) = KINDS.iter().find(|(known, _)| *known == name) else {
                let kinds = KINDS.iter().map(|(known, _)| *known);
                let known: Vec<&str> = kinds.chain(ROLES.map(|(known, _)| known)).collect();
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

    /// A number before a classifier is a part of it: 兩包, 3隻.
    pub fn kind(&self, canonical: &str) -> Option<Kind> {
        let known = |pattern: &str| self.kinds.get(pattern).copied();
        let budget = || self.is_budget(canonical).then_some(Kind::PriceLimit);
        known(canonical).or_else(budget).or_else(|| {
            let counted = without_number(canonical);
            if counted.len() == canonical.len() {
                return None;
            }
            let is_classifier = known(counted) == Some(Kind::Classifier);
            let kind = is_classifier.then_some(Kind::Classifier);
            kind.or_else(|| self.is_price(counted).then_some(Kind::PriceLimit))
        })
    }

    /// Whether a word begins with a number that says which thing is wanted: 四人, 一歲, but not 一條.
    pub fn is_counted(&self, canonical: &str) -> bool {
        let counted = without_number(canonical);
        let is_article =
            canonical.starts_with(ARTICLE) && self.kinds.get(counted) == Some(&Kind::Classifier);
        counted.len() < canonical.len() && !is_article
    }

    pub fn has_role(&self, role: Role, canonical: &str) -> bool {
        let roles = self.roles.get(canonical);
        roles.is_some_and(|roles| roles.contains(&role))
    }

    /// What stands behind the number of 三百蚊以下: money and a bound.
    fn is_price(&self, counted: &str) -> bool {
        let mut cuts = counted.char_indices().map(|(at, _)| counted.split_at(at));
        cuts.any(|(money, bound)| {
            self.has_role(Role::Money, money) && self.has_role(Role::Bound, bound)
        })
    }

    /// A price limit that its bound stands before: 平過二百蚊, 預算兩千左右.
    fn is_budget(&self, canonical: &str) -> bool {
        let mut cuts = canonical
            .char_indices()
            .map(|(at, _)| canonical.split_at(at));
        cuts.any(|(budget, amount)| {
            let behind = without_number(amount);
            behind.len() < amount.len()
                && self.has_role(Role::Budget, budget)
                && (behind.is_empty()
                    || self.has_role(Role::Money, behind)
                    || self.has_role(Role::Bound, behind)
                    || self.is_price(behind))
        })
    }

    /// Characters of the longest pattern, a number before it included.
    pub fn longest(&self) -> usize {
        self.longest + NUMERALS_MAX
    }
}

/// A pattern is of one kind in each group: it may be a mark, and may have several roles, beside what it is at the ends
/// of a query.
pub fn group(kind: &str) -> &str {
    let stands_alone = kind == MARK || ROLES.iter().any(|(role, _)| *role == kind);
    if stands_alone { kind } else { "" }
}

fn without_number(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_digit() || NUMERALS.contains(c))
}
