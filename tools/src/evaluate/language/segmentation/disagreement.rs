//! Where our cut is another than people's.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{GoldSentence, Pair};

/// A stretch of text that is cut otherwise.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Disagreement {
    /// Words with spaces between them.
    pub gold: String,
    pub ours: String,
    pub times: usize,
    /// Line of the first.
    pub line: usize,
}

/// A sentence in both cuts.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CutSentence {
    pub line: usize,
    pub f1: f64,
    pub gold: String,
    pub ours: String,
}

/// The most frequent disagreements; of equals, the one that comes first.
pub fn most_frequent(
    sentences: &[GoldSentence],
    pairs: &[Pair],
    shown: usize,
) -> Vec<Disagreement> {
    let mut found: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for (sentence, pair) in sentences.iter().zip(pairs) {
        let text: Vec<char> = sentence.text().chars().collect();
        for stretch in stretches(pair) {
            let cuts = [&pair.gold, &pair.cut].map(|words| spaced(&text, words, &stretch));
            let [gold, ours] = cuts;
            found.entry((gold, ours)).or_insert((0, sentence.line)).0 += 1;
        }
    }
    let told = found.into_iter();
    let told = told.map(|((gold, ours), (times, line))| Disagreement {
        gold,
        ours,
        times,
        line,
    });
    let mut told: Vec<Disagreement> = told.collect();
    told.sort_by_key(|its| (std::cmp::Reverse(its.times), its.line));
    told.truncate(shown);
    told
}

/// The sentences whose F1 is least, if it is below 1.
pub fn worst(sentences: &[GoldSentence], pairs: &[Pair], shown: usize) -> Vec<CutSentence> {
    let mut order: Vec<(f64, &GoldSentence, &Pair)> = sentences
        .iter()
        .zip(pairs)
        .map(|(sentence, pair)| (pair.f1(), sentence, pair))
        .filter(|(f1, ..)| *f1 < 1.0)
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.line.cmp(&b.1.line)));
    let told = order.into_iter().take(shown).map(|(f1, sentence, pair)| {
        let text: Vec<char> = sentence.text().chars().collect();
        CutSentence {
            line: sentence.line,
            f1,
            gold: sentence.words.join(" "),
            ours: spaced(&text, &pair.cut, &(0..text.len())),
        }
    });
    told.collect()
}

/// Between two boundaries that both cuts have: where they differ.
fn stretches(pair: &Pair) -> Vec<Range<usize>> {
    let [gold, cut]: [BTreeSet<usize>; 2] =
        [&pair.gold, &pair.cut].map(|words| words.iter().map(|word| word.end).collect());
    let mut start = 0;
    let mut stretches = Vec::new();
    for end in gold.intersection(&cut) {
        let inside = start + 1..*end;
        let differs = gold.range(inside.clone()).ne(cut.range(inside));
        if differs {
            stretches.push(start..*end);
        }
        start = *end;
    }
    stretches
}

fn spaced(text: &[char], words: &[Range<usize>], within: &Range<usize>) -> String {
    let words = words
        .iter()
        .filter(|word| within.start <= word.start && word.end <= within.end);
    let words: Vec<String> = words
        .filter_map(|word| text.get(word.clone()))
        .map(|word| word.iter().collect())
        .collect();
    words.join(" ")
}
