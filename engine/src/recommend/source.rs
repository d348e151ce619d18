//! What can speak for an item: one feature of a candidate each, from 0 to a few.

/// Where a part of a candidate's score comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Taken after the shopper's latest items, by visits apart.
    CoOccurrence,
    /// Taken with them by shoppers who are otherwise unlike.
    Swing,
    /// Near the shopper's vector.
    Factors,
    /// The same, of items that few events speak for.
    SparseFactors,
    /// How few events speak for it.
    Fresh,
    /// Popular of all time, logarithmic.
    Popular,
    /// Popular these days.
    Trend,
    /// Share of the shopper's visits that had it.
    Frequency,
    /// Number of visits that had it, later ones weighing more.
    Recency,
    /// How often it is bought again, for as often as the shopper bought it.
    Rate,
    /// The shopper's interval for it is just over.
    Due,
}

/// Number of sources.
pub const SOURCES: usize = 11;

impl Source {
    /// All, in the order of a candidate's features.
    pub const ALL: [Self; SOURCES] = [
        Self::CoOccurrence,
        Self::Swing,
        Self::Factors,
        Self::SparseFactors,
        Self::Fresh,
        Self::Popular,
        Self::Trend,
        Self::Frequency,
        Self::Recency,
        Self::Rate,
        Self::Due,
    ];

    /// Name in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::CoOccurrence => "co_occurrence",
            Self::Swing => "swing",
            Self::Factors => "factors",
            Self::SparseFactors => "sparse_factors",
            Self::Fresh => "fresh",
            Self::Popular => "popular",
            Self::Trend => "trend",
            Self::Frequency => "frequency",
            Self::Recency => "recency",
            Self::Rate => "rate",
            Self::Due => "due",
        }
    }
}
