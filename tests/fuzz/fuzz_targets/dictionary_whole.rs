//! Any bytes as one dictionary file beside the few that an analyser needs: it is built or refused, and what it then makes
//! of a query and a title is in place. Slow: every turn builds an analyser.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use sampan_analyzers::{Analyzer, DictionaryFiles};

/// Files of each kind.
const FILES: [&str; 14] = [
    "common/words.tsv",
    "common/units.tsv",
    "common/stop_words.tsv",
    "common/spoken.tsv",
    "common/segmentation.toml",
    "common/concepts/any.tsv",
    "common/kinds/any.tsv",
    "common/readings/characters.tsv",
    "common/readings/latin-brands.tsv",
    "common/readings/latin-words.tsv",
    "common/readings/polyphones.tsv",
    "common/spelling/confused.tsv",
    "common/spelling/look_alikes.tsv",
    "hk/terms.tsv",
];
/// What is there beside it.
const REGION: &str = "hk/region.toml";
const REGION_TEXT: &str = include_str!("../../../dictionaries/hk/region.toml");

fuzz_target!(|bytes: &[u8]| {
    let Some((&which, text)) = bytes.split_first() else {
        return;
    };
    let mut files = DictionaryFiles([(REGION.to_owned(), REGION_TEXT.to_owned())].into());
    let path = FILES[usize::from(which) % FILES.len()];
    let text = String::from_utf8_lossy(text).into_owned();
    files.0.insert(path.to_owned(), text.clone());
    let Ok(analyzer) = Analyzer::build(&files) else {
        return;
    };
    for line in text.lines().take(8) {
        analyzer.index_tokens(line, &mut |token| {
            assert!(line.get(token.start as usize..token.end as usize).is_some());
        });
        analyzer.understand(line, "hk", &HashSet::new());
    }
});
