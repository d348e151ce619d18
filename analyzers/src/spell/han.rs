//! Corrections of a run of Han characters.

use std::ops::Range;

use super::confusions::{Confusion, Confusions};
use super::mistake::{DOUBLED_COST, MISSING_COST, Mistake, SWAPPED_COST, WRONG_COST};
use super::vocabulary::{CharacterId, EDGE, SpellVocabulary};

/// A pair of characters that more items hold is no mistake, however large the catalogue.
const DOUBTFUL_ITEMS_MAX: u32 = 2;
/// So many items bring forth any pair of characters once by chance.
const ITEMS_OF_A_CHANCE: u32 = 5_000;
/// The same as a share of the items that hold the rarer of its characters.
const DOUBTFUL_SHARE_MAX: f32 = 0.002;
/// The same for a character beside itself.
const DOUBTFUL_DOUBLE_SHARE_MAX: f32 = 0.05;
/// Doubtful pairs of a run: two wrong characters make four. With more the text is not of the catalogue's language.
const DOUBTS_MAX: usize = 4;
/// Characters on either side that a fix makes likelier or not.
const CONTEXT: usize = 2;
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
    /// How much likelier the catalogue makes it than what was typed, nats.
    pub gain: f32,
    /// Of the mistake, nats.
    pub cost: f32,
    /// What the gain is worth against the cost.
    pub odds: f32,
    /// Items that hold the rarest pair of characters that the fix makes.
    pub items: u32,
    /// Items that hold the rarest pair of characters that it takes away.
    pub typed_items: u32,
    /// Whether titles hold each three characters that it puts side by side.
    pub is_phrase: bool,
    /// Pairs that hardly any item has, and that it leaves. How words were cut before it says nothing of them.
    pub doubts_left: usize,
}

/// A run of folded Han characters under correction.
pub struct Run<'a> {
    vocabulary: &'a SpellVocabulary,
    text: &'a [char],
    ids: Vec<Option<CharacterId>>,
    /// By character: part of a word that the catalogue has.
    sound: &'a [bool],
    /// By first character of a pair: hardly any item has it.
    strange: Vec<bool>,
    /// The same, or the words around leave it.
    doubtful: Vec<bool>,
    fixes: Vec<Fix>,
}

impl<'a> Run<'a> {
    /// By character: `sound`, whether it is part of a word that is known to be meant; `stray`, whether it is what the
    /// words leave at an end of the run.
    pub fn new(
        vocabulary: &'a SpellVocabulary,
        text: &'a [char],
        sound: &'a [bool],
        stray: &[bool],
        turned: &[bool],
    ) -> Self {
        let ids: Vec<Option<CharacterId>> = text.iter().map(|c| vocabulary.id(*c)).collect();
        let pairs = ids.windows(2);
        let strange: Vec<bool> = pairs
            .map(|pair| is_doubtful(vocabulary, pair[0], pair[1]))
            .collect();
        let pairs = strange.iter().zip(stray.windows(2)).zip(turned);
        let doubtful =
            pairs.map(|((strange, stray), turned)| *strange || *turned || stray.contains(&true));
        Self {
            doubtful: doubtful.collect(),
            strange,
            vocabulary,
            text,
            ids,
            sound,
            fixes: Vec::new(),
        }
    }

    /// Every fix that makes the run likelier, best first.
    pub fn fixes(mut self, confusions: &Confusions) -> Vec<Fix> {
        let doubts = self.doubtful.iter().filter(|doubtful| **doubtful).count();
        if !(1..=DOUBTS_MAX).contains(&doubts) {
            return Vec::new();
        }
        let mut confused = Vec::new();
        for at in 0..self.text.len() {
            let before = at > 0 && self.doubtful[at - 1];
            let behind = self.doubtful.get(at) == Some(&true);
            if (before || behind) && !self.sound[at] {
                self.replace(at, confusions, &mut confused);
                self.replace_by_any(at);
            }
            if before {
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

    /// Any character that the catalogue has between the two neighbours.
    fn replace_by_any(&mut self, at: usize) {
        let (Some(before), Some(behind)) = (at.checked_sub(1), self.ids.get(at + 1)) else {
            return;
        };
        for between in self.between(self.ids[before], *behind) {
            if between != self.text[at] {
                self.propose(at..at + 1, vec![between], Mistake::Wrong, WRONG_COST);
            }
        }
    }

    /// Characters that the catalogue has between two others, more often than by chance.
    fn between(&self, before: Option<CharacterId>, behind: Option<CharacterId>) -> Vec<char> {
        let vocabulary = self.vocabulary;
        let by_chance = chance_items(vocabulary);
        let followers = before.map(|before| vocabulary.followers(before).take(FOLLOWERS_TRIED));
        followers
            .into_iter()
            .flatten()
            .filter(|&(between, items)| {
                items > by_chance
                    && vocabulary.character(between) != EDGE
                    && vocabulary.pair(Some(between), behind) > by_chance
            })
            .map(|(between, _)| vocabulary.character(between))
            .collect()
    }

    /// A character typed twice.
    fn leave_out(&mut self, at: usize) {
        if self.text[at] == self.text[at - 1] {
            self.propose(at..at + 1, Vec::new(), Mistake::Doubled, DOUBLED_COST);
        }
    }

    /// A character left out behind `at`.
    fn put_between(&mut self, at: usize) {
        // That titles hold the two side by side speaks for them, whatever else may stand between.
        if !self.strange[at] {
            return;
        }
        for between in self.between(self.ids[at], self.ids[at + 1]) {
            self.propose(
                at + 1..at + 1,
                vec![between],
                Mistake::Missing,
                MISSING_COST,
            );
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
        let edge = vocabulary.id(EDGE);
        let context = &self.ids[range.start.saturating_sub(CONTEXT)..range.start];
        let mut before = [edge; CONTEXT];
        before[CONTEXT - context.len()..].copy_from_slice(context);
        let before = &before[CONTEXT - (context.len() + 1).min(CONTEXT)..];
        let rest = self.ids[range.end..].iter().copied();
        let behind = rest.clone().chain([edge]).take(CONTEXT);
        let target_ids = target.iter().map(|c| vocabulary.id(*c));
        let fixed = target_ids.clone().chain(behind.clone());
        let typed = self.ids[range.clone()].iter().copied().chain(behind);
        let gain = vocabulary.likelihood(before, fixed) - vocabulary.likelihood(before, typed);
        let odds = gain - cost;
        if odds <= 0.0 {
            return;
        }
        let around = context.iter().copied().chain(target_ids.clone());
        let around: Vec<_> = around.chain(rest.take(CONTEXT)).collect();
        // Where a run's last character was doubled, the one before it shows what is left.
        let last = self.ids.get(range.end).copied();
        let near = range.start.saturating_sub(1 + usize::from(last.is_none()))..range.start;
        let before = || self.ids[near.clone()].iter().copied();
        let items = rarest(vocabulary, before().chain(target_ids).chain(last));
        let near = range.start.saturating_sub(1)..(range.end + 1).min(self.ids.len());
        let typed_items = rarest(vocabulary, self.ids[near].iter().copied());
        let mended = range.start.saturating_sub(1)..range.end;
        let strange = self.strange.iter().enumerate();
        let doubts_left = strange
            .filter(|(first, is_strange)| **is_strange && !mended.contains(first))
            .count();
        self.fixes.push(Fix {
            range,
            target,
            mistake,
            gain,
            cost,
            odds,
            items,
            typed_items,
            is_phrase: vocabulary.has_triples(&around),
            doubts_left,
        });
    }
}

/// Items that hold the rarest of the pairs; 0 for none.
fn rarest(
    vocabulary: &SpellVocabulary,
    characters: impl Iterator<Item = Option<CharacterId>>,
) -> u32 {
    let ids: Vec<_> = characters.collect();
    let pairs = ids.windows(2).map(|pair| vocabulary.pair(pair[0], pair[1]));
    pairs.min().unwrap_or(0)
}

/// Whether hardly any item has the two characters side by side.
pub fn is_doubtful(
    vocabulary: &SpellVocabulary,
    first: Option<CharacterId>,
    second: Option<CharacterId>,
) -> bool {
    let items = vocabulary.pair(first, second);
    let rarer = vocabulary.items(first).min(vocabulary.items(second));
    let share = match first == second {
        true => DOUBTFUL_DOUBLE_SHARE_MAX,
        false => DOUBTFUL_SHARE_MAX,
    };
    items <= chance_items(vocabulary) || (items as f32) < rarer * share
}

/// Items that may hold a pair of characters by chance.
fn chance_items(vocabulary: &SpellVocabulary) -> u32 {
    (vocabulary.items_total() / ITEMS_OF_A_CHANCE).min(DOUBTFUL_ITEMS_MAX)
}
