//! What a thing would be called elsewhere, part by part: 健腹輪 is 健腹轆 where a 輪 is a 轆, 車用充電器 is 車載充電器.
//!
//! Nobody writes down every compound that a region makes of its own words. Where the concept lexicon knows what the head
//! of a compound is called in another vocabulary, or what is said there before it, it knows the compound too, though less
//! surely than one that it lists.

use rustc_hash::FxHashMap;

use crate::rewrite::concepts::{Concept, ConceptTerm, Direction, Found, term_key};

/// Vocabularies that compounds are made for.
const VOCABULARIES: [&str; 3] = ["hk", "tw", "cn"];
/// What is said of goods of any department.
const ATTRIBUTES: &str = "attributes/";
/// Characters that are shop words only inside of others.
const PARTS: &str = "attributes/parts";
/// Shortest word that is taken apart, characters.
const WORD_CHARACTERS_MIN: usize = 3;
/// Most compounds of a concept: they share the room of its other words.
const COMPOUNDS_MAX: usize = 6;

/// Words that no table lists, made of those that they do.
#[derive(Default)]
pub struct Compounds {
    /// By the concept's number.
    by_concept: Vec<Vec<ConceptTerm>>,
    /// Key → concept and term.
    by_key: FxHashMap<String, (u32, u32)>,
}

impl Compounds {
    /// `listed`: key → concept and term, of all that the tables list. `is_word`: whether the lexicon has a canonical text.
    pub fn of(
        concepts: &[Concept],
        listed: &FxHashMap<String, Vec<(u32, u32)>>,
        is_word: &dyn Fn(&str) -> bool,
    ) -> Self {
        let tables = Tables {
            concepts,
            listed,
            is_word,
        };
        let mut compounds = Self::default();
        for (number, concept) in concepts.iter().enumerate() {
            let made = tables.made_of(concept);
            for (at, term) in made.iter().enumerate() {
                let key = term_key(&term.canonical);
                compounds
                    .by_key
                    .entry(key)
                    .or_insert((number as u32, at as u32));
            }
            compounds.by_concept.push(made);
        }
        compounds
    }

    /// The compounds of a concept.
    pub fn of_concept(&self, number: usize) -> &[ConceptTerm] {
        self.by_concept.get(number).map_or(&[], Vec::as_slice)
    }

    /// What a compound stands for.
    pub fn explain<'c>(&'c self, key: &str, concepts: &'c [Concept]) -> Option<Found<'c>> {
        let &(concept, term) = self.by_key.get(key)?;
        Some(Found {
            concept: &concepts[concept as usize],
            term: &self.by_concept[concept as usize][term as usize],
        })
    }
}

struct Tables<'c> {
    concepts: &'c [Concept],
    listed: &'c FxHashMap<String, Vec<(u32, u32)>>,
    is_word: &'c dyn Fn(&str) -> bool,
}

impl<'c> Tables<'c> {
    fn made_of(&self, concept: &Concept) -> Vec<ConceptTerm> {
        let mut made: Vec<ConceptTerm> = Vec::new();
        if concept.category.starts_with(ATTRIBUTES) {
            return made;
        }
        let names = concept.terms.iter().filter(|term| {
            term.direction != Direction::OnlyUnderstood
                && VOCABULARIES.contains(&term.vocabulary.as_str())
                && term.canonical.chars().count() >= WORD_CHARACTERS_MIN
        });
        for name in names {
            self.with_other_head(name, &mut made);
            self.with_other_attribute(name, &mut made);
        }
        made.truncate(COMPOUNDS_MAX);
        made
    }

    /// The longest end that is a thing, or a part of words, by what it is called elsewhere.
    fn with_other_head(&self, name: &ConceptTerm, made: &mut Vec<ConceptTerm>) {
        let ends = name.canonical.char_indices().skip(1);
        for (at, _) in ends {
            let (front, end) = name.canonical.split_at(at);
            if self.tears(front, end) {
                continue;
            }
            let is_character = end.chars().nth(1).is_none();
            let Some(head) = self.only_concept(end, &name.vocabulary) else {
                continue;
            };
            if is_character == (head.category == PARTS) {
                self.put(name, head, &|word| joined(front, word), made);
                return;
            }
        }
    }

    /// Whether a front of one character is a word together with the next: 藥水|膠布, and not 藥|水膠布.
    fn tears(&self, front: &str, end: &str) -> bool {
        let is_character = front.chars().nth(1).is_none();
        let word = front.chars().chain(end.chars().take(1));
        is_character && (self.is_word)(&word.collect::<String>())
    }

    /// The longest front that is an attribute, by what is said for it elsewhere.
    fn with_other_attribute(&self, name: &ConceptTerm, made: &mut Vec<ConceptTerm>) {
        let fronts = name.canonical.char_indices().skip(2);
        for (at, _) in fronts.collect::<Vec<_>>().into_iter().rev() {
            let (front, end) = name.canonical.split_at(at);
            let attribute = self.only_concept(front, &name.vocabulary);
            let attribute = attribute.filter(|a| a.category.starts_with(ATTRIBUTES));
            if let Some(attribute) = attribute {
                self.put(name, attribute, &|word| joined(word, end), made);
                return;
            }
        }
    }

    /// What the vocabulary means by a word, where that is one thing.
    fn only_concept(&self, word: &str, vocabulary: &str) -> Option<&'c Concept> {
        let found = self.listed.get(&term_key(word))?;
        let mut own = found.iter().filter(|(concept, term)| {
            let term = &self.concepts[*concept as usize].terms[*term as usize];
            term.vocabulary == vocabulary && term.direction != Direction::OnlyTarget
        });
        match (own.next(), own.next()) {
            (Some((concept, _)), None) => Some(&self.concepts[*concept as usize]),
            _ => None,
        }
    }

    fn put(
        &self,
        name: &ConceptTerm,
        part: &Concept,
        join: &dyn Fn(&str) -> Option<String>,
        made: &mut Vec<ConceptTerm>,
    ) {
        let firsts = part.terms.chunk_by(|a, b| a.vocabulary == b.vocabulary);
        let firsts = firsts.filter_map(<[_]>::first).filter(|first| {
            first.vocabulary != name.vocabulary
                && VOCABULARIES.contains(&first.vocabulary.as_str())
                && !first.canonical.is_ascii()
        });
        for first in firsts {
            let Some(canonical) = join(&first.canonical) else {
                continue;
            };
            let is_known = self.listed.contains_key(&term_key(&canonical))
                || made.iter().any(|known| known.canonical == canonical);
            if !is_known {
                made.push(ConceptTerm {
                    vocabulary: first.vocabulary.clone(),
                    text: canonical.clone(),
                    canonical,
                    direction: Direction::Both,
                });
            }
        }
    }
}

/// A compound of two parts. How the first ends and the second begins is said once (羊毛 and 毛衣 are a 羊毛衣); none where
/// nothing of the second would be left.
fn joined(front: &str, end: &str) -> Option<String> {
    let mut starts = end.char_indices().map(|(at, c)| &end[..at + c.len_utf8()]);
    let said = starts.rfind(|start| front.ends_with(start));
    let rest = &end[said.map_or(0, str::len)..];
    (!rest.is_empty()).then(|| format!("{front}{rest}"))
}
