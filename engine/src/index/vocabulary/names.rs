//! The catalogue's names by their sound: what a query typed as jyutping, pinyin, zhuyin or on a wrong layout may mean
//! beside the words of the dictionaries.

use std::{collections::BTreeSet, sync::Arc};

use sampan_analyzers::{Analyzer, SoundIndex};

use super::{Entry, EntryKind};

/// Names that are heard, in the order of their text: about 200 bytes each.
const NAMES_MAX: usize = 100_000;
/// How usual a name is: it is really sold here, which the dictionaries' words need not be.
const NAME_WEIGHT: f32 = 1.0;

/// Brands and categories by their sound.
#[derive(Default)]
pub struct NameSounds {
    index: Arc<SoundIndex>,
    /// Hash of the names and of the analyser's version.
    names: Option<blake3::Hash>,
}

impl NameSounds {
    /// The index of `previous` if the names are the same: they change less often than items.
    pub fn build(entries: &[Entry], analyzer: &Analyzer, previous: &Self) -> Self {
        let names: BTreeSet<&str> = entries
            .iter()
            .filter(|entry| matches!(entry.kind, EntryKind::Brand | EntryKind::Category))
            .map(|entry| &*entry.text)
            .collect();
        let mut hasher = blake3::Hasher::new();
        hasher.update(analyzer.version().as_bytes());
        for name in &names {
            hasher.update(&(name.len() as u64).to_le_bytes());
            hasher.update(name.as_bytes());
        }
        let hash = Some(hasher.finalize());
        let index = if previous.names == hash {
            previous.index.clone()
        } else {
            let terms = names.into_iter().take(NAMES_MAX);
            Arc::new(analyzer.sound_index(terms.map(|name| (name, NAME_WEIGHT))))
        };
        Self { index, names: hash }
    }

    pub fn index(&self) -> &SoundIndex {
        &self.index
    }
}
