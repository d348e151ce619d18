//! Rewrites: each brings explicit edits, each can be switched off by its id.

pub mod compounds;
pub mod concepts;
pub mod expansions;
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
pub const VECTOR_NEIGHBOUR: &str = "vector.neighbour";
pub const SCRIPT_READING: &str = "script.reading";
pub const QUERY_SPOKEN: &str = "query.spoken";
pub const SOUND_JYUTPING: &str = "sound.jyutping";
pub const SOUND_PINYIN: &str = "sound.pinyin";
pub const SOUND_ZHUYIN: &str = "sound.zhuyin";
pub const SOUND_ZHUYIN_KEYS: &str = "sound.zhuyin_keys";
pub const SOUND_CANGJIE: &str = "sound.cangjie";
pub const SOUND_QUICK: &str = "sound.quick";
pub const SPELL_HOMOPHONE: &str = "spell.homophone";
pub const SPELL_LOOK_ALIKE: &str = "spell.look_alike";
pub const SPELL_WRONG: &str = "spell.wrong";
pub const SPELL_MISSING: &str = "spell.missing";
pub const SPELL_DOUBLED: &str = "spell.doubled";
pub const SPELL_SWAPPED: &str = "spell.swapped";
pub const SPELL_LATIN: &str = "spell.latin";
pub const SPELL_SPACING: &str = "spell.spacing";

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
        id: SPELL_SPACING,
        description: "Adds the other spelling of a Latin name whose spaces the catalogue sets otherwise (homichef: homi chef)",
    },
    Rule {
        id: SPELL_HOMOPHONE,
        description: "Corrects a character that sounds like the right one in Cantonese or Mandarin (雪貴: 雪櫃)",
    },
    Rule {
        id: SPELL_LOOK_ALIKE,
        description: "Corrects a character that looks like the right one (面模: 面膜)",
    },
    Rule {
        id: SPELL_WRONG,
        description: "Corrects a character that is wrong in some other way, where its neighbours tell the right one (咳啡店: 咖啡店)",
    },
    Rule {
        id: SPELL_MISSING,
        description: "Puts in a character that was left out (洗機: 洗衣機)",
    },
    Rule {
        id: SPELL_DOUBLED,
        description: "Takes out a character that was typed twice (洗衣衣機: 洗衣機)",
    },
    Rule {
        id: SPELL_SWAPPED,
        description: "Puts two neighbouring characters in their right order (洗機衣: 洗衣機)",
    },
    Rule {
        id: SPELL_LATIN,
        description: "Corrects one letter of a Latin word that nobody knows (nestel: nestle)",
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
    Rule {
        id: VECTOR_NEIGHBOUR,
        description: "Adds words of the catalogue that stand near a word in meaning, where the words themselves find little (克力架: 梳打餅)",
    },
];
