//! Mining finds words that were planted in a generated text, and leaves out what the dictionaries know.

use sampan_analyzers::mine::{Mined, Sources, Thresholds, mine};
use sampan_analyzers::{Analyzer, DictionaryFiles};

/// Invented: no lexicon has them. In Simplified and in Traditional.
const PLANTED: [(&str, &str); 3] = [("泇璐棉", "泇璐棉"), ("飒啵", "颯啵"), ("蓬蓬兔", "蓬蓬兔")];
const KNOWN: [&str; 10] = [
    "毛巾", "雨伞", "水杯", "拖鞋", "枕头", "窗帘", "电视", "耳机", "帽子", "牙刷",
];
const COLOURS: [&str; 7] = ["红色", "白色", "黑色", "绿色", "蓝色", "灰色", "粉色"];
const MARKS: [&str; 6] = ["家用", "大号", "新款", "便宜", "可爱", "轻便"];

/// Titles in which every planted word stands between ever different known ones.
fn titles() -> Vec<String> {
    let mut titles = Vec::new();
    for number in 0..400 {
        let pick =
            |list: &[&'static str], step: usize| list[(number * step + number / 7) % list.len()];
        let planted = if number.is_multiple_of(2) {
            PLANTED[number / 2 % 3].0
        } else {
            ""
        };
        titles.push(format!(
            "{}{planted}{}{}",
            pick(&MARKS, 5),
            pick(&KNOWN, 3),
            pick(&COLOURS, 2)
        ));
        titles.push(format!(
            "{}{}{planted}{}",
            pick(&COLOURS, 3),
            pick(&KNOWN, 7),
            pick(&MARKS, 1)
        ));
    }
    titles
}

/// A log in which one invented word is asked for only at the end.
fn queries() -> Vec<String> {
    let mut queries = Vec::new();
    for number in 0..1_000 {
        let known = KNOWN[number % KNOWN.len()];
        let colour = COLOURS[number % COLOURS.len()];
        queries.push(match number {
            850.. if number % 5 == 0 => format!("啰噗杯{known}"),
            _ if number % 90 == 0 => "魷蘧电饭煲".to_owned(),
            _ => format!("{colour}{known}"),
        });
    }
    queries
}

fn mined(region: &str) -> Mined {
    let analyzer = Analyzer::build(&DictionaryFiles::embedded()).expect("sound dictionaries");
    let (titles, queries) = (titles(), queries());
    let sources = Sources {
        titles: &titles,
        queries: &queries,
        region,
    };
    mine(
        &analyzer,
        &sources,
        &Thresholds::default(),
        &mut |_, _, _| {},
    )
}

#[test]
fn planted_words_are_found_in_traditional_and_known_ones_left_out() {
    let found = mined("hk");
    let words: Vec<&str> = found
        .candidates
        .iter()
        .map(|one| one.word.as_str())
        .collect();
    for (_, planted) in PLANTED {
        let at = words.iter().position(|word| *word == planted);
        assert!(at.is_some_and(|at| at < 5), "{planted} in {words:?}");
    }
    for known in ["毛巾", "雨傘", "電視", "紅色", "家用"] {
        assert!(!words.contains(&known), "{known} in {words:?}");
    }
    // Parts of a planted word, and more than it, are no words.
    for part in ["泇璐", "璐棉", "蓬兔"] {
        assert!(!words.contains(&part), "{part} in {words:?}");
    }
    let evidence = found.candidates.iter().find(|one| one.word == "颯啵");
    let evidence = evidence.expect("it was found");
    assert!(
        evidence.titles > 100 && evidence.queries == 0,
        "{evidence:?}"
    );
    assert!(evidence.cohesion > 4.0 && evidence.left_branching > 1.5);
    assert!(
        evidence.examples[0].contains("飒啵"),
        "as the seller wrote it"
    );
}

#[test]
fn hot_words_rise_at_the_end_of_the_log_and_unanswered_queries_are_told() {
    let found = mined("tw");
    let hot = found.hot.first().expect("a hot word");
    assert_eq!(hot.word, "囉噗杯", "{:?}", found.hot);
    assert_eq!((hot.early, hot.late), (0, 30));
    assert!(hot.rise > 10.0, "{hot:?}");
    let counts: Vec<u32> = found.unanswered.iter().map(|one| one.count).collect();
    assert!(counts.is_sorted_by(|one, two| one >= two), "{counts:?}");
    let cooker = found
        .unanswered
        .iter()
        .find(|one| one.query == "魷蘧电饭煲");
    assert_eq!(cooker.map(|one| one.count), Some(10));
    let asked = |query: &str| found.unanswered.iter().any(|one| one.query == query);
    assert!(!asked("红色毛巾"), "there are red towels");
    assert!(
        found
            .missing
            .iter()
            .any(|word| word.word.contains("电饭煲"))
    );
}
