//! Rewrites: each brings explicit edits, each can be switched off by its id.

pub mod concepts;
pub mod kinds;
pub mod readings;
pub mod regional;
pub mod spoken;
pub mod spoken_patterns;

/// A rewrite rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Rule {
    /// As it stands in `Edit::rule` and in a request's list of disabled rules.
    pub id: &'static str,
    pub description: &'static str,
}

pub const REGION_TERM: &str = "region.term";
pub const CONCEPT_KIND: &str = "concept.kind";
pub const SCRIPT_READING: &str = "script.reading";
pub const QUERY_SPOKEN: &str = "query.spoken";

/// All rules, in the order that they are applied.
pub const RULES: &[Rule] = &[
    Rule {
        id: QUERY_SPOKEN,
        description: "Takes spoken wishes (想搵, 有冇, 平靚正, 唔要) out of the words to match and makes them preferences and exclusions",
    },
    Rule {
        id: SCRIPT_READING,
        description: "Adds the other Traditional characters that a Simplified one may stand for (面: 麵), and the Simplified spelling of one that sellers may have left so",
    },
    Rule {
        id: REGION_TERM,
        description: "Adds the words that other regions use for the same thing (冰箱: 雪櫃)",
    },
    Rule {
        id: CONCEPT_KIND,
        description: "Adds the words of narrower things, which count for less (飲品: 可樂, 烏龍茶)",
    },
];
