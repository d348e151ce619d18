//! What was heard in a spoken query, and the words that are left of it.

use std::ops::Range;

use super::Understanding;
use crate::normalize::{Class, Folded, NormalText};
use crate::plan::{Edit, Preference, Understood};
use crate::rewrite::QUERY_SPOKEN;
use crate::rewrite::spoken::{Heard, hear};
use crate::rewrite::spoken_patterns::Kind;
use crate::tokens::analysis::Analysis;

impl Understanding<'_> {
    pub(super) fn hear(&self, typed: &Analysis) -> Heard {
        let Some(region) = self.region.filter(|_| self.is_on(QUERY_SPOKEN)) else {
            return Heard::default();
        };
        hear(&region.spoken, typed, &|canonical| self.is_thing(canonical))
    }

    pub(super) fn record_spoken(
        &self,
        typed: &Analysis,
        heard: &Heard,
        understood: &mut Understood,
    ) {
        for taken in &heard.taken {
            let target = match taken.kind {
                Kind::Wish(preferences) => {
                    for preference in preferences {
                        if !understood.preferences.contains(preference) {
                            understood.preferences.push(*preference);
                        }
                    }
                    preferences
                        .iter()
                        .copied()
                        .map(preference_name)
                        .collect::<Vec<_>>()
                        .join(" ")
                }
                Kind::Negation => "not".to_owned(),
                Kind::Filler
                | Kind::Function
                | Kind::Classifier
                | Kind::Link
                | Kind::PriceLimit
                | Kind::Context => String::new(),
            };
            understood.edits.push(Edit {
                rule: QUERY_SPOKEN,
                source: typed.source(taken.range.start, taken.range.end),
                target,
                weight: 1.0,
                region: self.region_code.to_owned(),
            });
        }
    }

    /// The query with some characters made gaps, cut anew.
    pub(super) fn masked(
        &self,
        typed: &Analysis,
        gone: impl Iterator<Item = Range<usize>>,
    ) -> Analysis {
        let mut normal = NormalText {
            characters: typed.normal.characters.clone(),
        };
        for range in gone {
            for c in &mut normal.characters[range] {
                *c = gap(*c);
            }
        }
        self.chain.analyse_folded(normal, Some(typed.script))
    }

    /// What is wanted, in writing: the query without what was taken; 無線嘅滑鼠 is a 無線滑鼠.
    pub(super) fn joined(&self, typed: &Analysis, heard: &Heard) -> Analysis {
        let mut kept = vec![true; typed.length()];
        for range in heard.gone() {
            kept[range].fill(false);
        }
        let is_kept = |at: usize| kept.get(at) == Some(&true) && typed.is_han(at);
        let mut joins = vec![false; typed.length()];
        for taken in heard.taken.iter().filter(|taken| taken.kind == Kind::Link) {
            let Range { start, end } = taken.range;
            joins[start..end].fill(start > 0 && is_kept(start - 1) && is_kept(end));
        }
        let characters = typed.normal.characters.iter().enumerate();
        let characters = characters.filter(|&(at, _)| !joins[at]);
        let characters = characters.map(|(at, &c)| if kept[at] { c } else { gap(c) });
        let normal = NormalText {
            characters: characters.collect(),
        };
        self.chain.analyse_folded(normal, Some(typed.script))
    }
}

fn gap(c: Folded) -> Folded {
    Folded {
        character: ' ',
        class: Class::Gap,
        ..c
    }
}

fn preference_name(preference: Preference) -> &'static str {
    match preference {
        Preference::Cheap => "cheap",
        Preference::Quality => "quality",
        Preference::Newest => "newest",
        Preference::Popular => "popular",
    }
}
