//! Characters that the model does not know, or knows less well, in the form that it does.
//!
//! The model learnt from Simplified text more than from Traditional: 檸檬 is known by 檸 and 饺子 by neither.
//! Which form of a character it knows is found once, when its file is made; see `sampan model fetch`.

use rustc_hash::FxHashMap;

/// Character → the form that is encoded in its place.
#[derive(Default)]
pub(super) struct Forms {
    forms: FxHashMap<char, char>,
}

impl Forms {
    /// Reads pairs of code points.
    pub fn new(words: &[u32]) -> Result<Self, String> {
        let (pairs, rest) = words.as_chunks::<2>();
        if !rest.is_empty() {
            return Err("a form is missing".into());
        }
        let character = |word| char::from_u32(word).ok_or("a form is no character");
        let mut forms = FxHashMap::default();
        for [from, to] in pairs {
            forms.insert(character(*from)?, character(*to)?);
        }
        Ok(Self { forms })
    }

    pub fn len(&self) -> usize {
        self.forms.len()
    }

    /// The text with every character in its known form.
    pub fn apply(&self, text: &str, known: &mut String) {
        known.clear();
        known.extend(text.chars().map(|character| match character.is_ascii() {
            true => character,
            false => self.forms.get(&character).copied().unwrap_or(character),
        }));
    }
}
