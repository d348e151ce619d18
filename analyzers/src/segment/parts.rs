//! Parts of long words that are no words there: 皮包 in 牛皮|包裝紙, 單車 in 電單車.
//!
//! A word of the index is also found by the words inside it. Of those two kinds lead astray: what lies across the edge of
//! two others, and a name that the long word ends in by chance. 兒童牙膏 is a 牙膏, for whatever else it is called ends
//! so too; 電單車 is also 機車 and 摩托車, and nothing that a 單車 is called.

use rustc_hash::{FxHashMap, FxHashSet};

/// A word of so many characters is cut in two at one of two places: 打底|褲, 女|內褲.
const SHORT_WORD_CHARACTERS: usize = 3;
/// Names of a thing that must lack what another is called, so that one that ends in it is no kind of it.
const OTHER_NAMES_MIN: usize = 3;
/// Shortest part, characters.
const PART_CHARACTERS_MIN: usize = 2;

/// Characters `start..end` of a word.
pub type Part = (usize, usize);

/// Long word → its parts that are no words there. All folded.
#[derive(Default)]
pub struct UnfitParts {
    by_word: FxHashMap<Box<str>, Vec<Part>>,
}

impl UnfitParts {
    /// `groups`: words that mean the same. `broader`: what a group is a kind of. `pieces`: how each word is cut by the
    /// lexicon that lacks them, lengths in characters. `is_word`: whether the lexicon has it.
    pub fn of(
        groups: &[Vec<String>],
        broader: &FxHashMap<usize, Vec<usize>>,
        pieces: &FxHashMap<String, Vec<usize>>,
        is_word: &dyn Fn(&str) -> bool,
    ) -> Self {
        let names = Names::of(groups, broader);
        let mut by_word: FxHashMap<Box<str>, Vec<Part>> = FxHashMap::default();
        // Short words first: what is no word in 洗手機 is none in 感應洗手機.
        let mut words: Vec<&str> = names.by_word.keys().copied().collect();
        words.sort_unstable_by_key(|word| word.len());
        for word in words {
            let cut = Cut::of(word, pieces.get(word).map_or(&[], Vec::as_slice));
            let mut parts = cut.unfit_parts(&names, is_word);
            let ends = (1..cut.length()).map(|from| (from, cut.length()));
            for (from, length) in ends.filter(|end| !cut.cuts_a_piece(*end)) {
                let end = cut.text((from, length));
                let of_end = by_word.get(end).into_iter().flatten();
                let of_end = of_end.map(|part| (from + part.0, from + part.1));
                parts.extend(
                    of_end
                        .filter(|part| !parts.contains(part))
                        .collect::<Vec<_>>(),
                );
            }
            if !parts.is_empty() {
                by_word.insert(word.into(), parts);
            }
        }
        Self { by_word }
    }

    /// The unfit parts of a word.
    #[inline]
    pub fn of_word(&self, word: &str) -> &[Part] {
        self.by_word.get(word).map_or(&[], Vec::as_slice)
    }
}

/// A word and how it is cut.
struct Cut<'w> {
    word: &'w str,
    /// Byte offset of each character, and the length.
    offsets: Vec<usize>,
    /// Lengths in characters; one piece where the lexicon had the word before.
    pieces: &'w [usize],
}

impl<'w> Cut<'w> {
    fn of(word: &'w str, pieces: &'w [usize]) -> Self {
        let offsets = word.char_indices().map(|(at, _)| at);
        Self {
            word,
            offsets: offsets.chain([word.len()]).collect(),
            pieces,
        }
    }

    fn length(&self) -> usize {
        self.offsets.len() - 1
    }

    fn text(&self, (start, end): Part) -> &'w str {
        &self.word[self.offsets[start]..self.offsets[end]]
    }

    /// All parts but the whole.
    fn parts(&self) -> impl Iterator<Item = Part> + use<> {
        let length = self.length();
        let starts = 0..length.saturating_sub(1);
        let parts = starts.flat_map(move |start| {
            (start + PART_CHARACTERS_MIN..=length).map(move |end| (start, end))
        });
        parts.filter(move |part| *part != (0, length))
    }

    fn unfit_parts(&self, names: &Names<'_>, is_word: &dyn Fn(&str) -> bool) -> Vec<Part> {
        let unfit = self
            .parts()
            .filter(|part| self.is_unfit(*part, names, is_word));
        let mut unfit: Vec<Part> = unfit.collect();
        // Nor does it end as such a thing does: 士多啤梨 is no 梨.
        let length = self.length();
        let is_no_kind = |part: &Part| {
            part.1 == length
                && names.by_word.contains_key(self.text(*part))
                && self.is_by_chance(*part, names)
        };
        if unfit.iter().any(is_no_kind) {
            unfit.push((length - 1, length));
        }
        unfit
    }

    fn is_unfit(&self, part: Part, names: &Names<'_>, is_word: &dyn Fn(&str) -> bool) -> bool {
        let text = self.text(part);
        if part.1 < self.length() || !names.by_word.contains_key(text) {
            return self.cuts_a_piece(part);
        }
        self.is_misread(part, names, is_word) || self.is_by_chance(part, names)
    }

    /// Whether a short word that ends in another thing is cut elsewhere (打底|褲), or has names enough that lack it.
    fn is_misread(&self, part: Part, names: &Names<'_>, is_word: &dyn Fn(&str) -> bool) -> bool {
        let (start, _) = part;
        if self.length() != SHORT_WORD_CHARACTERS {
            return false;
        }
        let is_cut = self.cuts_a_piece(part) || self.is_old() && is_word(self.text((0, start + 1)));
        let names_min = if is_cut { 1 } else { OTHER_NAMES_MIN };
        names.is_other_thing(self.word, self.text(part), names_min)
    }

    /// Whether a word that is more than the sum of others ends in another thing by chance.
    fn is_by_chance(&self, part: Part, names: &Names<'_>) -> bool {
        let (start, _) = part;
        let is_closed = self.is_old() || start == 1 || self.has_character_before(start);
        is_closed && names.is_by_chance(self.word, self.text(part))
    }

    fn is_old(&self) -> bool {
        self.pieces.len() == 1
    }

    /// Whether a part has some but not all characters of a piece, and is no part of it.
    fn cuts_a_piece(&self, (start, end): Part) -> bool {
        let mut from = 0;
        self.pieces.iter().any(|length| {
            let piece = from..from + length;
            from = piece.end;
            let overlaps = start < piece.end && piece.start < end;
            let is_inside = piece.start <= start && end <= piece.end;
            let has_it = start <= piece.start && piece.end <= end;
            overlaps && !is_inside && !has_it
        })
    }

    /// Whether a single character stands among the pieces before a place. 每日|即棄|隱形眼鏡 is put together of words.
    fn has_character_before(&self, place: usize) -> bool {
        let mut from = 0;
        let before = self.pieces.iter().take_while(|length| {
            from += **length;
            from <= place
        });
        before.into_iter().any(|length| *length == 1)
    }
}

/// What things are called.
struct Names<'g> {
    groups: &'g [Vec<String>],
    broader: &'g FxHashMap<usize, Vec<usize>>,
    /// Word → the groups that have it.
    by_word: FxHashMap<&'g str, Vec<usize>>,
}

impl<'g> Names<'g> {
    fn of(groups: &'g [Vec<String>], broader: &'g FxHashMap<usize, Vec<usize>>) -> Self {
        let mut by_word: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (group, words) in groups.iter().enumerate() {
            for word in words {
                by_word.entry(word).or_default().push(group);
            }
        }
        Self {
            groups,
            broader,
            by_word,
        }
    }

    /// All that the things are called that have this word.
    fn siblings(&self, word: &str) -> FxHashSet<&'g str> {
        let groups = self.by_word.get(word).into_iter().flatten();
        let words = groups.flat_map(|group| &self.groups[*group]);
        words.map(String::as_str).collect()
    }

    /// Whether a table says that what `word` names is a kind of what `broad` names.
    fn is_kind_of(&self, word: &str, broad: &str) -> bool {
        let sought = &self.by_word[broad];
        let mut reached = self.by_word[word].clone();
        let mut at = 0;
        while let Some(group) = reached.get(at) {
            let above = self.broader.get(group).into_iter().flatten();
            let new: Vec<usize> = above.filter(|b| !reached.contains(b)).copied().collect();
            reached.extend(new);
            at += 1;
        }
        reached.iter().any(|group| sought.contains(group))
    }

    /// Whether what `word` names is another thing than what `end` does: of its other names at least `names_min` lack
    /// that end, and none of those has anything in it that the other is called.
    fn is_other_thing(&self, word: &str, end: &str, names_min: usize) -> bool {
        if self.is_kind_of(word, end) {
            return false;
        }
        let (of_word, of_end) = (self.siblings(word), self.siblings(end));
        let others: Vec<&&str> = of_word
            .iter()
            .filter(|other| !other.contains(end))
            .collect();
        let is_called_so = |other: &&&str| of_end.iter().any(|name| other.contains(name));
        others.len() >= names_min && !others.iter().any(is_called_so)
    }

    /// Whether `word` is no kind of the `end` that it ends in: another thing, of whose other names at least half lack
    /// that end, and few end in the same character.
    fn is_by_chance(&self, word: &str, end: &str) -> bool {
        let (of_word, of_end) = (self.siblings(word), self.siblings(end));
        let others: Vec<&&str> = of_word
            .iter()
            .filter(|other| !other.contains(end))
            .collect();
        let heads: FxHashSet<char> = of_end
            .iter()
            .filter_map(|n| n.chars().next_back())
            .collect();
        let has_head = |other: &&&&str| {
            let head = other.chars().next_back();
            head.is_some_and(|head| heads.contains(&head))
        };
        self.is_other_thing(word, end, 1)
            && others.len() * 2 >= of_word.len()
            && others.iter().filter(has_head).count() * 2 <= others.len()
    }
}
