//! Stretches of a text that the lexicon has nothing to say about: letters and digits of ASCII, and marks between them.
//! A run of them is a word however often a walk through the lexicon confirms it.

use std::ops::Range;

use crate::segment::lexicon::Span;

/// A shorter stretch is not worth cutting what is around it in two, bytes.
const STRETCH_BYTES_MIN: usize = 8;

/// Finds the stretches of a folded text, as ranges of bytes, ascending. Each ends where jieba would begin anew: at a mark
/// that can stand in no word, or at an end of the text.
pub struct PlainStretches<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> PlainStretches<'t> {
    pub fn of(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    /// The stretch within a run of plain bytes.
    fn within(&self, run: Range<usize>) -> Option<Range<usize>> {
        let is_mark = |at: &usize| is_separator(self.bytes[*at]);
        let start = match run.start {
            0 => 0,
            _ => run.clone().find(is_mark)?,
        };
        let end = match run.end {
            end if end == self.bytes.len() => end,
            _ => run.rev().find(is_mark)? + 1,
        };
        (start + STRETCH_BYTES_MIN <= end).then_some(start..end)
    }
}

impl Iterator for PlainStretches<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        // A stretch that begins behind `at` covers this byte, or begins behind it: most text is seen by every eighth.
        while let Some(covered) = self.bytes.get(self.at + STRETCH_BYTES_MIN - 1) {
            if !is_plain(covered) {
                self.at += STRETCH_BYTES_MIN;
                continue;
            }
            let (seen, behind) = self.bytes.split_at(self.at + STRETCH_BYTES_MIN);
            let before = seen[self.at..].iter().rev().take_while(|b| is_plain(b));
            let start = seen.len() - before.count();
            let end = seen.len() + behind.iter().take_while(|b| is_plain(b)).count();
            self.at = end + 1;
            if let Some(stretch) = self.within(start..end) {
                return Some(stretch);
            }
        }
        None
    }
}

/// Neither part of another script's character nor one of the marks that words of the lexicon are written with (c++, 100%).
fn is_plain(byte: &u8) -> bool {
    byte.is_ascii() && !matches!(byte, b'+' | b'#' | b'&' | b'%')
}

/// What jieba takes for no part of any word.
fn is_separator(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'-' | b'_')
}

/// The words of a stretch behind those before: runs of letters and digits, and every mark by itself.
pub fn plain_words(stretch: &[u8], words: &mut Vec<Span>) {
    let mut start = words.last().map_or(0, |word| word.end);
    for word in stretch.chunk_by(|a, b| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric()) {
        let end = start + word.len();
        words.push(Span { start, end });
        start = end;
    }
}
