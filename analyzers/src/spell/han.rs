//! Corrections of a run of Han characters.

use std::ops::Range;

use super::confusions::{Confusion, Confusions};
use super::mistake::{DOUBLED_COST, MISSING_COST, Mistake, SWAPPED_COST};
use super::vocabulary::{CharacterId, SpellVocabulary};

/// A pair of characters that more items hold is no mistake.
const DOUBTFUL_ITEMS_MAX: u32 = 2;
/// The same as a share of the items that hold the rarer of its characters.
const DOUBTFUL_SHARE_MAX: f32 = 0.002;
/// Characters behind one that are tried as left out: the odd character is followed by thousands.
const FOLLOWERS_TRIED: usize = 2_000;

/// A way to correct a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// Characters of the run that it replaces; empty for one that was left out.
    pub range: Range<usize>,
    /// What stands there instead, folded.
    pub target: Vec<char>,
    pub mistake: Mistake,
    /// How much likelier than what was typed, nats.
    pub odds: f32,
    /// Items that hold the rarest pair of characters that the fix makes.
    pub items: u32,
    /// Items that hold the rarest pair of characters that it takes away.
    pub typed_items: u32,
}

/// A run of folded Han characters under correction.
pub struct Run<'a> {
    vocabulary: &'a SpellVocabulary,
    text: &'a [char],
    ids: Vec<Option<CharacterId>>,
    /// By character: part of a word that the catalogue has.
    sound: &'a [bool],
    fixes: Vec<Fix>,
}

impl<'a> Run<'a> {
    /// `sound`: by character, whether it is part of a word that is known to be meant.
    pub fn new(vocabulary: &'a SpellVocabulary, text: &'a [char], sound: &'a [bool]) -> Self {
        Self {
            vocabulary,
            text,
            ids: text.iter().map(|c| vocabulary.id(*c)).collect(),
            sound,
            fixes: Vec::new(),
        }
    }

    /// Every fix that makes the run likelier, best first.
    pub fn fixes(mut self, confusions: &Confusions) -> Vec<Fix> {
        let doubtful: Vec<bool> = (1..self.text.len())
            .map(|second| self.is_doubtful(second - 1))
            .collect();
        if !doubtful.contains(&true) {
            return Vec::new();
        }
        let mut confused = Vec::new();
        for at in 0..self.text.len() {
            let before = at > 0 && doubtful[at - 1];
            let behind = doubtful.get(at) == Some(&true);
            if (before || behind) && !self.sound[at] {
                self.replace(at, confusions, &mut confused);
                self.leave_out(at);
            }
            if behind {
                self.put_between(at);
                self.swap(at);
            }
        }
        let mut fixes = self.fixes;
        fixes.sort_by(|a, b| b.odds.total_cmp(&a.odds));
        fixes
    }

    /// Whether hardly any item has a character and the next side by side.
    fn is_doubtful(&self, first: usize) -> bool {
        let (a, b) = (self.ids[first], self.ids[first + 1]);
        let items = self.vocabulary.pair(a, b);
        let rarer = self.vocabulary.items(a).min(self.vocabulary.items(b));
        items <= DOUBTFUL_ITEMS_MAX || (items as f32) < rarer * DOUBTFUL_SHARE_MAX
    }

    fn replace(&mut self, at: usize, confusions: &Confusions, confused: &mut Vec<Confusion>) {
        let vocabulary = self.vocabulary;
        let (before, behind) = (at.checked_sub(1).map(|b| self.ids[b]), self.ids.get(at + 1));
        let is_wanted = |character| {
            let id = vocabulary.id(character);
            id.is_some()
                && (before.is_some_and(|before| vocabulary.pair(before, id) > 0)
                    || behind.is_some_and(|behind| vocabulary.pair(id, *behind) > 0))
        };
        confusions.of(self.text[at], &is_wanted, confused);
        for confusion in confused.drain(..) {
            let target = vec![confusion.character];
            self.propose(at..at + 1, target, confusion.mistake, confusion.cost);
        }
    }

    /// A character typed twice.
    fn leave_out(&mut self, at: usize) {
        if at > 0 && self.text[at] == self.text[at - 1] {
            self.propose(at..at + 1, Vec::new(), Mistake::Doubled, DOUBLED_COST);
        }
    }

    /// A character left out behind `at`.
    fn put_between(&mut self, at: usize) {
        let (Some(before), behind) = (self.ids[at], self.ids[at + 1]) else {
            return;
        };
        let vocabulary = self.vocabulary;
        for (between, items) in vocabulary.followers(before).take(FOLLOWERS_TRIED) {
            if items > DOUBTFUL_ITEMS_MAX
                && vocabulary.pair(Some(between), behind) > DOUBTFUL_ITEMS_MAX
            {
                let target = vec![vocabulary.character(between)];
                self.propose(at + 1..at + 1, target, Mistake::Missing, MISSING_COST);
            }
        }
    }

    fn swap(&mut self, at: usize) {
        if self.text[at] != self.text[at + 1] && !(self.sound[at] && self.sound[at + 1]) {
            let target = vec![self.text[at + 1], self.text[at]];
            self.propose(at..at + 2, target, Mistake::Swapped, SWAPPED_COST);
        }
    }

    fn propose(&mut self, range: Range<usize>, target: Vec<char>, mistake: Mistake, cost: f32) {
        let vocabulary = self.vocabulary;
        let before = range.start.checked_sub(1).map(|before| self.ids[before]);
        let behind = self.ids.get(range.end).copied();
        let fixed = || {
            let target = target.iter().map(|c| vocabulary.id(*c));
            target.chain(behind)
        };
        let typed = || self.ids[range.clone()].iter().copied().chain(behind);
        let gain = vocabulary.likelihood(before, fixed()) - vocabulary.likelihood(before, typed());
        let odds = gain - cost;
        if odds <= 0.0 {
            return;
        }
        let rarest = |ids: Vec<Option<CharacterId>>| {
            let pairs = ids.windows(2).map(|pair| vocabulary.pair(pair[0], pair[1]));
            pairs.min().unwrap_or(0)
        };
        let items = rarest(before.into_iter().chain(fixed()).collect());
        let typed_items = rarest(before.into_iter().chain(typed()).collect());
        self.fixes.push(Fix {
            range,
            target,
            mistake,
            odds,
            items,
            typed_items,
        });
    }
}
