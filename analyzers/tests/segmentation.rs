//! Promise: words are cut better than jieba (after conversion) and PyCantonese cut them, by three points of F1.

mod data;

use std::collections::HashSet;

use sampan_analyzers::{Analyzer, DictionaryFiles};

/// Set; the better of jieba after conversion and PyCantonese, on the other half of the set; 0 to 1.
const PEERS: [(&str, f64); 4] = [
    ("ud_cantonese_hk", 0.86),
    ("ud_chinese_hk", 0.84),
    ("ud_chinese_gsd", 0.78),
    ("hkcancor", 0.87),
];
const MARGIN: f64 = 0.03;

/// Character ranges of words.
fn ranges<'w>(words: impl Iterator<Item = &'w str>) -> HashSet<(usize, usize)> {
    let mut start = 0;
    words
        .map(|word| {
            let range = (start, start + word.chars().count());
            start = range.1;
            range
        })
        .collect()
}

#[test]
fn word_f1_is_three_points_above_the_peers() {
    let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
    for (name, peer) in PEERS {
        let Some(text) = data::read(&format!("segmentation/{name}.dev.txt")) else {
            return;
        };
        let (mut right, mut gold_words, mut our_words) = (0, 0, 0);
        for line in text.lines() {
            let sentence: String = line.split_whitespace().collect();
            let gold = ranges(line.split_whitespace());
            let ours = ranges(analyzer.words(&sentence).into_iter());
            right += gold.intersection(&ours).count();
            gold_words += gold.len();
            our_words += ours.len();
        }
        let f1 = 2.0 * right as f64 / (gold_words + our_words) as f64;
        println!("{name}: word F1 {f1:.4}, best peer {peer:.2}");
        assert!(f1 >= peer + MARGIN, "{name}: word F1 {f1:.4}");
    }
}

#[test]
fn words_joined_give_the_text() {
    let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
    for (text, words) in [
        ("佢買咗三個T恤 WH-1000XM5", "佢 買 咗 三 個 T恤 WH-1000XM5"),
        ("我要16,250元……", "我 要 16,250 元 ……"),
        (
            "這個冰箱不是在台北市買的",
            "這 個 冰箱 不 是 在 台北 市 買 的",
        ),
    ] {
        assert_eq!(analyzer.words(text).join(" "), words);
    }
}
