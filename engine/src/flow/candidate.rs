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
    /// Bought before, and due again.
    Repeat,
    ItemToItem,
    /// Chosen by others after the shopper's queries.
    QueryToItem,
    /// Near the shopper's vector.
    UserVector,
    Popular,
    /// Sells these days.
    Trend,
    New,
    /// A pool that the profile recalls from.
    Pool,
    /// Near the shopper's taste, and sent from nearby.
    LocalTaste,
    /// New, local or seldom shown.
    Exploration,
    /// A merchandising rule.
    Pinned,
}

impl Source {
    pub const ALL: [Self; 15] = [
        Self::Lexical,
        Self::NearWords,
        Self::Vector,
        Self::Browse,
        Self::Repeat,
        Self::ItemToItem,
        Self::QueryToItem,
        Self::UserVector,
        Self::Popular,
        Self::Trend,
        Self::New,
        Self::Pool,
        Self::LocalTaste,
        Self::Exploration,
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
            Self::QueryToItem => "query_to_item",
            Self::UserVector => "user_vector",
            Self::Repeat => "repeat",
            Self::Popular => "popular",
            Self::Trend => "trend",
            Self::New => "new",
            Self::Pool => "pool",
            Self::LocalTaste => "local_taste",
            Self::Exploration => "exploration",
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
    /// How likely the shopper is to take it, by the feed's model, beside the other candidates, 0 to 1.
    pub affinity: f64,
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
            affinity: 0.0,
            full_match: false,
        }
    }
}
