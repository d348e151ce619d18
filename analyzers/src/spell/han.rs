//! Corrections of a run of Han characters.

use std::ops::Range;

use super::confusions::{Confusion, Confusions};
use super::mistake::{DOUBLED_COST, MISSING_COST, Mistake, SWAPPED_COST, WRONG_COST};
use super::vocabulary::{CharacterId, EDGE, SpellVocabulary, is_edge};

/// A pair of characters that more items hold is no mistake, however large the catalogue.
const DOUBTFUL_ITEMS_MAX: u32 = 2;
/// So many items bring forth any pair of characters once by chance.
const ITEMS_OF_A_CHANCE: u32 = 5_000;
/// The same as a share of the items that hold the rarer of its characters.
const DOUBTFUL_SHARE_MAX: f32 = 0.002;
/// The same for a character beside itself.
const DOUBTFUL_DOUBLE_SHARE_MAX: f32 = 0.05;
/// Pairs of a run that no item has: two wrong characters make four. With more the text is not of the catalogue's language.
const UNSEEN_MAX: usize = 4;
/// Doubtful pairs that are looked at, those that no item has first.
const DOUBTS_MAX: usize = 5;
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
    /// Pairs of what was typed that no item has, and that it takes away.
    pub unseen_mended: u32,
    /// Pairs that no item has, and that it leaves. How words were cut before it says nothing of them.
    pub unseen_left: u32,
    /// The same of pairs that hardly any item has.
    pub rare_left: u32,
}

/// How the catalogue knows a pair of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pair {
    Known,
    /// Hardly any item has it.
    Rare,
    /// No item has it.
    Unseen,
}

/// A run of folded Han characters under correction.
pub struct Run<'a> {
    vocabulary: &'a SpellVocabulary,
    text: &'a [char],
    /// With what stands around the run.
    ids: Vec<Option<CharacterId>>,
    /// By character: part of a word that the catalogue has.
    sound: &'a [bool],
    /// By second character of a pair, from what stands before the run on.
    pairs: Vec<Pair>,
    /// The same: hardly any item has it, or the words around leave it.
    doubtful: Vec<bool>,
    fixes: Vec<Fix>,
}

impl<'a> Run<'a> {
    /// `edges`: what stands before and behind it. By character: `sound`, whether it is part of a word that is known to be meant;
    /// `stray`, whether it is what the words leave at an end of the run; `turned`, whether it and the next are a word turned round.
    pub fn new(
        vocabulary: &'a SpellVocabulary,
        text: &'a [char],
        edges: [char; 2],
        sound: &'a [bool],
        stray: &[bool],
        turned: &[bool],
    ) -> Self {
        let [before, behind] = edges;
        let characters = std::iter::once(&before).chain(text).chain([&behind]);
        let ids: Vec<Option<CharacterId>> = characters.map(|c| vocabulary.id(*c)).collect();
        let known = |at: usize| {
            let (first, second) = (ids[at], ids[at + 1]);
            let is_end = at == 0 && before == EDGE || at == text.len() && behind == EDGE;
            match vocabulary.pair(first, second) {
                _ if is_end => Pair::Known,
                0 => Pair::Unseen,
                _ if is_doubtful(vocabulary, first, second) => Pair::Rare,
                _ => Pair::Known,
            }
        };
        let pairs: Vec<Pair> = (0..=text.len()).map(known).collect();
        let is_inside = |at: usize| at > 0 && at < text.len();
        let doubtful = pairs.iter().enumerate().map(|(at, pair)| {
            *pair != Pair::Known || is_inside(at) && (turned[at - 1] || stray[at - 1] || stray[at])
        });
        Self {
            doubtful: doubtful.collect(),
            pairs,
            vocabulary,
            text,
            ids,
            sound,
            fixes: Vec::new(),
        }
    }

    /// Every fix that makes the run likelier, best first.
    pub fn fixes(mut self, confusions: &Confusions) -> Vec<Fix> {
        let unseen = self
            .pairs
            .iter()
            .filter(|pair| **pair == Pair::Unseen)
            .count();
        if unseen > UNSEEN_MAX {
            return Vec::new();
        }
        let mut doubts = self.doubtful.iter().filter(|doubtful| **doubtful).count();
        for at in (0..self.doubtful.len()).rev() {
            if doubts > DOUBTS_MAX && self.doubtful[at] && self.pairs[at] != Pair::Unseen {
                self.doubtful[at] = false;
                doubts -= 1;
            }
        }
        let mut confused = Vec::new();
        for at in 0..self.text.len() {
            let (before, behind) = (self.doubtful[at], self.doubtful[at + 1]);
            if (before || behind) && !self.sound[at] {
                self.replace(at, confusions, &mut confused);
                self.replace_by_any(at);
            }
            if before && at > 0 {
                self.leave_out(at);
            }
            if behind && at + 1 < self.text.len() {
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
        let is_end = |id: Option<CharacterId>| id == vocabulary.id(EDGE);
        let (before, behind) = (self.ids[at], self.ids[at + 2]);
        let is_wanted = |character| {
            let id = vocabulary.id(character);
            id.is_some()
                && (!is_end(before) && vocabulary.pair(before, id) > 0
                    || !is_end(behind) && vocabulary.pair(id, behind) > 0)
        };
        confusions.of(self.text[at], &is_wanted, confused);
        for confusion in confused.drain(..) {
            let target = vec![confusion.character];
            self.propose(at..at + 1, target, confusion.mistake, confusion.cost);
        }
    }

    /// Any character that the catalogue has between the two neighbours.
    fn replace_by_any(&mut self, at: usize) {
        if at == 0 || at + 1 == self.text.len() {
            return;
        }
        for between in self.between(self.ids[at], self.ids[at + 2]) {
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
                    && !is_edge(vocabulary.character(between))
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
        if self.pairs[at + 1] == Pair::Known {
            return;
        }
        for between in self.between(self.ids[at + 1], self.ids[at + 2]) {
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
        // Places among the ids, of which the first stands before the run.
        let (start, end) = (range.start + 1, range.end + 1);
        let before = &self.ids[start.saturating_sub(CONTEXT)..start];
        let behind = &self.ids[end..(end + CONTEXT).min(self.ids.len())];
        let target_ids = target.iter().map(|c| vocabulary.id(*c));
        let fixed = target_ids.clone().chain(behind.iter().copied());
        let typed = self.ids[start..end].iter().chain(behind).copied();
        let gain = vocabulary.likelihood(before, fixed) - vocabulary.likelihood(before, typed);
        let odds = gain - cost;
        if odds <= 0.0 {
            return;
        }
        let inside = 1..self.ids.len() - 1;
        let around = start.saturating_sub(CONTEXT).max(1)..start;
        let around = self.ids[around].iter().copied().chain(target_ids.clone());
        let around = around.chain(
            self.ids[end..(end + CONTEXT).min(inside.end)]
                .iter()
                .copied(),
        );
        let around: Vec<_> = around.collect();
        let is_edge = |id: Option<CharacterId>| id == vocabulary.id(EDGE);
        // Where a run's last character was doubled, the one before it shows what is left.
        let is_last = end == inside.end;
        let near = start.saturating_sub(1 + usize::from(is_last))..start;
        let made = self.ids[near].iter().copied().chain(target_ids);
        let made = made.chain(self.ids.get(end).copied());
        let items = rarest(vocabulary, made.filter(|id| !is_edge(*id)));
        let near = self.ids[start - 1..(end + 1).min(self.ids.len())]
            .iter()
            .copied();
        let typed_items = rarest(vocabulary, near.filter(|id| !is_edge(*id)));
        let mended = range.start..range.end + 1;
        let count =
            |pairs: &[Pair], kind| pairs.iter().filter(|pair| **pair == kind).count() as u32;
        let left = |kind| count(&self.pairs, kind) - count(&self.pairs[mended.clone()], kind);
        self.fixes.push(Fix {
            unseen_mended: count(&self.pairs[mended.clone()], Pair::Unseen),
            unseen_left: left(Pair::Unseen),
            rare_left: left(Pair::Rare),
            range,
            target,
            mistake,
            gain,
            cost,
            odds,
            items,
            typed_items,
            is_phrase: vocabulary.has_triples(&around),
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
