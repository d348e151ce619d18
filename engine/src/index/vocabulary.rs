//! What can be suggested: sorted keys with what they stand for, found by prefix, in letters or by sound.

mod names;
mod readings;

use std::{collections::HashSet, sync::Arc};

use sampan_analyzers::{Analyzer, SoundIndex, memory::vec_bytes};

use crate::{
    behaviour::BehaviourSnapshot,
    config::Configuration,
    index::columns::{CATEGORY_SEPARATOR, Columns},
};
use names::NameSounds;
use readings::ReadingKeys;

/// Entries kept: about 100 bytes each.
const ENTRIES_MAX: usize = 500_000;
/// Factor on the score of what was found by sound: letters may mean themselves.
const BY_SOUND: f64 = 0.5;

/// Where an entry is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    Query,
    Brand,
    Category,
}

impl EntryKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Brand => "brand",
            Self::Category => "category",
        }
    }
}

/// Something that can be suggested.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    key: Box<str>,
    pub text: Box<str>,
    pub kind: EntryKind,
    /// Region whose shoppers asked for it; "" for the catalogue's own names.
    region: Box<str>,
    /// Category paths that end with this name.
    pub paths: Vec<Arc<str>>,
    /// 0 or more; comparable within an answer.
    pub score: f64,
}

impl Entry {
    /// Key of the text, blind to script and case.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// All entries, sorted by key.
#[derive(Default)]
pub struct Vocabulary {
    entries: Vec<Entry>,
    readings: ReadingKeys,
    names: NameSounds,
}

/// What was typed so far.
#[derive(Debug, Clone)]
pub struct Prefix {
    /// Blind to script and case.
    pub key: String,
    /// The same as sounds: what reading keys may begin with.
    pub sounds: Vec<String>,
}

/// An entry that a prefix may become.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Completion<'v> {
    pub entry: &'v Entry,
    /// That of the entry, less when it was found by its sound.
    pub score: f64,
}

impl Vocabulary {
    /// From the catalogue's names (weighed by their items) and from the queries that led to events. Readings that
    /// `previous` knows are not worked out again.
    pub fn build(
        columns: &Columns,
        behaviour: &BehaviourSnapshot,
        configuration: &Configuration,
        analyzer: &Analyzer,
        previous: &Self,
    ) -> Self {
        let names = &columns.names;
        let mut brands = vec![0u32; names.brands.len()];
        let mut categories = vec![0u32; names.categories.len()];
        for ordinal in columns.ordinals() {
            let hot = columns.hot(ordinal);
            brands[hot.brand as usize] += 1;
            categories[hot.category as usize] += 1;
        }
        let mut entries = Vec::new();
        let mut add = |text: &str, kind, region: &str, path: Option<&Arc<str>>, score| {
            let key = analyzer.fold_key(text);
            if !key.is_empty() && entries.len() < ENTRIES_MAX {
                entries.push(Entry {
                    key: key.into(),
                    text: text.into(),
                    kind,
                    region: region.into(),
                    paths: path.into_iter().cloned().collect(),
                    score,
                });
            }
        };
        for (_, region) in configuration.regions.iter() {
            for (query, times) in behaviour.queries(&region.code) {
                // A query that was asked outweighs a name that merely exists.
                add(
                    query,
                    EntryKind::Query,
                    &region.code,
                    None,
                    10.0 + f64::from(times).ln_1p(),
                );
            }
        }
        for (id, text) in names.categories.iter() {
            let leaf = text.rsplit(CATEGORY_SEPARATOR).next().unwrap_or(text);
            let items = f64::from(categories[id as usize]);
            // "A/B" and "A、B" name two things.
            for part in leaf
                .split(['/', '、', '／'])
                .map(str::trim)
                .filter(|_| items > 0.0)
            {
                let score = 1.0 + items.ln_1p();
                add(part, EntryKind::Category, "", Some(text), score);
            }
        }
        for (id, text) in names
            .brands
            .iter()
            .filter(|(id, _)| brands[*id as usize] > 0)
        {
            add(
                text,
                EntryKind::Brand,
                "",
                None,
                f64::from(brands[id as usize]).ln_1p(),
            );
        }
        entries.sort_by(|a, b| a.key.cmp(&b.key).then(b.score.total_cmp(&a.score)));
        entries.dedup_by(|later, first| {
            let same = later.key == first.key && later.region == first.region;
            if same {
                first.paths.append(&mut later.paths);
            }
            same
        });
        let readings = ReadingKeys::build(&entries, analyzer, &previous.readings);
        let names = NameSounds::build(&entries, analyzer, &previous.names);
        Self {
            entries,
            readings,
            names,
        }
    }

    /// The best entries that begin with the prefix, or whose reading does, for a region.
    pub fn complete(&self, prefix: &Prefix, region: &str, count: usize) -> Vec<Completion<'_>> {
        let key = prefix.key.as_str();
        let start = self.entries.partition_point(|entry| &*entry.key < key);
        let of_region = |entry: &&Entry| entry.region.is_empty() || *entry.region == *region;
        let spelled = self.entries[start..]
            .iter()
            .take_while(|entry| entry.key.starts_with(key))
            .filter(of_region)
            .map(|entry| Completion {
                entry,
                score: entry.score,
            });
        let heard: HashSet<u32> = prefix
            .sounds
            .iter()
            .flat_map(|sound| self.readings.beginning(sound))
            .collect();
        let heard = heard
            .into_iter()
            .map(|index| &self.entries[index as usize])
            .filter(|entry| of_region(entry) && !entry.key.starts_with(key))
            .map(|entry| Completion {
                entry,
                score: entry.score * BY_SOUND,
            });
        let mut found: Vec<Completion> = spelled.chain(heard).collect();
        found.sort_by(|a, b| {
            let by_key = || a.entry.key.cmp(&b.entry.key);
            b.score.total_cmp(&a.score).then_with(by_key)
        });
        found.truncate(count);
        found
    }

    /// Brands and categories by their sound.
    pub fn name_sounds(&self) -> &SoundIndex {
        self.names.index()
    }

    /// Bytes on the heap: entries, and how they are found by sound.
    pub fn heap_bytes(&self) -> u64 {
        let texts = self.entries.iter().map(|entry| {
            let texts = entry.key.len() + entry.text.len() + entry.region.len();
            texts as u64 + vec_bytes(&entry.paths)
        });
        vec_bytes(&self.entries)
            + texts.sum::<u64>()
            + self.readings.heap_bytes()
            + self.names.index().heap_bytes()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
