//! Nodes of one process that use the same dictionaries use one analyser; changed dictionaries get one of their own, and
//! what nobody uses any more is gone.

use std::sync::Arc;

use sampan_analyzers::{Analyzer, DictionaryError, DictionaryFiles};

fn small(words: &str) -> DictionaryFiles {
    let table = format!("word\tfreq\tsource\n{words}\t300\town\n");
    DictionaryFiles([("common/words.tsv".to_owned(), table)].into())
}

#[test]
fn one_analyser_for_the_same_files_as_long_as_it_is_used() -> Result<(), DictionaryError> {
    let first = Analyzer::shared(&small("舢舨渡頭"))?;
    let same = Analyzer::shared(&small("舢舨渡頭"))?;
    assert!(Arc::ptr_eq(&first, &same));

    let changed = Analyzer::shared(&small("舢舨碼頭"))?;
    assert!(!Arc::ptr_eq(&first, &changed));
    assert_eq!(first.words("舢舨渡頭"), ["舢舨渡頭"]);
    assert_eq!(changed.words("舢舨碼頭"), ["舢舨碼頭"]);

    let dropped = Arc::downgrade(&first);
    drop((first, same));
    assert!(dropped.upgrade().is_none());
    let again = Analyzer::shared(&small("舢舨渡頭"))?;
    assert_eq!(again.words("舢舨渡頭"), ["舢舨渡頭"]);
    Ok(())
}
