//! Whatever a title is: its tokens lie on character boundaries, positions never go back, and the title is found by itself
//! as a query in every region.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use sampan_fuzz::{ANALYZER, REGIONS};

/// Changes the query into another text, which may be cut otherwise.
const SPOKEN: &str = "query.spoken";

fuzz_target!(|bytes: &[u8]| {
    let title = String::from_utf8_lossy(bytes);
    let mut indexed = HashSet::new();
    let mut last_position = 0;
    ANALYZER.index_tokens(&title, &mut |token| {
        let place = token.start as usize..token.end as usize;
        let text = title.get(place);
        assert!(text.is_some_and(|text| !text.is_empty()), "{token:?}");
        assert!(!token.term.is_empty(), "{token:?}");
        assert!(
            token.position >= last_position,
            "{token:?} after {last_position}"
        );
        last_position = token.position;
        indexed.insert(token.term.to_owned());
    });
    let joined: String = ANALYZER.words(&title).concat();
    let plain: String = title.split_whitespace().collect();
    assert_eq!(joined, plain);
    for region in REGIONS.iter() {
        let query = ANALYZER.understand(&title, region, &HashSet::new());
        if query.edits.iter().any(|edit| edit.rule == SPOKEN) {
            continue;
        }
        for term in &query.typed {
            assert!(indexed.contains(&term.term), "{term:?} in {region}");
        }
        for unit in &query.units {
            for term in &unit.alternatives[0].required {
                assert!(indexed.contains(term), "{term:?} of {unit:?} in {region}");
            }
        }
    }
});
