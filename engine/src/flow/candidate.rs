//! An item on its way from recall to the page.

use crate::base::Ordinal;

/// Ways of recall, as bits of [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Lexical,
    /// Words that stand near those of the query.
    NearWords,
    Vector,
    Browse,
    ItemToItem,
    Popular,
    New,
    /// A pool that the profile recalls from.
    Pool,
    /// A merchandising rule.
    Pinned,
}

impl Source {
    pub const ALL: [Self; 9] = [
        Self::Lexical,
        Self::NearWords,
        Self::Vector,
        Self::Browse,
        Self::ItemToItem,
        Self::Popular,
        Self::New,
        Self::Pool,
        Self::Pinned,
    ];

    /// Name in answers and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lexical => "lexical",
            Self::NearWords => "near_words",
            Self::Vector => "vector",
            Self::Browse => "browse",
            Self::ItemToItem => "item_to_item",
            Self::Popular => "popular",
            Self::New => "new",
            Self::Pool => "pool",
            Self::Pinned => "pinned",
        }
    }
}

/// The sources that brought an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sources(u16);

impl Sources {
    pub fn of(source: Source) -> Self {
        Self(1 << source as u8)
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn has(self, source: Source) -> bool {
        self.0 & (1 << source as u8) != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Source> {
        Source::ALL
            .into_iter()
            .filter(move |source| self.has(*source))
    }
}

/// An item that recall brought, with what recall knows of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub ordinal: Ordinal,
    pub sources: Sources,
    /// Lexical score as a share of the best candidate's, 0 to 1.
    pub lexical: f32,
    /// Share of the query's worth that it has, 0 to 1.
    pub coverage: f32,
    /// Share of the query's worth that its titles have, 0 to 1.
    pub title_match: f32,
    /// Share of the query that it has as it was typed, 0 to 1.
    pub exactness: f32,
    /// Share of what it has of the query that it has only through rewrites, 0 to 1.
    pub rewritten: f32,
    /// Cosine to the query or the user's items, 0 to 1.
    pub vector: f32,
    /// Strength of behaviour that links it to the user's items, 0 to 1.
    pub behaviour: f32,
    /// True when it matches the whole query.
    pub full_match: bool,
}

impl Candidate {
    /// A candidate of one source that knows nothing yet.
    pub fn new(ordinal: Ordinal, source: Source) -> Self {
        Self {
            ordinal,
            sources: Sources::of(source),
            lexical: 0.0,
            coverage: 0.0,
            title_match: 0.0,
            exactness: 0.0,
            rewritten: 0.0,
            vector: 0.0,
            behaviour: 0.0,
            full_match: false,
        }
    }
}
