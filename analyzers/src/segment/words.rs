//! Words for people: every character of the text in exactly one word, white space left out.

use crate::normalize::Class;
use crate::tokens::chain::{Analysis, Chain};
use crate::tokens::latin;

#[derive(Default)]
pub struct WordCutter;

impl WordCutter {
    pub fn new() -> Self {
        Self
    }

    /// Joined, the words give the text without its white space.
    pub fn words<'t>(&self, chain: &Chain, text: &'t str) -> Vec<&'t str> {
        let analysis = chain.analyse(text);
        let mut words = Vec::new();
        let mut from = 0;
        for end in self.ends(&analysis) {
            // From one end to the next, so that characters that fold to nothing are not lost.
            push_without_space(&text[from..end], &mut words);
            from = end;
        }
        push_without_space(&text[from..], &mut words);
        words
    }

    /// Bytes of the text at which words end.
    fn ends(&self, analysis: &Analysis) -> Vec<usize> {
        let characters = &analysis.normal.characters;
        let mut ends = Vec::new();
        let mut index = 0;
        for word in &analysis.words {
            if word.end <= index {
                continue;
            }
            let mut end = word.end;
            if analysis.class(word.start) == Some(Class::Latin) {
                end = end.max(latin::run_end(characters, word.start));
            }
            index = end;
            if characters
                .get(end)
                .is_none_or(|next| next.start >= characters[end - 1].end)
            {
                ends.push(characters[end - 1].end as usize);
            }
        }
        ends
    }
}

fn push_without_space<'t>(piece: &'t str, words: &mut Vec<&'t str>) {
    words.extend(piece.split_whitespace());
}
