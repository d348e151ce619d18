//! Other readings of characters that Simplified does not tell apart: 面 for 麵, and the Simplified spelling of a word that
//! a seller's Simplified title may have kept.

use crate::plan::{QueryTerm, TermFamily};
use crate::rewrite::SCRIPT_READING;
use crate::script::canonical::Script;
use crate::tokens::chain::Chain;
use crate::tokens::term::prefix;
use crate::understand::alternatives::{Alternatives, Proposal};
use crate::understand::terms::{FOLDED_WEIGHT, Required};

/// How good a match by another reading is.
const READING_WEIGHT: f32 = 0.6;
/// How good a match by the characters as they are typed is, where they could be Simplified.
const AS_WRITTEN_WEIGHT: f32 = 0.9;
/// How good a match by the Simplified spelling is.
const FOLD_WEIGHT: f32 = 0.5;

/// `written`: the unit in canonical glyphs; `canonical`: as its word converts; `typed`: the query's script; `meant`: the same, or where it does not tell, that of the region's
/// shoppers: who reads Traditional and types 后 means 后.
pub fn add_readings(
    chain: &Chain,
    (written, canonical): (&str, &str),
    (typed, meant): (Script, Script),
    alternatives: &mut Alternatives<'_>,
) {
    let table = &chain.table;
    let characters: Vec<char> = canonical.chars().collect();
    if !characters.iter().any(|c| table.facts(*c).ambiguous) {
        return;
    }
    if let ([only], Script::Simplified) = (&characters[..], meant) {
        for reading in table.readings(table.folded(*only)) {
            let term = reading.to_string();
            alternatives.add(Proposal {
                rule: SCRIPT_READING,
                text: term.clone(),
                terms: vec![QueryTerm {
                    term: term.clone(),
                    family: TermFamily::Unigram,
                    weight: READING_WEIGHT,
                }],
                required: Required {
                    words: vec![term.clone()],
                    terms: vec![term],
                },
                weight: READING_WEIGHT,
                region: String::new(),
            });
        }
    }
    if typed == Script::Neutral && written != canonical {
        add_as_written(written, alternatives);
    }
    let fold: Vec<char> = characters.iter().map(|c| table.folded(*c)).collect();
    let text: String = fold.iter().collect();
    // A Simplified title whose word is converted rightly is found by the canonical word. What is typed in Simplified may
    // be part of a word, though, and that word converted otherwise.
    let is_traditional = typed == Script::Traditional;
    if fold.len() > 1 && is_traditional && chain.canonical_of_folded(&text) == canonical {
        return;
    }
    let required = folded_grams(&characters, &fold, |c| table.facts(c).ambiguous);
    let terms = required.iter().map(|term| QueryTerm {
        term: term.clone(),
        family: TermFamily::Folded,
        weight: FOLDED_WEIGHT,
    });
    alternatives.add(Proposal {
        rule: SCRIPT_READING,
        text,
        terms: terms.collect(),
        // Grams know no words, and where the word stands as one, its title is found by it.
        required: Required {
            terms: required,
            words: alternatives.typed_words().to_vec(),
        },
        weight: FOLD_WEIGHT,
        region: String::new(),
    });
}

/// 卷毛 is 捲毛 if it is Simplified, but a Traditional title may have it as it is typed.
fn add_as_written(written: &str, alternatives: &mut Alternatives<'_>) {
    let characters: Vec<char> = written.chars().collect();
    let pairs: Vec<String> = characters
        .windows(2)
        .map(|pair| pair.iter().collect())
        .collect();
    let terms = pairs.iter().map(|pair| QueryTerm {
        term: pair.clone(),
        family: TermFamily::Bigram,
        weight: AS_WRITTEN_WEIGHT,
    });
    alternatives.add(Proposal {
        rule: SCRIPT_READING,
        text: written.to_owned(),
        terms: terms.collect(),
        required: Required {
            terms: pairs,
            words: vec![format!("{}{written}", prefix(TermFamily::Word))],
        },
        weight: AS_WRITTEN_WEIGHT,
        region: String::new(),
    });
}

/// The grams that the index holds for a Simplified spelling: folded where a character is in doubt, else canonical.
fn folded_grams(canonical: &[char], fold: &[char], in_doubt: impl Fn(char) -> bool) -> Vec<String> {
    let prefix = prefix(TermFamily::Folded);
    if let [only] = fold {
        return vec![format!("{prefix}{only}")];
    }
    let pairs = canonical.windows(2).zip(fold.windows(2));
    pairs
        .map(|(canonical, fold)| {
            if canonical.iter().any(|c| in_doubt(*c)) {
                format!("{prefix}{}{}", fold[0], fold[1])
            } else {
                canonical.iter().collect()
            }
        })
        .collect()
}
