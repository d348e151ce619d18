//! Any bytes as one dictionary file, read by the readers that can be asked alone: an error that names file and line, or
//! the file is taken; never a panic.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use sampan_analyzers::rewrite::{
    kinds::KindTables, regional::RegionTerms, spoken_patterns::SpokenPatterns,
};
use sampan_analyzers::{ConceptLexicon, DictionaryFiles, Region, compare};
use sampan_engine::config::Configuration;
use sampan_fuzz::ANALYZER;

/// Settings that the engine reads; each as its first region would have it.
const SETTINGS: [&str; 7] = [
    "hk/region.toml",
    "hk/ranking.toml",
    "hk/restrictions.toml",
    "common/ranking.toml",
    "common/rates.toml",
    "common/restrictions.toml",
    "hk/freight.toml",
];

/// All settings of the dictionaries, without the words.
static FILES: LazyLock<DictionaryFiles> = LazyLock::new(|| {
    let mut files = DictionaryFiles::embedded();
    files.0.retain(|path, _| path.ends_with(".toml"));
    files
});

fuzz_target!(|bytes: &[u8]| {
    let Some((&which, text)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(text).into_owned();
    let canonical = |text: &str| ANALYZER.canonical_text(text);
    match which % 8 {
        0 => {
            let mut concepts = ConceptLexicon::default();
            let _ = concepts.add_table("common/concepts/any.tsv", &text, &canonical);
        }
        1 => {
            let mut kinds = KindTables::default();
            let _ = kinds.add_table("common/kinds/any.tsv", &text, ANALYZER.concepts());
        }
        2 => {
            let _ = RegionTerms::parse("hk/terms.tsv", &text, &canonical);
        }
        3 => {
            let mut spoken = SpokenPatterns::default();
            let _ = spoken.add("hk/spoken.tsv", &text, &canonical);
        }
        4 => {
            let _ = Region::parse("hk/region.toml", &text);
        }
        5 => {
            let files = |text: &str| {
                let file = ("common/words.tsv".to_owned(), text.to_owned());
                DictionaryFiles([file].into_iter().collect())
            };
            let changes =
                compare::compare(&files("word\tfreq\tsource\n水\t1\town\n"), &files(&text));
            compare::touched_terms(&changes);
        }
        _ => {
            let mut files = FILES.clone();
            let path = SETTINGS[usize::from(which / 8) % SETTINGS.len()];
            files.0.insert(path.to_owned(), text);
            let _ = Configuration::read(Arc::new(files));
        }
    }
});
