//! How sentences are cut into words, against how people cut them: precision, recall and F1 of words, as in the SIGHAN
//! bakeoffs (Sproat and Emerson 2003), beside jieba.

mod disagreement;
mod jieba;

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
    path::Path,
};

use sampan_analyzers::Analyzer;

use super::sets::{self, SetError};
use crate::evaluate::statistics::{Share, ratio_interval};
pub use disagreement::{CutSentence, Disagreement};
pub use jieba::JiebaAlone;

/// A sentence as people cut it.
#[derive(Debug, Clone, PartialEq)]
pub struct GoldSentence {
    /// Of the file, from 1.
    pub line: usize,
    pub words: Vec<String>,
}

impl GoldSentence {
    /// The sentence as it is written.
    pub fn text(&self) -> String {
        self.words.concat()
    }
}

/// Reads sentences, one a line, with white space between words.
///
/// # Errors
/// The file cannot be read, is no UTF-8 (the line is named), or holds no word.
pub fn read(path: &Path) -> Result<Vec<GoldSentence>, SetError> {
    let text = sets::text(path)?;
    let sentences = (1..).zip(text.lines()).map(|(line, words)| GoldSentence {
        line,
        words: words.split_whitespace().map(str::to_owned).collect(),
    });
    let sentences: Vec<_> = sentences.filter(|its| !its.words.is_empty()).collect();
    sets::filled(path, sentences, "sentence")
}

/// How one way of cutting did.
#[derive(Debug, Clone, serde::Serialize)]
pub struct CutFigures {
    pub name: &'static str,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    /// 95 % interval of F1, of a bootstrap over sentences.
    pub low: f64,
    pub high: f64,
}

/// Words of one kind that were found, by each way of cutting.
#[derive(Debug, serde::Serialize)]
pub struct KindRecall {
    pub kind: &'static str,
    pub sampan: Share,
    pub jieba: Share,
}

/// How a file's sentences were cut.
#[derive(Debug, serde::Serialize)]
pub struct SegmentationReport {
    pub sentences: usize,
    /// As people cut them.
    pub words: usize,
    /// Ours first.
    pub rows: Vec<CutFigures>,
    pub kinds: Vec<KindRecall>,
    /// Where our cut is another, the most frequent first.
    pub disagreements: Vec<Disagreement>,
    /// The sentences with the least F1 first.
    pub worst: Vec<CutSentence>,
}

/// Character ranges of words that stand one behind the other.
fn ranges<'w>(words: impl Iterator<Item = &'w str>) -> Vec<Range<usize>> {
    let mut start = 0;
    let range = |word: &str| {
        let range = start..start + word.chars().count();
        start = range.end;
        range
    };
    words.map(range).collect()
}

/// One sentence, cut by people and by one other.
struct Pair {
    gold: Vec<Range<usize>>,
    cut: Vec<Range<usize>>,
    right: usize,
}

impl Pair {
    fn new(gold: &GoldSentence, cut: Vec<Range<usize>>) -> Self {
        let gold = ranges(gold.words.iter().map(String::as_str));
        let known: HashSet<&Range<usize>> = gold.iter().collect();
        let right = cut.iter().filter(|word| known.contains(word)).count();
        Self { gold, cut, right }
    }

    /// Twice the right words, and the words of both: what F1 is the ratio of.
    fn ratio(&self) -> (f64, f64) {
        let words = self.gold.len() + self.cut.len();
        (2.0 * self.right as f64, words as f64)
    }

    fn f1(&self) -> f64 {
        let (above, below) = self.ratio();
        above / below.max(1.0)
    }
}

/// Cuts every sentence by the analyser, and by jieba alone. `shown`: disagreements and worst sentences that are told.
pub fn measure(
    sentences: &[GoldSentence],
    analyzer: &Analyzer,
    jieba: &JiebaAlone<'_>,
    shown: usize,
    each: &mut dyn FnMut(),
) -> SegmentationReport {
    let mut ours = Vec::with_capacity(sentences.len());
    let mut theirs = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let text = sentence.text();
        let words = ranges(analyzer.words(&text).into_iter());
        ours.push(Pair::new(sentence, words));
        theirs.push(Pair::new(sentence, jieba.words(&text)));
        each();
    }
    let count = |pairs: &[Pair]| pairs.iter().map(|pair| pair.gold.len()).sum();
    SegmentationReport {
        sentences: sentences.len(),
        words: count(&ours),
        rows: vec![figures("sampan", &ours), figures("jieba alone", &theirs)],
        kinds: kinds(sentences, analyzer, &ours, &theirs),
        disagreements: disagreement::most_frequent(sentences, &ours, shown),
        worst: disagreement::worst(sentences, &ours, shown),
    }
}

fn figures(name: &'static str, pairs: &[Pair]) -> CutFigures {
    let sum = |of: &dyn Fn(&Pair) -> usize| pairs.iter().map(of).sum::<usize>() as f64;
    let right = sum(&|pair| pair.right);
    let (gold, cut) = (sum(&|pair| pair.gold.len()), sum(&|pair| pair.cut.len()));
    let ratios: Vec<(f64, f64)> = pairs.iter().map(Pair::ratio).collect();
    let (low, high) = ratio_interval(&ratios);
    CutFigures {
        name,
        precision: right / cut.max(1.0),
        recall: right / gold.max(1.0),
        f1: 2.0 * right / (gold + cut).max(1.0),
        low,
        high,
    }
}

/// Kinds of words, in the order in which they are told.
const KINDS: [&str; 8] = [
    "one character",
    "two characters",
    "three characters",
    "four and more",
    "letters and digits",
    "marks",
    "in the lexicon",
    "not in the lexicon",
];

/// Places in [`KINDS`] of a word: what it is written with, and, of Han characters, whether it is known.
fn kinds_of(word: &str, analyzer: &Analyzer) -> Vec<usize> {
    if !word.chars().any(char::is_alphanumeric) {
        return vec![5];
    }
    let folded = analyzer.lexicon_spelling(word);
    if folded.chars().any(|c| c.is_ascii_alphanumeric()) {
        return vec![4];
    }
    let length = word.chars().count().clamp(1, 4) - 1;
    let known = analyzer.knows(&analyzer.canonical_text(word));
    vec![length, if known { 6 } else { 7 }]
}

fn kinds(
    sentences: &[GoldSentence],
    analyzer: &Analyzer,
    ours: &[Pair],
    theirs: &[Pair],
) -> Vec<KindRecall> {
    // Words of each kind, and how many each way found.
    let mut counts: BTreeMap<usize, [usize; 3]> = BTreeMap::new();
    for ((sentence, ours), theirs) in sentences.iter().zip(ours).zip(theirs) {
        let [by_us, by_them]: [HashSet<&Range<usize>>; 2] =
            [ours, theirs].map(|pair| pair.cut.iter().collect());
        for (word, range) in sentence.words.iter().zip(&ours.gold) {
            for kind in kinds_of(word, analyzer) {
                let counts = counts.entry(kind).or_default();
                counts[0] += 1;
                counts[1] += usize::from(by_us.contains(range));
                counts[2] += usize::from(by_them.contains(range));
            }
        }
    }
    let recall = |(kind, [of, ours, theirs]): (usize, [usize; 3])| KindRecall {
        kind: KINDS[kind],
        sampan: Share::new(ours, of),
        jieba: Share::new(theirs, of),
    };
    counts.into_iter().map(recall).collect()
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;

    use super::*;

    fn gold(line: usize, words: &str) -> GoldSentence {
        GoldSentence {
            line,
            words: words.split(' ').map(str::to_owned).collect(),
        }
    }

    #[test]
    fn right_words_are_counted_on_both_sides_and_the_worst_sentence_is_named() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let jieba = JiebaAlone::new(&analyzer).unwrap();
        let sentences = [gold(1, "我 要 冰箱"), gold(4, "我 要 冰 箱 ！")];
        let mut done = 0;
        let report = measure(&sentences, &analyzer, &jieba, 5, &mut || done += 1);
        assert_eq!((report.sentences, report.words, done), (2, 8, 2));
        // 冰箱 is one word for us: 3 of 3, and 3 of 4 and of 5.
        let ours = &report.rows[0];
        assert_eq!((ours.precision, ours.recall), (6.0 / 7.0, 6.0 / 8.0));
        assert!((ours.f1 - 12.0 / 15.0).abs() < 1e-12);
        let [difference] = &report.disagreements[..] else {
            panic!("{:?}", report.disagreements);
        };
        assert_eq!((&*difference.gold, &*difference.ours), ("冰 箱", "冰箱"));
        assert_eq!((difference.times, difference.line), (1, 4));
        assert_eq!(report.worst[0].line, 4);
        let kind = |name: &str| report.kinds.iter().find(|its| its.kind == name).unwrap();
        assert_eq!(
            (kind("two characters").sampan.hits, kind("marks").sampan.of),
            (1, 1)
        );
        assert_eq!(kind("one character").sampan.of, 6);
    }

    #[test]
    fn a_file_without_words_or_of_another_encoding_is_refused_by_name() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("gold.txt");
        std::fs::write(&path, "\n \n").unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(
            error.contains("gold.txt") && error.contains("no sentence"),
            "{error}"
        );
        std::fs::write(&path, b"\xe4\xbd\xa0 \xe5\xa5\xbd\n\xa7A\n").unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("gold.txt, line 2"), "{error}");
    }
}
