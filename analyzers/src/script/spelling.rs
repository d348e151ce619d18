//! One spelling of a text, with the place of each of its characters.

use std::ops::Range;

/// To be emptied before it is first written to.
#[derive(Debug, Default)]
pub struct Spelling {
    text: String,
    /// Where each character starts, bytes, and where the last ends.
    starts: Vec<u32>,
}

impl Spelling {
    /// Keeps the room.
    pub fn clear(&mut self) {
        self.text.clear();
        self.starts.clear();
        self.starts.push(0);
    }

    #[inline]
    pub fn push(&mut self, character: char) {
        self.text.push(character);
        self.starts.push(self.text.len() as u32);
    }

    #[inline]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn into_text(self) -> String {
        self.text
    }

    /// The characters `range`.
    #[inline]
    pub fn slice(&self, range: Range<usize>) -> &str {
        &self.text[self.starts[range.start] as usize..self.starts[range.end] as usize]
    }
}
