//! What can be suggested, by what somebody would type by sound on the way to it.

use std::{collections::HashMap, sync::Arc};

use sampan_analyzers::{
    Analyzer,
    memory::{ARC_BYTES, map_bytes, vec_bytes},
};

use super::Entry;

/// Entries that are found by sound, the best: about eight keys of 40 bytes each.
const READ_ENTRIES_MAX: usize = 50_000;

/// Reading keys of one text.
type Keys = Arc<[Box<str>]>;

/// Reading keys, sorted, each with the index of its entry.
#[derive(Debug, Default)]
pub struct ReadingKeys {
    keys: Vec<(Box<str>, u32)>,
    /// Keys of each text, so that the next build need not work them out again.
    by_text: HashMap<Box<str>, Keys>,
    /// Version of the analyser that worked them out.
    analyzer_version: String,
}

impl ReadingKeys {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        let keys = self.keys.iter().map(|(key, _)| key.len() as u64);
        let texts = self.by_text.iter().map(|(text, keys)| {
            let keys = keys
                .iter()
                .map(|key| (size_of::<Box<str>>() + key.len()) as u64);
            text.len() as u64 + ARC_BYTES + keys.sum::<u64>()
        });
        vec_bytes(&self.keys) + map_bytes(&self.by_text) + keys.sum::<u64>() + texts.sum::<u64>()
    }

    /// Of the best entries. What `previous` knows is taken from there.
    pub fn build(entries: &[Entry], analyzer: &Analyzer, previous: &Self) -> Self {
        let mut order: Vec<u32> = (0..entries.len() as u32).collect();
        if order.len() > READ_ENTRIES_MAX {
            let score = |index: u32| entries[index as usize].score;
            order.select_nth_unstable_by(READ_ENTRIES_MAX, |a, b| {
                score(*b).total_cmp(&score(*a)).then(a.cmp(b))
            });
            order.truncate(READ_ENTRIES_MAX);
        }
        let is_same = previous.analyzer_version == analyzer.version();
        let mut built = Self {
            analyzer_version: analyzer.version().to_owned(),
            ..Self::default()
        };
        for index in order {
            let text = &entries[index as usize].text;
            let known = || previous.by_text.get(text).filter(|_| is_same).cloned();
            let work_out = || {
                let keys = analyzer.reading_keys(text);
                keys.into_iter().map(|its| its.key.into()).collect()
            };
            let keys = built
                .by_text
                .entry(text.clone())
                .or_insert_with(|| known().unwrap_or_else(work_out));
            built
                .keys
                .extend(keys.iter().map(|key| (key.clone(), index)));
        }
        built.keys.sort_unstable();
        built
    }

    /// Indices of the entries with a key that begins so; some more than once.
    pub fn beginning(&self, prefix: &str) -> impl Iterator<Item = u32> {
        let start = self.keys.partition_point(|(key, _)| &**key < prefix);
        let keys = self.keys[start..].iter();
        keys.take_while(move |(key, _)| key.starts_with(prefix))
            .map(|(_, index)| *index)
    }
}
