//! Cutting a normal text into the pieces of a vocabulary: the most probable sequence of them.
//!
//! Source: "Subword Regularization", Kudo, ACL 2018 (the unigram language model); the search is Viterbi's.

use fst::{Map, raw::Output};

use crate::files::MappedBytes;

/// Numbers of the pieces that are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialPieces {
    /// A character that no piece has.
    pub unknown: u32,
    /// Before the first piece of a text.
    pub begin: u32,
    /// Behind the last.
    pub end: u32,
}

/// The vocabulary and its probabilities.
pub(super) struct Pieces {
    numbers: Map<MappedBytes>,
    /// Logarithmic probability by number; the last one is that of an unknown character.
    scores: Vec<f32>,
    special: SpecialPieces,
}

/// The best way to cut a text up to a place.
#[derive(Clone, Copy)]
struct Best {
    score: f64,
    /// Where its last piece begins, and its number.
    start: u32,
    piece: u32,
}

const UNREACHED: Best = Best {
    score: f64::NEG_INFINITY,
    start: 0,
    piece: 0,
};

/// Room for one search after another.
#[derive(Default)]
pub(super) struct CutRoom {
    best: Vec<Best>,
}

impl Pieces {
    /// `scores`: one a piece and that of an unknown character.
    pub fn new(
        numbers: MappedBytes,
        scores: Vec<f32>,
        special: SpecialPieces,
    ) -> Result<Self, String> {
        let numbers = Map::new(numbers).map_err(|error| format!("the pieces: {error}"))?;
        let pieces = scores.len() as u32 - 1;
        let named = [special.unknown, special.begin, special.end];
        if scores.iter().any(|score| !score.is_finite()) || named.iter().any(|n| *n >= pieces) {
            return Err("the pieces and their scores contradict each other".into());
        }
        let mut stream = numbers.stream();
        while let Some((_, number)) = fst::Streamer::next(&mut stream) {
            if number >= u64::from(pieces) {
                return Err("a piece points outside the file".into());
            }
        }
        Ok(Self {
            numbers,
            scores,
            special,
        })
    }

    /// Pieces of the vocabulary.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn special(&self) -> SpecialPieces {
        self.special
    }

    /// Appends the numbers of the pieces of a normal text, between the begin and the end. Each character
    /// that no piece has is one unknown piece, and so is the whole of an empty text.
    pub fn cut(&self, normal: &str, room: &mut CutRoom, numbers: &mut Vec<u32>) {
        numbers.push(self.special.begin);
        let first = numbers.len();
        let best = &mut room.best;
        best.clear();
        best.resize(normal.len() + 1, UNREACHED);
        best[0].score = 0.0;
        for (start, character) in normal.char_indices() {
            self.extend(normal, start, character.len_utf8(), best);
        }
        let mut end = normal.len();
        while end > 0 {
            numbers.push(best[end].piece);
            end = best[end].start as usize;
        }
        if normal.is_empty() {
            numbers.push(self.special.unknown);
        }
        numbers[first..].reverse();
        numbers.push(self.special.end);
    }

    /// Tries every piece that begins at a place.
    fn extend(&self, normal: &str, start: usize, character: usize, best: &mut [Best]) {
        let so_far = best[start].score;
        let mut offer = |length: usize, piece: u32, score: f32| {
            let score = so_far + f64::from(score);
            let end = &mut best[start + length];
            if score > end.score {
                *end = Best {
                    score,
                    start: start as u32,
                    piece,
                };
            }
        };
        let fst = self.numbers.as_fst();
        let (mut node, mut output) = (fst.root(), Output::zero());
        let mut has_character = false;
        for (at, byte) in normal.as_bytes()[start..].iter().enumerate() {
            let Some(index) = node.find_input(*byte) else {
                break;
            };
            let transition = node.transition(index);
            output = output.cat(transition.out);
            node = fst.node(transition.addr);
            if node.is_final() {
                let piece = output.cat(node.final_output()).value() as u32;
                offer(at + 1, piece, self.scores[piece as usize]);
                has_character |= at + 1 == character;
            }
        }
        if !has_character {
            let score = self.scores[self.scores.len() - 1];
            offer(character, self.special.unknown, score);
        }
    }
}
