//! An understood query, and which of its terms are looked up.

use rustc_hash::FxHashMap;
use sampan_analyzers::plan::{Alternative, QueryTerm, TermFamily, Understood, Unit};

/// Weight of a term in category, attributes or tags, against 1 in title or brand.
pub(super) const CONTEXT_WEIGHT: f32 = 0.35;

/// Which terms of a query recall goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breadth {
    /// Those that mean something: where many items match, characters bring nothing that is worth its price.
    Words,
    /// All, single characters too.
    Characters,
}

/// What to look up for an understood query.
pub struct LexicalQuery<'q> {
    understood: &'q Understood,
}

impl<'q> LexicalQuery<'q> {
    pub fn new(understood: &'q Understood) -> Self {
        Self { understood }
    }

    /// True when nothing can be looked up: the request browses.
    pub fn is_empty(&self) -> bool {
        self.understood.typed.is_empty() && self.understood.units.is_empty()
    }

    /// The query as it was understood.
    pub fn understood(&self) -> &'q Understood {
        self.understood
    }

    /// Units of the query.
    pub fn units(&self) -> &'q [Unit] {
        &self.understood.units
    }

    /// Words that an item must not have.
    pub(super) fn excluded(&self) -> &'q [Unit] {
        &self.understood.excluded
    }

    /// The terms that recall goes by, and what each weighs; none twice.
    pub(super) fn weights(&self, breadth: Breadth) -> Vec<(&'q str, f32)> {
        let weights = match breadth {
            Breadth::Words => self.words(),
            Breadth::Characters => self.characters(),
        };
        weights.into_iter().collect()
    }

    /// All terms, typed and rewritten. Heads tell nothing that grams do not when it is only about which items to look
    /// at.
    fn characters(&self) -> FxHashMap<&'q str, f32> {
        let mut weights = FxHashMap::default();
        let rewritten = self.alternatives().flat_map(|way| &way.terms);
        let terms = self.understood.typed.iter().chain(rewritten);
        for term in terms.filter(|term| term.family != TermFamily::Head) {
            heavier(&mut weights, &term.term, term.weight);
        }
        weights
    }

    /// Of what was typed no character that a pair or word has; and every other way to say a word as one term, which
    /// weighs what all of its terms do.
    fn words(&self) -> FxHashMap<&'q str, f32> {
        let mut weights = FxHashMap::default();
        let alone: Vec<&str> = self
            .alternatives()
            .flat_map(|way| &way.required)
            .map(String::as_str)
            .collect();
        for term in &self.understood.typed {
            let counts = match term.family {
                TermFamily::Bigram | TermFamily::Word | TermFamily::Latin => true,
                TermFamily::Unigram => alone.contains(&term.term.as_str()),
                TermFamily::Head | TermFamily::Folded => false,
            };
            if counts {
                heavier(&mut weights, &term.term, term.weight);
            }
        }
        for way in self.alternatives().filter(|way| way.edit.is_some()) {
            let whole = way.terms.iter().find(|term| term.is_word(&way.text));
            match whole {
                Some(word) => {
                    let all = way.terms.iter().filter(|t| t.family != TermFamily::Head);
                    heavier(&mut weights, &word.term, all.map(|term| term.weight).sum());
                }
                None => {
                    let needed = |term: &&QueryTerm| way.required.contains(&term.term);
                    for term in way.terms.iter().filter(needed) {
                        heavier(&mut weights, &term.term, term.weight);
                    }
                }
            }
        }
        weights
    }

    fn alternatives(&self) -> impl Iterator<Item = &'q Alternative> {
        self.understood
            .units
            .iter()
            .flat_map(|unit| &unit.alternatives)
    }
}

fn heavier<'q>(weights: &mut FxHashMap<&'q str, f32>, term: &'q str, weight: f32) {
    let known = weights.entry(term).or_insert(0.0);
    *known = known.max(weight);
}
