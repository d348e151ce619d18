//! What understanding a query yields: the terms to look up, the words they come from, and every edit made.

use std::ops::Range;

/// Which kind of token a term is. Families never collide: all but grams carry a prefix byte in [`QueryTerm::term`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermFamily {
    /// One Han character.
    Unigram,
    /// Two neighbouring Han characters, also across word boundaries.
    Bigram,
    /// A segmented Han word of two or more characters.
    Word,
    /// A run of Latin letters or digits, or a part of one (`wh`, `1000xm5`, `wh-1000xm5`).
    Latin,
    /// The end of a run of Han characters, up to four of them: what a name is the name of stands last (牛肉麵 is a 麵).
    Head,
    /// A gram folded to Simplified: a weaker, secondary match where the script is ambiguous.
    Folded,
}

/// One term of the inverted index, with how much it counts in scoring.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct QueryTerm {
    /// Exactly the bytes that the index holds, prefix included.
    pub term: String,
    pub family: TermFamily,
    /// Factor on the term's BM25 score, above 0.
    pub weight: f32,
}

impl QueryTerm {
    /// Whether it is this word whole, as one token.
    pub fn is_word(&self, text: &str) -> bool {
        let prefix = crate::tokens::term::prefix(self.family);
        self.family == TermFamily::Word && self.term.strip_prefix(prefix) == Some(text)
    }
}

/// Another way to say a unit, or the typed way (always the first).
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Alternative {
    /// Canonical text.
    pub text: String,
    /// Terms for scoring it alone. Those of typed alternatives are also in [`Understood::typed`].
    pub terms: Vec<QueryTerm>,
    /// Terms all of which an item must hold for this alternative to count as matched.
    pub required: Vec<String>,
    /// The same for an item in which it stands as words, and not across the edges of others: 牛奶粉色 holds 奶粉, but not
    /// as a word. Like `required` where no word of it is known.
    pub words: Vec<String>,
    /// How good a match by it is, 0 to 1; 1 for the typed words.
    pub weight: f32,
    /// An item that has it scores, but does not match by it: it only stands near what was asked.
    pub is_near: bool,
    /// Index into [`Understood::edits`] of the edit that brought it; none for the typed alternative.
    pub edit: Option<usize>,
}

/// A word of the query.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct Unit {
    /// Bytes of the text as typed that it stands for.
    pub source: Range<usize>,
    /// Typed alternative first. Any one of them matches the unit.
    pub alternatives: Vec<Alternative>,
    /// Term of what is named by the unit's last character: 臉盆 for 面盆. None when that is no Han character.
    pub head: Option<String>,
}

/// One explicit edit of the query. Every rewrite is one; none is silent.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Edit {
    /// Rule id: `region.term`, `query.spoken` …
    pub rule: &'static str,
    /// Bytes of the text as typed.
    pub source: Range<usize>,
    /// What was put beside it; empty when taken out.
    pub target: String,
    /// 0 to 1.
    pub weight: f32,
    /// Region whose vocabulary the target is from; empty for none.
    pub region: String,
}

/// Another query that may have been meant.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Correction {
    /// All of the query, in the script it was typed in.
    pub text: String,
    /// What was mistyped, and what it should be; never empty.
    pub edits: Vec<Edit>,
    /// Sure enough that the plan has it already: each edit is also in [`Understood::edits`].
    pub applied: bool,
}

/// A wish in the query that is no word to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// 平 抵 便宜: the cheaper the better.
    Cheap,
    /// 靚 好 正: good quality.
    Quality,
    /// 新款: newly on sale.
    Newest,
    /// 熱賣: much bought.
    Popular,
}

/// A query, understood. Consumed by recall; every later step refers to it.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct Understood {
    /// The text as typed.
    pub text: String,
    /// Its canonical (Traditional, width-folded, lower-case) form.
    pub canonical: String,
    /// Terms of the whole typed text, for scoring; none twice.
    pub typed: Vec<QueryTerm>,
    /// Its words, in order; an item that matches all of them matches the whole query.
    pub units: Vec<Unit>,
    /// Words the item must not have.
    pub excluded: Vec<Unit>,
    pub preferences: Vec<Preference>,
    pub edits: Vec<Edit>,
    /// The query without its typing mistakes, likeliest first; at most three.
    pub corrections: Vec<Correction>,
}
