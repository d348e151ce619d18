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
pub const SOUND_JYUTPING: &str = "sound.jyutping";
pub const SOUND_PINYIN: &str = "sound.pinyin";
pub const SOUND_ZHUYIN: &str = "sound.zhuyin";
pub const SOUND_ZHUYIN_KEYS: &str = "sound.zhuyin_keys";
pub const SOUND_CANGJIE: &str = "sound.cangjie";
pub const SOUND_QUICK: &str = "sound.quick";

/// All rules, in the order that they are applied.
pub const RULES: &[Rule] = &[
    Rule {
        id: QUERY_SPOKEN,
        description: "Takes spoken wishes (想搵, 有冇, 平靚正, 唔要) out of the words to match and makes them preferences and exclusions",
    },
    Rule {
        id: SOUND_JYUTPING,
        description: "Adds the term that was typed as jyutping, with or without tones, also lazily (syutgwai: 雪櫃)",
    },
    Rule {
        id: SOUND_PINYIN,
        description: "Adds the term that was typed as pinyin, in full, by initials or among characters (bing箱: 冰箱)",
    },
    Rule {
        id: SOUND_ZHUYIN,
        description: "Adds the term that was typed as zhuyin symbols (ㄒㄧㄧㄐㄧ: 洗衣機)",
    },
    Rule {
        id: SOUND_ZHUYIN_KEYS,
        description: "Adds the term whose zhuyin was typed on a keyboard left in Latin mode (vu3uru: 洗衣機)",
    },
    Rule {
        id: SOUND_CANGJIE,
        description: "Adds the term whose Cangjie codes were typed in Latin mode (mbsm dslc: 雪櫃)",
    },
    Rule {
        id: SOUND_QUICK,
        description: "Adds the term whose Quick codes were typed in Latin mode (mm dc: 雪櫃)",
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
