//! What script a character belongs to, and what it stands for in the others; derived from OpenCC and the lexicon.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fmt::Write as _;

use opencc_rust::OpenCC;

use crate::lexicon::{Entry, Forms};
use crate::opencc::{Converters, convert_lines};
use crate::shop_glyphs::ShopGlyph;

/// Unified ideographs of the planes that the conversions cover.
const HAN: [std::ops::RangeInclusive<char>; 3] = [
    '\u{3400}'..='\u{4DBF}',
    '\u{4E00}'..='\u{9FFF}',
    '\u{20000}'..='\u{2FA1F}',
];
/// A Traditional form found in this many Simplified words is no sign of Traditional text (乾 in 乾隆).
const NOISE_WORDS_MAX: usize = 2;

pub struct Characters {
    /// Character → one glyph for all regional variants of the Traditional character (裡 裏; 麪 麵).
    canonical: HashMap<char, char>,
    /// Character → canonical Traditional when nothing else is known.
    traditional: HashMap<char, char>,
    /// Character → Simplified.
    fold: HashMap<char, char>,
    /// Simplified character → the canonical Traditional ones that it stands for.
    readings: BTreeMap<char, BTreeSet<char>>,
    only_traditional: BTreeSet<char>,
    only_simplified: BTreeSet<char>,
}

impl Characters {
    pub fn derive(
        words: &[Entry],
        forms: &Forms,
        converters: &Converters,
        shop_glyphs: &[ShopGlyph],
    ) -> Result<Self, Box<dyn Error>> {
        let all: Vec<char> = HAN.into_iter().flatten().collect();
        let s2t = character_map(&converters.s2t, &all)?;
        let t2s = character_map(&converters.t2s, &all)?;
        let of = |map: &HashMap<char, char>, c: char| map.get(&c).copied().unwrap_or(c);
        let classes = variant_classes(converters, &all)?;
        let mut canonical = HashMap::new();
        let mut fold = t2s.clone();
        for class in &classes {
            let representative = class.representative(|c| of(&s2t, of(&t2s, c)));
            canonical.extend(class.members.iter().map(|&c| (c, representative)));
            // One Simplified form for all the glyphs: 檯 and 枱 are both 台.
            if let Some(simplified) = class.members.iter().find_map(|c| t2s.get(c)) {
                fold.extend(class.members.iter().map(|&c| (c, *simplified)));
            }
        }
        for &ShopGlyph { glyph, usual } in shop_glyphs {
            let usual = of(&canonical, usual);
            let beside = canonical.iter().filter(|&(_, &of)| of == glyph);
            let beside: Vec<char> = beside.map(|(&c, _)| c).chain([glyph]).collect();
            canonical.extend(beside.iter().map(|&c| (c, usual)));
            fold.extend(beside.iter().map(|&c| (c, of(&t2s, usual))));
        }
        let traditional: HashMap<char, char> = all
            .iter()
            .map(|&c| (c, of(&canonical, of(&s2t, c))))
            .filter(|(from, to)| from != to)
            .collect();

        let seen = readings_in_words(words, forms, &canonical);
        let mut readings: BTreeMap<char, BTreeSet<char>> = BTreeMap::new();
        for (&simplified, counts) in &seen {
            let kept = counts
                .iter()
                .filter(|&(&c, _)| c == of(&traditional, simplified) || of(&fold, c) == simplified)
                .map(|(&c, _)| c);
            readings.entry(simplified).or_default().extend(kept);
        }
        readings.retain(|_, set| set.len() > 1);

        let in_simplified = word_counts(words);
        let mut self_folding: BTreeSet<char> = BTreeSet::new();
        for &c in all.iter().filter(|&&c| of(&fold, c) == c) {
            self_folding.insert(of(&canonical, c));
        }
        let only_traditional = all
            .iter()
            .copied()
            .filter(|&c| of(&fold, c) != c && !self_folding.contains(&of(&canonical, c)))
            .filter(|c| in_simplified.get(c).copied().unwrap_or(0) <= NOISE_WORDS_MAX)
            .collect();
        let only_simplified = all
            .iter()
            .copied()
            .filter(|&c| of(&traditional, c) != of(&canonical, c))
            .filter(|c| {
                !readings
                    .get(c)
                    .is_some_and(|set| set.contains(&of(&canonical, *c)))
            })
            .collect();
        Ok(Self {
            canonical,
            traditional,
            fold,
            readings,
            only_traditional,
            only_simplified,
        })
    }

    pub fn canonical(&self, c: char) -> char {
        self.canonical.get(&c).copied().unwrap_or(c)
    }

    pub fn traditional(&self, c: char) -> char {
        self.traditional
            .get(&c)
            .copied()
            .unwrap_or_else(|| self.canonical(c))
    }

    /// Whether a folded character stands for several Traditional ones.
    pub fn has_readings(&self, folded: char) -> bool {
        self.readings.contains_key(&folded)
    }

    /// The Simplified form of the canonical glyph, and of that again until it stays: 薴 → 苧 → 苎.
    fn folded(&self, c: char) -> char {
        const STEPS_MAX: usize = 4;
        let mut folded = c;
        for _ in 0..STEPS_MAX {
            let canonical = self.canonical(folded);
            let next = self.fold.get(&canonical).copied().unwrap_or(canonical);
            if next == folded {
                break;
            }
            folded = next;
        }
        folded
    }

    /// As the analysers fold text before they cut it.
    pub fn folded_text(&self, text: &str) -> String {
        text.to_lowercase()
            .chars()
            .map(|c| self.folded(c))
            .collect()
    }

    /// Lines of `character canonical traditional folded flags readings`; characters that stay as they are left out.
    /// Flags: `T` only in Traditional text, `S` only in Simplified text, `-` neither.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for c in HAN.into_iter().flatten() {
            let (canonical, traditional) = (self.canonical(c), self.traditional(c));
            let fold = self.folded(c);
            let flags = match (
                self.only_traditional.contains(&c),
                self.only_simplified.contains(&c),
            ) {
                (true, _) => 'T',
                (_, true) => 'S',
                _ => '-',
            };
            let readings: String = self.readings.get(&c).into_iter().flatten().collect();
            if (canonical, traditional, fold, flags) == (c, c, c, '-') && readings.is_empty() {
                continue;
            }
            let _ = writeln!(
                text,
                "{c} {canonical} {traditional} {fold} {flags} {readings}"
            );
        }
        text
    }
}

/// What a converter makes of each character alone; only those that change, into one character.
fn character_map(converter: &OpenCC, all: &[char]) -> Result<HashMap<char, char>, Box<dyn Error>> {
    let lines: Vec<String> = all.iter().map(char::to_string).collect();
    let plain: Vec<&str> = lines.iter().map(String::as_str).collect();
    let converted = convert_lines(converter, &plain)?;
    let single = |text: &String| {
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    Ok(all
        .iter()
        .zip(&converted)
        .filter_map(|(&from, to)| Some((from, single(to)?)))
        .filter(|(from, to)| from != to)
        .collect())
}

/// Regional glyphs of one Traditional character.
struct VariantClass {
    members: BTreeSet<char>,
    /// Taiwan's glyph of every member.
    taiwan: Vec<char>,
}

impl VariantClass {
    /// The glyph that most members have in Taiwan or come to by way of Simplified; the smallest of equals.
    fn representative(&self, usual: impl Fn(char) -> char) -> char {
        let usual = self
            .members
            .iter()
            .map(|&c| usual(c))
            .filter(|c| self.members.contains(c));
        let mut votes: BTreeMap<char, usize> = BTreeMap::new();
        for c in self.taiwan.iter().copied().chain(usual) {
            *votes.entry(c).or_default() += 1;
        }
        votes
            .into_iter()
            .max_by_key(|&(c, count)| (count, std::cmp::Reverse(c)))
            .map_or('\0', |(c, _)| c)
    }
}

/// Merges what the Hong Kong and Taiwan conversions hold for the same character.
fn variant_classes(
    converters: &Converters,
    all: &[char],
) -> Result<Vec<VariantClass>, Box<dyn Error>> {
    let to_taiwan = character_map(&converters.t2tw, all)?;
    let others = [&converters.t2hk, &converters.hk2t, &converters.tw2t];
    let mut pairs: BTreeSet<(char, char)> = to_taiwan.iter().map(|(&a, &b)| (a, b)).collect();
    for converter in others {
        pairs.extend(character_map(converter, all)?);
    }
    let mut classes: Vec<BTreeSet<char>> = Vec::new();
    for (a, b) in pairs {
        let mut merged = BTreeSet::from([a, b]);
        classes.retain(|class| {
            let touches = class.contains(&a) || class.contains(&b);
            if touches {
                merged.extend(class);
            }
            !touches
        });
        classes.push(merged);
    }
    let taiwan = |c: &char| to_taiwan.get(c).copied().unwrap_or(*c);
    Ok(classes
        .into_iter()
        .map(|members| VariantClass {
            taiwan: members.iter().map(taiwan).collect(),
            members,
        })
        .collect())
}

/// How often the lexicon's words turn a Simplified character into each canonical one.
fn readings_in_words(
    words: &[Entry],
    forms: &Forms,
    canonical: &HashMap<char, char>,
) -> BTreeMap<char, BTreeMap<char, usize>> {
    let mut seen: BTreeMap<char, BTreeMap<char, usize>> = BTreeMap::new();
    for (entry, traditional) in words.iter().zip(&forms.traditional) {
        if entry.word.chars().count() != traditional.chars().count() {
            continue;
        }
        for (from, to) in entry.word.chars().zip(traditional.chars()) {
            let to = canonical.get(&to).copied().unwrap_or(to);
            *seen.entry(from).or_default().entry(to).or_default() += 1;
        }
    }
    seen
}

fn word_counts(words: &[Entry]) -> HashMap<char, usize> {
    let mut counts = HashMap::new();
    for entry in words {
        for c in entry.word.chars() {
            *counts.entry(c).or_default() += 1;
        }
    }
    counts
}
