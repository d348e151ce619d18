//! Characters and words that the model does not know, in a form that it does.
//!
//! The model learnt from Simplified text more than from Traditional, and has no piece for many characters of shops: 檸 is
//! known and 柠 is not, 餃 is known in neither script, and neither is 樽. Characters take the form that is known; words with
//! a character that has none take another region's word for the thing, or the English one (樽裝 → 瓶装). Which is found
//! once, when the file is made (`tools/src/model`).

use fst::{Map, raw::Output};
use rustc_hash::FxHashMap;

use crate::files::MappedBytes;

/// What is encoded in the place of what is written.
pub(super) struct Forms {
    characters: FxHashMap<char, char>,
    /// Word, in known forms and lower case → number of its line in `texts`.
    words: Map<MappedBytes>,
    texts: MappedBytes,
    /// Where each line of `texts` begins and ends.
    lines: Vec<(u32, u32)>,
}

impl Forms {
    /// Reads pairs of code points, a map of words, and the lines it points to.
    pub fn new(pairs: &[u32], words: MappedBytes, texts: MappedBytes) -> Result<Self, String> {
        let (pairs, rest) = pairs.as_chunks::<2>();
        if !rest.is_empty() {
            return Err("a form is missing".into());
        }
        let character = |word| char::from_u32(word).ok_or("a form is no character");
        let mut characters = FxHashMap::default();
        for [from, to] in pairs {
            characters.insert(character(*from)?, character(*to)?);
        }
        let text = std::str::from_utf8(texts.as_ref());
        let text = text.map_err(|_| "the forms of words are no text")?;
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_terminator('\n') {
            lines.push((start, start + line.len() as u32));
            start += line.len() as u32 + 1;
        }
        let words = Map::new(words).map_err(|error| format!("the forms of words: {error}"))?;
        let mut stream = words.stream();
        while let Some((_, line)) = fst::Streamer::next(&mut stream) {
            if line >= lines.len() as u64 {
                return Err("the form of a word points outside the file".into());
            }
        }
        Ok(Self {
            characters,
            words,
            texts,
            lines,
        })
    }

    /// Characters and words that have another form.
    pub fn len(&self) -> usize {
        self.characters.len() + self.words.len()
    }

    /// The text with every character and then every word in its known form; of words that begin at one place
    /// the longest.
    pub fn apply(&self, text: &str, characters: &mut String, known: &mut String) {
        characters.clear();
        characters.extend(text.chars().map(|character| {
            match character.is_ascii() {
                true => character,
                false => self
                    .characters
                    .get(&character)
                    .copied()
                    .unwrap_or(character),
            }
        }));
        known.clear();
        let mut rest = characters.as_str();
        while let Some(character) = rest.chars().next() {
            let (form, length) = self.word(rest).unwrap_or_else(|| {
                let length = character.len_utf8();
                (&rest[..length], length)
            });
            known.push_str(form);
            rest = &rest[length..];
        }
    }

    /// The form of the longest word at the beginning of a text, and the word's length.
    fn word(&self, text: &str) -> Option<(&str, usize)> {
        let fst = self.words.as_fst();
        let (mut node, mut output) = (fst.root(), Output::zero());
        let mut longest = None;
        for (at, byte) in text.bytes().enumerate() {
            let Some(index) = node.find_input(byte.to_ascii_lowercase()) else {
                break;
            };
            let transition = node.transition(index);
            output = output.cat(transition.out);
            node = fst.node(transition.addr);
            if node.is_final() {
                longest = Some((output.cat(node.final_output()).value(), at + 1));
            }
        }
        let (line, length) = longest?;
        let (start, end) = *self.lines.get(line as usize)?;
        let form = self.texts.as_ref().get(start as usize..end as usize)?;
        Some((std::str::from_utf8(form).ok()?, length))
    }
}
